"""Zip archives that two readers read differently, and such as ordinary programs write. Needs no Keras, no pytest."""

import io
import struct
import zipfile
import zlib

from tests.helpers.raw_zip import CONFIG, Entry, deflate, join_zip

OTHER = b'{"class_name": "Sequential", "config": {"layers": [1]}}'  # as long, and something else
UTF8, STREAMED = 0x800, 8


def field(tag: int, value: bytes) -> bytes:
    """Return an extra field."""
    return struct.pack("<HH", tag, len(value)) + value


def path_field(name: bytes, of: bytes, version: int = 1) -> bytes:
    """Return Info-ZIP's field that gives a member *of* a name another *name*."""
    return field(0x7075, struct.pack("<BL", version, zlib.crc32(of)) + name)


def long_end(count: int, length: int, start: int, *, position: int | None = None, more: bytes = b"") -> bytes:
    """Return the end of a directory in 64 bits, and what leads to it."""
    where = start + length if position is None else position
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44 + len(more), 45, 45, 0, 0, count, count, length, start) + more
    return end + struct.pack("<4sLQL", b"PK\6\7", 0, where, 1)


def with_long_end(**odd: object) -> bytes:
    entry = Entry()
    start, length = len(entry.header() + entry.content), len(entry.record(0))
    said = {"count": 1, "length": length, "start": start, **odd}
    return join_zip(entry, middle=long_end(**said))


def beside(**said: object) -> bytes:
    """Return an archive of a config, and of another member of which this is said."""
    return join_zip(Entry(), Entry(**{"name": b"assets/a", "data": b"1234", **said}))


def behind(
    data: bytes, *, mark: bytes = b"PK\7\x08", crc: int | None = None, form: str = "<LLL", stored: int | None = None
) -> bytes:
    """Return what stands behind a member whose header does not say how long it is."""
    size = len(deflate(data)) if stored is None else stored
    return mark + struct.pack(form, zlib.crc32(data) if crc is None else crc, size, len(data))


def streamed(**said: object) -> bytes:
    whole = {"method": 8, "flags": STREAMED, "header_sizes": (0, 0, 0), "behind": behind(CONFIG), **said}
    return join_zip(Entry(**whole))


def nested() -> bytes:
    """An archive whose comment is the end of another one, of other members."""
    hidden = join_zip(Entry(data=OTHER))
    return join_zip(Entry(), comment=hidden[-22:])


SECOND = Entry(data=OTHER)
LONG = field(1, struct.pack("<QQ", len(CONFIG), len(CONFIG)))

