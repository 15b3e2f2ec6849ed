"""Zip archives as Keras writes them, whose directory is read by hand: what is not familiar is left to :mod:`zipfile`.

What is read here, :mod:`serialactivation.files.formats.zip_archive` reads to the same members; it reads more, and says
of what it refuses why.
"""

import re
import stat
import struct
import zlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

__all__ = ["PlainMember", "Read", "list_plain", "read_plain"]

_END: Final = struct.Struct("<4sHHHHIIH")
_END_MARK: Final = b"PK\x05\x06"
_END_64_MARK: Final = b"PK\x06\x07"
_END_64_SIZE: Final = 20
_RECORD: Final = struct.Struct("<4s2xHHH4xIIIHHHH2xII")
_LENGTH: Final = 7  # of its name, in a record
_RECORD_MARK: Final = b"PK\x01\x02"
_HEADER: Final = struct.Struct("<4s2xHH4xIIIHH")
_HEADER_MARK: Final = b"PK\x03\x04"
_NAME: Final = re.compile(rb"(?:\w[\w-]*(?:\.[\w-]+)*/)*\w[\w-]*(?:\.[\w-]+)*", re.ASCII)
_USUAL: Final = frozenset([b"metadata.json", b"config.json", b"model.weights.h5", b"model.weights.npz"])
_TAIL: Final = 1024
_LONGEST: Final = 4096  # of a directory
_STORED: Final = 0
_DEFLATED: Final = 8
_KINDS: Final = (0, stat.S_IFREG >> 12)  # what a file is, in the upper bits of its mode
_NEWEST: Final = 63  # version of the format that zipfile reads
_TOO_LARGE: Final = 0xFFFFFFFF  # stands for a number that is kept elsewhere


class PlainMember(NamedTuple):
    """A file in an archive.

    Attributes:
        start: Where its bytes begin in the archive.
        stored: How many bytes of the archive it takes.
        size: How long it is.
        deflated: Whether it is compressed.
        crc: The checksum of what it holds.
    """

    start: int
    stored: int
    size: int
    deflated: bool
    crc: int


Read: TypeAlias = Callable[[int, int], bytes]
"""What reads so many bytes of a file from a position on; fewer where it ends."""


def list_plain(read: Read, size: int) -> dict[bytes, PlainMember] | None:
    """Return the members of a zip archive by their names, or None where it is not as Keras writes one.

    Args:
        read: What reads the archive.
        size: How long it is.
    """
    tail = read(max(0, size - _TAIL), _TAIL)
    if len(tail) < _END.size:
        return None
    mark, disk, first, here, number, length, start, comment = _END.unpack_from(tail, len(tail) - _END.size)
    is_64 = tail[-_END.size - _END_64_SIZE :].startswith(_END_64_MARK)
    if mark != _END_MARK or disk or first or here != number or comment or is_64:
        return None
    if length > _LONGEST or start + length + _END.size != size:
        return None
    before = len(tail) - _END.size - length
    directory = tail[before : -_END.size] if before >= 0 else read(start, length)
    return _read_directory(read, directory, number, start)


def _read_directory(read: Read, directory: bytes, number: int, start: int) -> dict[bytes, PlainMember] | None:
    members: dict[bytes, PlainMember] = {}
    spellings: set[bytes] = set()
    position = end = 0
    for _ in range(number):
        if position + _RECORD.size > len(directory):
            return None
        record = _RECORD.unpack_from(directory, position)
        length = record[_LENGTH]
        position += _RECORD.size + length
        name = directory[position - length : position]
        member = _read_member(read, record, name, end)
        spelling = name.lower()
        if member is None or spelling in spellings:
            return None
        members[name] = member
        spellings.add(spelling)
        end = member.start + member.stored
    if position != len(directory) or end != start or _has_folder(spellings):
        return None
    return members or None


def _has_folder(names: set[bytes]) -> bool:
    """Tell whether one of the *names* is the folder of another."""
    parts = [name.split(b"/") for name in names if b"/" in name]
    return any(b"/".join(part[:number]) in names for part in parts for number in range(1, len(part)))


def _read_member(read: Read, record: tuple[Any, ...], name: bytes, end: int) -> PlainMember | None:
    """Return the member of a *record* of the directory, which starts at *end*, or None where it is not familiar."""
    mark, version, flags, method, crc, stored, size, _, extra, comment, disk, kind, offset = record
    if mark != _RECORD_MARK or version > _NEWEST or flags or extra or comment or disk or kind >> 28 not in _KINDS:
        return None
    if name not in _USUAL and (name.lower() in _USUAL or not _NAME.fullmatch(name)):
        return None
    if stored != size if method == _STORED else method != _DEFLATED:
        return None
    if stored == _TOO_LARGE or size == _TOO_LARGE or offset == _TOO_LARGE:
        return None
    if offset != end:
        return None
    header = read(offset, _HEADER.size + len(name))
    if header[_HEADER.size :] != name:  # or ends before it
        return None
    if _HEADER.unpack_from(header) != (_HEADER_MARK, 0, method, crc, stored, size, len(name), 0):
        return None
    return PlainMember(offset + _HEADER.size + len(name), stored, size, method == _DEFLATED, crc)


def read_plain(read: Read, member: PlainMember, limit: int) -> bytes | None:
    """Return what a *member* of no more than *limit* bytes holds, or None where that is not what it declares."""
    if member.stored > limit or member.size > limit:
        return None
    data = read(member.start, member.stored)
    inflated = _inflate(data, member.size) if member.deflated else data
    if inflated is None or len(inflated) != member.size or zlib.crc32(inflated) != member.crc:
        return None
    return inflated


def _inflate(data: bytes, size: int) -> bytes | None:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(data, size + 1)
    except zlib.error:
        return None
    return inflated if inflater.eof and not inflater.unused_data else None
