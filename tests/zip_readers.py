"""What the reader of zip archives reads is what others read: Python's own, and one that starts at the start.

``python -m tests.zip_readers`` compares them under any Python, without Keras and pytest: versions of Python differ.
"""

import io
import random
import struct
import sys
import zipfile
import zlib
from typing import BinaryIO, cast

from serialactivation.errors import ArchiveError
from serialactivation.files.formats.zip_format.archive import Member, list_entries, unpack_member
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.refusals import FilePart
from tests.helpers import zip_cases

PART = FilePart("archive.zip")
MUTANTS = 4000
HEADER = struct.Struct("<4s5H3L2H")


def read_ours(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive as we read them."""
    file = cast("BinaryIO", io.BytesIO(data))
    return {member.name: b"".join(unpack_member(file, member, PART)) for member in list_ours(data)}


def list_ours(data: bytes) -> list[Member]:
    """Return the members of an archive as we list them."""
    return list_entries(cast("BinaryIO", io.BytesIO(data)), DEFAULT_LIMITS, PART)


def read_pythons(data: bytes) -> dict[str, bytes]:
    """Return them as Python's own module does, as Keras calls it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return {name: archive.read(name) for name in names}


def read_forward(data: bytes) -> dict[str, bytes]:
    """Return them as a reader does that starts at the start, believes each header, and what stands behind a member."""
    members: dict[str, bytes] = {}
    position = 0
    while data.startswith(b"PK\3\4", position):
        _, _, flags, method, _, _, crc, stored, _, length, more = HEADER.unpack_from(data, position)
        start = position + HEADER.size
        name, extra = data[start : start + length], data[start + length : start + length + more]
        start += length + more
        stored = _read_long(extra)[1] if stored == 2**32 - 1 and _read_long(extra) else stored
        if flags & 8:
            inflater = zlib.decompressobj(-15)
            content = inflater.decompress(data[start:]) if method else data[start : start + stored]
            position = len(data) - len(inflater.unused_data) if method else start + stored
            position += 24 if _read_long(extra) else 16
        else:
            content = zlib.decompress(data[start : start + stored], -15) if method else data[start : start + stored]
            position = start + stored
            assert zlib.crc32(content) == crc
        named = name.decode("utf-8" if flags & 0x800 else "cp437")
        assert named not in members
        members[named] = content
    assert data.startswith((b"PK\1\2", b"PK\5\6"), position)
    return members


def _read_long(extra: bytes) -> tuple[int, int] | None:
    while extra:
        tag, length = struct.unpack_from("<HH", extra)
        if tag == 1 and length == 16:
            return struct.unpack_from("<QQ", extra, 4)
        extra = extra[4 + length :]
    return None


def compare(data: bytes) -> bool:
    """Return whether an archive is read; if it is, all readers read the same."""
    try:
        ours = read_ours(data)
    except ArchiveError:
        return False
    assert ours == read_pythons(data)
    assert ours == read_forward(data)
    return True


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return an archive with a few bytes of it changed, mostly in what is said of its members."""
    changed = bytearray(data)
    marks = [at for at in range(len(data)) if data.startswith(b"PK", at)]
    for _ in range(chance.randint(1, 3)):
        at = min(len(changed) - 1, chance.choice(marks) + chance.randint(2, 60))
        match chance.randint(0, 3):
            case 0:
                changed[at] = chance.choice([0, 1, 8, 46, 47, 255, chance.randint(0, 255)])
            case 1:
                changed[at : at + 4] = struct.pack("<L", chance.choice([0, 1, 2**32 - 1, len(data)]))
            case 2:
                changed[at:at] = chance.choice([zip_cases.NTFS, b"\0", zip_cases.path_field(b"a", b"assets/a")])
            case _:
                del changed[at : at + chance.randint(1, 4)]
    return bytes(changed)


def main() -> None:
    """Compare all, and print how many there are."""
    for name, data in zip_cases.BENIGN.items():
        assert compare(data), name
    for name, data in zip_cases.HOSTILE.items():
        assert not compare(data), name
    chance = random.Random(7)
    originals = [*zip_cases.BENIGN.values()]
    read = sum(compare(mutate(chance.choice(originals), chance)) for _ in range(MUTANTS))
    counts = f"{len(zip_cases.BENIGN)} read, {len(zip_cases.HOSTILE)} refused, {read} of {MUTANTS} mutants read"
    print(f"Python {sys.version.split()[0]}: {counts}")


if __name__ == "__main__":
    main()