HOSTILE: dict[str, bytes] = {
    "second_name": join_zip(Entry(name=b"notes.txt", extra=path_field(b"config.json", b"notes.txt"))),
    "second_name_of_config": join_zip(SECOND, Entry(name=b"x", extra=path_field(b"config.json", b"x"))),
    "second_name_in_header": beside(header_extra=path_field(b"config.json", b"assets/a")),
    "second_name_of_another_version": beside(extra=path_field(b"assets/a", b"assets/a", version=2)),
    "second_name_that_is_empty": beside(extra=path_field(b"", b"assets/a")),
    "second_name_with_wrong_checksum": beside(extra=path_field(b"assets/a", b"assets/b")),
    "second_name_twice": beside(extra=2 * path_field(b"assets/a", b"assets/a")),
    "unicode_comment": beside(extra=field(0x6375, b"\1\0\0\0\0config.json")),
    "unknown_field": beside(extra=field(0x9901, b"\2\0AE\3\0\0")),
    "link_in_field": beside(extra=field(0x000D, bytes(12) + b"/etc/passwd")),
    "link_of_asi": beside(extra=field(0x756E, bytes(14) + b"/etc/passwd")),
    "field_ends_early": beside(extra=b"\x55\x54\x09\x00\x03"),
    "field_is_half": beside(extra=b"\x55\x54"),
    "sizes_that_are_not_missing": beside(extra=field(1, struct.pack("<QQ", 1, 1))),
    "sizes_twice": beside(size=2**32 - 1, stored=2**32 - 1, extra=2 * field(1, struct.pack("<QQ", 4, 4))),
    "sizes_that_are_missing": join_zip(Entry(size=2**32 - 1, stored=2**32 - 1)),
    "small_sizes_that_differ": join_zip(Entry(header_extra=LONG[:-1] + b"\1")),
    "sizes_that_differ": join_zip(Entry(header_sizes=(0, 2**32 - 1, 2**32 - 1), header_extra=LONG[:-1] + b"\1")),
    "offset_in_64_bits": beside(offset=2**32 - 1, extra=field(1, struct.pack("<QQ", 0, 0))),
    "header_of_another_size": join_zip(Entry(data=CONFIG + OTHER, header_sizes=(zlib.crc32(CONFIG), 54, 54))),
    "header_of_another_checksum": join_zip(Entry(header_sizes=(1, len(CONFIG), len(CONFIG)))),
    "header_without_sizes": join_zip(Entry(header_sizes=(0, 0, 0))),
    "header_streamed": join_zip(Entry(header_flags=STREAMED)),
    "header_in_utf8": join_zip(Entry(header_flags=UTF8)),
    "streamed_as_it_is": join_zip(
        Entry(flags=STREAMED, header_sizes=(0, 0, 0), behind=behind(CONFIG, stored=len(CONFIG)))
    ),
    "streamed_and_nothing_behind": streamed(behind=b""),
    "streamed_to_another_size": streamed(behind=behind(OTHER + b" ")),
    "streamed_to_another_checksum": streamed(behind=behind(CONFIG, crc=1)),
    "streamed_without_a_mark": streamed(behind=behind(CONFIG, mark=b"")),
    "streamed_in_64_bits": streamed(behind=behind(CONFIG, form="<LQQ")),
    "streamed_and_said": streamed(header_sizes=(0, 7, 7)),
    "comment": join_zip(Entry(), comment=b"a model"),
    "comment_with_an_end": nested(),
    "comment_of_a_member": beside(comment=b"a model"),
    "tail": join_zip(Entry(), tail=b"more"),
    "tail_of_zeros": join_zip(Entry(), tail=bytes(100)),
    "gap": join_zip(Entry(), gap=b"hidden"),
    "gap_with_a_member": join_zip(Entry(), gap=SECOND.header() + SECOND.content),
    "gap_between": join_zip(Entry(behind=SECOND.header() + SECOND.content), Entry(name=b"a")),
    "signed_directory": join_zip(Entry(), middle=b"PK\5\5\2\0ab"),
    "fewer_than_said": join_zip(Entry(), count=2),
    "more_than_said": join_zip(Entry(), Entry(name=b"a"), count=1),
    "none_is_said": join_zip(Entry(), count=0),
    "long_end_elsewhere": with_long_end(position=7),
    "long_end_with_more": with_long_end(more=b"1234"),
    "long_end_of_another_number": with_long_end(count=2),
    "long_end_of_another_place": with_long_end(start=0),
    "case": join_zip(Entry(), Entry(name=b"CONFIG.json", data=OTHER)),
    "case_of_folder": join_zip(Entry(), Entry(name=b"assets/a"), Entry(name=b"Assets/a")),
    "case_alone": join_zip(Entry(name=b"Config.json"), Entry(name=b"metadata.json")),
    "case_of_weights": join_zip(Entry(), Entry(name=b"Model.weights.npz")),
    "dot_behind": join_zip(Entry(), Entry(name=b"config.json.", data=OTHER)),
    "space_behind": join_zip(Entry(), Entry(name=b"config.json ", data=OTHER)),
    "stream_of_windows": join_zip(Entry(), Entry(name=b"config.json::$DATA", data=OTHER)),
    "wide_letters": join_zip(Entry(), Entry(name="\uff43onfig.json".encode(), flags=UTF8, data=OTHER)),
    "long_s": join_zip(Entry(), Entry(name="config.j\u017fon".encode(), flags=UTF8, data=OTHER)),
    "composed": join_zip(
        Entry(), Entry(name="assets/é".encode(), flags=UTF8), Entry(name="assets/e\u0301".encode(), flags=UTF8)
    ),
    "code_page": beside(name=b"assets/\x82"),
    "utf8_without_the_flag": beside(name="assets/é".encode()),
    "code_page_and_utf8": join_zip(
        Entry(), Entry(name=b"assets/\x82"), Entry(name="assets/é".encode(), flags=UTF8, data=OTHER)
    ),
    "null_behind": beside(name=b"config.json\0"),
    "folder_of_a_file": join_zip(Entry(), Entry(name=b"assets"), Entry(name=b"assets/a")),
    "folder_with_something": join_zip(Entry(), Entry(name=b"assets/")),
    "config_is_a_folder_too": join_zip(Entry(), Entry(name=b"config.json/", data=b"")),
    "patched": beside(flags=0x20),
    "masked": beside(flags=0x2000),
}
"""Those that are refused."""


