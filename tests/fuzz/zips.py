"""Zip archives changed: what is in their members, what is said of these, and their bytes."""

import io
import random
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any, Final

import attrs

from tests.fuzz.mutate import Pool, change_text
from tests.helpers.raw_zip import CONFIG, Entry, join_zip

__all__ = ["change_bytes", "change_zip"]

_NUMBERS: Final = (0, 1, 8, 30, 46, 127, 255, 2**15, 2**16 - 1, 2**31, 2**32 - 1)
_NAMES: Final = (
    *(
        b"config.json",
        b"metadata.json",
        b"model.weights.h5",
        b"model_00001.weights.h5",
        b"",
        b"/",
        b"a/",
        b"a/config.json",
    ),
    *(b"../a", b"a\\b", b"C:a", b"config.json\0", b"Config.json", b"\xff", b"a//b", b"\x1b[2J", b"CON", b"a" * 300),
)
_FIELDS: Final = ("size", "stored", "crc", "offset", "header_method", "header_flags", "method", "flags", "attributes")
_SHORT: Final = ("header_method", "header_flags", "method", "flags")  # of two bytes
_MEMBERS: Final = 12


def change_zip(data: bytes, pool: Pool, rng: random.Random) -> bytes:
    """Return a zip archive, changed: as one where it can be read, else its bytes."""
    entries = _read(data)
    if not entries or rng.random() < 0.3:
        return change_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        index = rng.randrange(len(entries))
        entries[index] = _change_entry(entries[index], pool, rng)
        if rng.random() < 0.1:
            entries.insert(rng.randrange(len(entries) + 1), rng.choice(entries))
        if rng.random() < 0.1 and len(entries) > 1:
            entries.pop(rng.randrange(len(entries)))
        if rng.random() < 0.1:
            rng.shuffle(entries)
    odd: dict[str, Any] = {}
    if rng.random() < 0.1:
        odd["prefix"] = rng.choice((b"x", b"PK\3\4", b"#!/bin/sh\n", b"\x89HDF\r\n\x1a\n"))
    if rng.random() < 0.1:
        odd["gap"] = rng.choice((b"x", b"PK\5\6" + bytes(18), b"PK\1\2" + bytes(42)))
    if rng.random() < 0.05:
        odd["shift"] = rng.choice((-1, 1, 1000))
    return join_zip(*entries, **odd)


def _read(data: bytes) -> list[Entry]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_entry(archive, info) for info in archive.infolist()[:_MEMBERS]]
    except Exception:  # whatever it says against damage
        return []


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    method = info.compress_type if info.compress_type in (0, 8) else 0
    return Entry(name=info.filename.encode("utf-8", "replace"), data=archive.read(info), method=method)


def _change_entry(entry: Entry, pool: Pool, rng: random.Random) -> Entry:
    match rng.randrange(7):
        case 0:
            field, number = rng.choice(_FIELDS), rng.choice(_NUMBERS)
            return attrs.evolve(entry, **{field: number % 2**16 if field in _SHORT else number})
        case 1:
            return attrs.evolve(entry, **{rng.choice(("name", "header_name")): rng.choice(_NAMES)})
        case 2:
            return attrs.evolve(entry, payload=change_bytes(entry.content, rng))
        case 3:
            return attrs.evolve(entry, data=change_bytes(entry.data, rng))
        case 4:
            return attrs.evolve(entry, method=rng.choice((0, 8, 8, 12, 14, 99)))
        case 5 if entry.name.endswith(b".h5"):
            return attrs.evolve(entry, data=rng.choice((b"", b"PK\5\6" + bytes(18), zlib.compress(entry.data), CONFIG)))
        case _:
            return attrs.evolve(entry, data=change_text(entry.data, pool, rng))


def change_bytes(data: bytes, rng: random.Random, marks: Sequence[bytes] = (b"PK\1\2", b"PK\3\4", b"PK\5\6")) -> bytes:
    """Return *data* with a few bytes changed, taken out, put in, or the end cut off."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(changed) + 1)
        size = rng.choice((1, 1, 2, 4, 8, 50))
        match rng.randrange(6):
            case 0 | 1:
                changed[at : at + size] = rng.randbytes(min(size, len(changed) - at))
            case 2:
                number = rng.choice((*_NUMBERS, 2**64 - 1))
                changed[at : at + 8] = number.to_bytes(8, "little")[: min(size, 8)]
            case 3:
                del changed[at : at + size]
            case 4:
                changed[at:at] = rng.choice((rng.randbytes(size), bytes(size), *marks))
            case _ if rng.random() < 0.2:
                del changed[at:]
    return bytes(changed)
