"""Hostile zip archives."""

import functools
import io
import pathlib
import stat
import struct
import zipfile

import attrs
import h5py

from tests.helpers import zip_cases
from tests.helpers.raw_zip import CONFIG, Entry, deflate, write_zip


def raw(*entries: Entry, **options: object) -> functools.partial:
    """Return what writes an archive of *entries*."""
    return functools.partial(_write_raw, entries=entries, options=options)


def _write_raw(path: pathlib.Path, entries: tuple[Entry, ...], options: dict[str, object]) -> None:
    write_zip(path, *entries, **options)


def beside(**said: object) -> functools.partial:
    """Return what writes an archive of a config, and of another member of which this is said."""
    return raw(Entry(), Entry(**{"name": b"assets/a", "data": b"1234", **said}))


def _write_case(path: pathlib.Path, name: str) -> None:
    path.write_bytes(zip_cases.HOSTILE[name])


def write_truncated(path: pathlib.Path) -> None:
    write_zip(path, Entry(), Entry(name=b"model.weights.h5", data=b"1234"))
    path.write_bytes(path.read_bytes()[:-30])


def write_half(path: pathlib.Path) -> None:
    write_zip(path, Entry(data=CONFIG + b" " * 1000))
    path.write_bytes(path.read_bytes()[:500])


def write_many(path: pathlib.Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", CONFIG)
        for index in range(10_001):
            archive.writestr(f"assets/{index}", b"")


def write_long_directory(path: pathlib.Path) -> None:
    """A directory of 80 MB, most of it a hole in the file."""
    write_zip(path, Entry())
    size = 80 * 2**20
    with path.open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size - 100, 100, 0))


def write_quine(path: pathlib.Path) -> None:
    """A member that is stored within another."""
    inner = Entry(name=b"assets/inner", data=b"inner")
    outer = Entry(data=inner.header() + inner.content)
    write_zip(path, outer, attrs.evolve(inner, offset=len(outer.header())))


def write_hdf5_then_zip(path: pathlib.Path) -> None:
    with h5py.File(path, "w") as file:
        file["weight"] = [1.0]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("config.json", CONFIG)
    path.write_bytes(path.read_bytes() + written.getvalue())


def write_zip_then_hdf5(path: pathlib.Path) -> None:
    with h5py.File(path, "w", userblock_size=512) as file:
        file["weight"] = [1.0]
    whole = path.read_bytes()
    entry = Entry()
    head = (entry.header() + entry.content).ljust(512, b"\0")
    record = entry.record(0)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(record), len(whole), 0)
    path.write_bytes(head + whole[512:] + record + end)


def write_wrong_deflate(path: pathlib.Path) -> None:
    payload = bytearray(deflate(CONFIG * 10))
    payload[4:12] = b"\xff" * 8
    write_zip(path, Entry(method=8, data=CONFIG * 10, payload=bytes(payload)))


LINK = (stat.S_IFLNK | 0o777) << 16
PIPE = (stat.S_IFIFO | 0o600) << 16
BIG = b" " * (32 * 2**20) + CONFIG
WEIGHTS = b"model.weights.h5"