class _Unseekable(io.RawIOBase):
    """A file that cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += bytes(data)
        return len(data)


def zipped(method: int = zipfile.ZIP_STORED, *, streams: bool = False, is_long: bool = False) -> bytes:
    """Return what Python's own module writes."""
    target = _Unseekable() if streams else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("assets/", b"")
        for name, data in {"metadata.json": b"{}", "config.json": CONFIG, "assets/größe/a": b"a" * 99}.items():
            with archive.open(name, "w", force_zip64=is_long) as member:
                member.write(data)
    return target.written if streams else target.getvalue()


TIMES = field(0x5455, b"\3" + bytes(8)) + field(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0")  # as Info-ZIP writes
SHORT_TIMES = field(0x5455, b"\3" + bytes(4)) + field(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0")
NTFS = field(0x000A, bytes(4) + struct.pack("<HH", 1, 24) + bytes(24))

BENIGN: dict[str, bytes] = {
    "stored": zipped(),
    "deflated": zipped(zipfile.ZIP_DEFLATED),
    "long": zipped(is_long=True),
    "long_and_deflated": zipped(zipfile.ZIP_DEFLATED, is_long=True),
    "streamed": streamed(),
    "streamed_and_long": streamed(
        header_sizes=(0, 2**32 - 1, 2**32 - 1),
        header_extra=field(1, bytes(16)),
        behind=behind(CONFIG, form="<LQQ"),
    ),
    "long_by_an_older_python": join_zip(Entry(header_extra=LONG)),
    "streamed_and_long_by_an_older_python": streamed(
        header_extra=field(1, bytes(16)), behind=behind(CONFIG, form="<LQQ")
    ),
    "with_a_long_end": with_long_end(),
    "info_zip": join_zip(Entry(method=8, flags=2, extra=SHORT_TIMES, header_extra=TIMES, attributes=0o100644 << 16)),
    "windows": beside(extra=NTFS, header_extra=b""),
    "info_zip_to_a_pipe": streamed(header_sizes=(0, 0, len(CONFIG)), extra=SHORT_TIMES, header_extra=TIMES),
    "info_zip_to_a_pipe_as_it_is": join_zip(
        Entry(flags=STREAMED, header_sizes=(0, len(CONFIG), len(CONFIG)), behind=behind(CONFIG, stored=len(CONFIG)))
    ),
    "archive_utility": streamed(extra=field(0x5855, bytes(8)), header_extra=field(0x5855, bytes(12))),
    "java": streamed(extra=field(0xCAFE, b"")),
    "name_said_again": beside(extra=path_field(b"assets/a", b"assets/a")),
    "two_cases": join_zip(Entry(), Entry(name=b"assets/words/a"), Entry(name=b"assets/Words/a")),
    "marks_within": join_zip(Entry(name=b"assets/a.zip", data=zipped()), Entry()),
}
"""Those that are read; a streamed one is written by :mod:`zipfile`, too, in a test."""