HOSTILE = {
    "two_configs.keras": (raw(Entry(), Entry(data=b"{}")), "SA003"),
    "two_assets.keras": (raw(Entry(), Entry(name=b"a"), Entry(name=b"a")), "SA003"),
    "absolute.keras": (beside(name=b"/etc/cron.d/a"), "SA003"),
    "parent.keras": (beside(name=b"assets/../../a"), "SA003"),
    "parent_folder.keras": (beside(name=b"../"), "SA003"),
    "backslash.keras": (beside(name=b"..\\a"), "SA003"),
    "drive.keras": (beside(name=b"C:a"), "SA003"),
    "null_in_name.keras": (raw(Entry(name=b"config.json\0.txt")), "SA003"),
    "dot.keras": (raw(Entry(), Entry(name=b"./config.json", data=b"{}")), "SA003"),
    "double_slash.keras": (beside(name=b"assets//a"), "SA003"),
    "link.keras": (beside(attributes=LINK, data=b"/etc/passwd"), "SA003"),
    "config_link.keras": (raw(Entry(attributes=LINK, data=b"/etc/passwd")), "SA003"),
    "pipe.keras": (beside(attributes=PIPE), "SA003"),
    "encrypted.keras": (beside(flags=1), "SA003"),
    "encrypted_in_header.keras": (beside(header_flags=1), "SA003"),
    "bzip2.keras": (raw(Entry(method=12)), "SA003"),
    "lzma.keras": (beside(method=14), "SA003"),
    "unknown_method.keras": (raw(Entry(method=99)), "SA003"),
    "prefix.keras": (raw(Entry(), prefix=b"#!/bin/sh\nexit\n"), "SA003"),
    "zip_prefix.keras": (raw(Entry(), prefix=Entry(data=b"{}").header() + b"{}"), "SA003"),
    "unsaid_prefix.keras": (raw(Entry(), prefix=b"MZ" * 99, shift=-198), "SA003"),
    "same_place.keras": (raw(Entry(), Entry(name=b"a", offset=0)), "SA003"),
    "quine.keras": (write_quine, "SA003"),
    "another_name.keras": (raw(Entry(header_name=b"confiG.json")), "SA003"),
    "another_method.keras": (raw(Entry(header_method=8)), "SA003"),
    "long_config.keras": (raw(Entry(method=8, data=BIG)), "SA005"),
    "long_metadata.keras": (raw(Entry(), Entry(name=b"metadata.json", method=8, data=b" " * 2**21)), "SA005"),
    "longer_than_said.keras": (raw(Entry(method=8, data=BIG, size=len(CONFIG))), "SA003"),
    "shorter_than_said.keras": (raw(Entry(method=8, size=1000)), "SA002"),
    "said_in_64_bits.keras": (raw(Entry(method=8, size=2**62)), "SA005"),
    "stored_longer.keras": (raw(Entry(size=1000)), "SA003"),
    "runs_into_directory.keras": (raw(Entry(stored=70, size=70)), "SA003"),
    "runs_out_of_file.keras": (raw(Entry(method=8, stored=2**32 - 2)), "SA003"),
    "wrong_checksum.keras": (raw(Entry(crc=1)), "SA002"),
    "wrong_checksum_deflated.keras": (raw(Entry(method=8, crc=1)), "SA002"),
    "wrong_deflate.keras": (write_wrong_deflate, "SA002"),
    "deflate_ends_early.keras": (raw(Entry(method=8, payload=deflate(CONFIG)[:-9])), "SA002"),
    "deflate_ends_late.keras": (raw(Entry(method=8, payload=deflate(CONFIG) + b"more")), "SA002"),
    "truncated.keras": (write_truncated, "SA002"),
    "half.keras": (write_half, "SA002"),
    "directory_elsewhere.keras": (raw(Entry(), shift=10**6), "SA002"),
    "no_header.keras": (raw(Entry(), Entry(name=b"a", offset=50)), "SA003"),
    "header_is_no_header.keras": (raw(Entry(), Entry(name=b"a", offset=96 + 36), gap=b"x" * 99), "SA002"),
    "name_is_no_utf8.keras": (beside(name=b"\xff\xfe", flags=0x800), "SA002"),
    "many_members.keras": (write_many, "SA005"),
    "long_directory.keras": (write_long_directory, "SA005"),
    "no_config.keras": (raw(Entry(name=b"metadata.json", data=b"{}")), "SA008"),
    "config_in_folder.keras": (raw(Entry(name=b"model/config.json")), "SA008"),
    "no_member.keras": (raw(), "SA008"),
    "arrays.npz": (raw(Entry(name=b"arr_0.npy")), "SA008"),
    "hdf5_then_zip.keras": (write_hdf5_then_zip, "SA003"),
    "zip_then_hdf5.h5": (write_zip_then_hdf5, "SA003"),
    "weights_are_text.keras": (raw(Entry(), Entry(name=WEIGHTS, data=b"no weights")), "SA006"),
    "weights_deflated_text.keras": (raw(Entry(), Entry(name=WEIGHTS, method=8, data=b"no weights")), "SA006"),
    "weights_bomb.keras": (raw(Entry(), Entry(name=WEIGHTS, method=8, size=2**40, data=b"x")), "SA005"),
    "weights_longer.keras": (raw(Entry(), Entry(name=WEIGHTS, method=8, size=9, data=b"x" * 10**6)), "SA003"),
    "weights_checksum.keras": (raw(Entry(), Entry(name=WEIGHTS, crc=1)), "SA002"),
    "weights_checksum_deflated.keras": (raw(Entry(), Entry(name=WEIGHTS, method=8, crc=1)), "SA002"),
    **{f"readers_{name}.keras": (functools.partial(_write_case, name=name), "SA003") for name in zip_cases.HOSTILE},
}
