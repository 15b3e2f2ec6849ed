"""The directory of a zip archive, read by hand: an archive that two readers may read differently is refused.

Some readers start from the end, others from the start; some use the directory, others the header before each member;
even versions of one reader differ. Therefore an archive must have the form on which all readers agree: the members,
each after a header that agrees with the directory, then the directory, then its end record, with no other bytes.

Source:
    APPNOTE.TXT of PKWARE, 4.3 and 4.4, and ``Lib/zipfile`` of Python 3.11 to 3.14.
"""

import os
import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.formats.zip_format.extra_fields import read_extra
from serialactivation.files.formats.zip_format.names import decode_name
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Window
from serialactivation.files.refusals import Code, FilePart

__all__ = ["BYTES_A_MEMBER", "DEFLATED", "Record", "find_extent", "read_directory"]

BYTES_A_MEMBER: Final = 256
"""How many bytes of the directory are allowed for each member."""

DEFLATED: Final = 8
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LOCATOR: Final = struct.Struct("<4sLQL")
_LOCATOR_MARK: Final = b"PK\x06\x07"
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_END_64_MARK: Final = b"PK\x06\x06"
_RECORD: Final = struct.Struct("<4s6H3L5H2L")
_RECORD_MARK: Final = b"PK\x01\x02"
_HEADER: Final = struct.Struct("<4s5H3L2H")
_HEADER_MARK: Final = b"PK\x03\x04"
_DESCRIPTOR_MARK: Final = b"PK\x07\x08"
_LONGEST_COMMENT: Final = 2**16 - 1
_NEWEST: Final = 63  # the newest version of the format that zipfile reads
_IN_16_BITS: Final = 2**16 - 1  # stands for a number that is stored elsewhere
_IN_32_BITS: Final = 2**32 - 1  # stands for a number that is stored elsewhere
_ENCRYPTED: Final = 0x1
_STREAMED: Final = 0x8  # sizes and checksum are stored after the member
_FLAGS: Final = 0x80E  # the known flags: UTF-8, the flag above, and the level of compression
_DIFFERENT: Final = "the member's header and the directory contradict each other"


class Record(NamedTuple):
    """The record of a member in the directory.

    Attributes:
        name: Its name.
        raw_name: The bytes of its name.
        flags: Its flags.
        method: How it is compressed.
        crc: The checksum of its contents.
        stored: How many bytes of the archive it takes.
        size: The size of its contents.
        attributes: Its attributes on the system that wrote it.
        offset: Where its header starts.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    attributes: int
    offset: int


def read_directory(window: Window, limits: Limits, part: FilePart) -> tuple[list[Record], int]:
    """Return the records of the directory in their order, and where it starts.

    Args:
        window: The archive.
        limits: How many members it may have.
        part: What the archive is, for the error.

    Raises:
        ArchiveError: It is damaged, could be read in two ways, or has too many members.
    """
    end = _find_end(window, part)
    number, length, start, position = _read_end(window, end, part)
    if start + length < position:
        raise part.refuse(Code.HOSTILE_ZIP, "the archive starts with bytes that belong to no member")
    if start + length > position:
        raise _damaged(part, "its directory is not at the part that its end gives")
    if number > limits.members:
        raise part.exceed("members", f"it has more than {limits.members:,} members")
    window.seek(start)
    return list(_read_records(window.read(length), number, part)), start


def _damaged(part: FilePart, what: str) -> "errors.ArchiveError":
    return part.refuse(Code.DAMAGED_ZIP, f"it is not a complete zip archive ({what})")


def _find_end(window: Window, part: FilePart) -> int:
    """Return where the end record of the directory starts, which is the last part of the archive."""
    size = window.seek(0, os.SEEK_END)
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    window.seek(start)
    found = window.read(size - start).rfind(_END_MARK)
    if found < 0:
        raise _damaged(part, "it has no directory")
    end = start + found
    if size - end < _END.size:
        raise _damaged(part, "it ends early")
    if size - end > _END.size:
        raise part.refuse(Code.HOSTILE_ZIP, "the archive ends with a comment, or with bytes that belong to no member")
    return end


def _read_end(window: Window, end: int, part: FilePart) -> tuple[int, int, int, int]:
    """Return the number of records, the length of the directory, where it starts, and where it must end."""
    window.seek(end)
    _, disk, first, here, number, length, start, comment = _END.unpack(window.read(_END.size))
    long = _read_long_end(window, end, part)
    if disk or first or here != number or comment:
        raise part.refuse(Code.HOSTILE_ZIP, "the archive is declared as one part of several, or has a comment")
    if long is None:
        return number, length, start, end
    for short, longer, most in zip((number, length, start), long, (_IN_16_BITS, _IN_32_BITS, _IN_32_BITS), strict=True):
        if short not in (longer, most):
            raise part.refuse(Code.HOSTILE_ZIP, "the two end records of the directory contradict each other")
    return (*long, end - _LOCATOR.size - _END_64.size)


def _read_long_end(window: Window, end: int, part: FilePart) -> tuple[int, int, int] | None:
    """Return number, length and start from the 64-bit end record of the directory, if there is one."""
    position = end - _LOCATOR.size - _END_64.size
    if position < 0:
        return None
    window.seek(position)
    text = window.read(_LOCATOR.size + _END_64.size)
    mark, disk, offset, disks = _LOCATOR.unpack_from(text, _END_64.size)
    if mark != _LOCATOR_MARK:
        return None
    said = _END_64.unpack_from(text)
    mark_64, size, _, _, *others = said
    own_disk, first, here, number, length, start = others
    is_one = (disk, disks, own_disk, first) == (0, 1, 0, 0) and here == number
    if (mark_64, size, offset) != (_END_64_MARK, _END_64.size - 12, position) or not is_one:
        raise part.refuse(
            Code.HOSTILE_ZIP, "the end record of the directory is not where readers look for it, or is longer"
        )
    return number, length, start


def _read_records(directory: bytes, number: int, part: FilePart) -> Iterator[Record]:
    position = 0
    for _ in range(number):
        if position + _RECORD.size > len(directory):
            raise part.refuse(Code.HOSTILE_ZIP, "the directory lists fewer members than it declares")
        fields = _RECORD.unpack_from(directory, position)
        start = position + _RECORD.size
        position = start + sum(fields[10:13])
        if position > len(directory):
            raise _damaged(part, "a record of its directory ends early")
        yield _read_record(fields, directory[start:position], part)
    if position != len(directory):
        raise part.refuse(Code.HOSTILE_ZIP, "the directory holds more than the members that it declares")


def _read_record(fields: tuple[Any, ...], rest: bytes, part: FilePart) -> Record:
    mark, _, version, flags, method, _, _, crc, *sizes, name_size, extra_size, comment, disk, _, kind, offset = fields
    if mark != _RECORD_MARK or version > _NEWEST:
        raise _damaged(part, "a record of its directory has an unknown form")
    raw_name = rest[:name_size]
    name = decode_name(raw_name, flags, part)
    part = part.within(name)
    if flags & _ENCRYPTED:
        raise part.refuse(Code.HOSTILE_ZIP, "the member is encrypted")
    if flags & ~_FLAGS or disk:
        raise part.refuse(Code.HOSTILE_ZIP, "the member has a flag that not every reader knows")
    if comment:
        raise part.refuse(Code.HOSTILE_ZIP, "the member has a comment")
    long = read_extra(rest[name_size : name_size + extra_size], raw_name, part)
    size, stored, offset = _lengthen((sizes[1], sizes[0], offset), long, part)
    return Record(name, raw_name, flags, method, crc, stored, size, kind, offset)


def _lengthen(said: tuple[int, ...], long: bytes, part: FilePart) -> tuple[int, ...]:
    """Return the numbers, with each placeholder replaced by its 64-bit number."""
    missing = said.count(_IN_32_BITS)
    if len(long) != 8 * missing:
        raise part.refuse(Code.HOSTILE_ZIP, "the member's 64-bit sizes do not match the sizes that need them")
    longer = iter(struct.unpack(f"<{missing}Q", long))
    return tuple(next(longer) if number == _IN_32_BITS else number for number in said)


def find_extent(window: Window, record: Record, part: FilePart) -> tuple[int, int]:
    """Return where a member's bytes begin, and where everything that belongs to the member ends.

    Args:
        window: The archive.
        record: The record of the member in the directory.
        part: The member, for the error.

    Raises:
        ArchiveError: It has no header, or one that contradicts the directory.
    """
    window.seek(record.offset)
    header = window.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_HEADER_MARK):
        raise part.refuse(Code.DAMAGED_ZIP, "the member has no header")
    _, _, flags, method, _, _, crc, stored, size, name_size, extra_size = _HEADER.unpack(header)
    name = window.read(name_size)
    if (name, method, flags) != (record.raw_name, record.method, record.flags):
        raise part.refuse(Code.HOSTILE_ZIP, _DIFFERENT)
    long = read_extra(window.read(extra_size), name, part)
    _check_sizes(record, crc, (size, stored), long, part)
    start = record.offset + _HEADER.size + int(name_size) + int(extra_size)
    return start, _find_end_of(window, record, start, bool(long), part)


def _check_sizes(record: Record, crc: int, sizes: tuple[int, ...], long: bytes, part: FilePart) -> None:
    """Refuse a header with another size or checksum; it may have none if they are stored after the member."""
    said = (record.size, record.stored)
    if not long and sizes == tuple(min(number, _IN_32_BITS) for number in said):
        sizes = said  # readers that start at the header cannot read such a member at all
    elif long != struct.pack("<QQ", *sizes):  # Python before 3.11.4 writes small sizes in both forms
        sizes = _lengthen(sizes, long, part)
    is_streamed = bool(record.flags & _STREAMED)
    for number, expected in zip((crc, *sizes), (record.crc, *said), strict=True):
        if number != expected and not (is_streamed and number == 0):
            raise part.refuse(Code.HOSTILE_ZIP, _DIFFERENT)
    if is_streamed and record.method != DEFLATED and sizes != said:
        raise part.refuse(Code.HOSTILE_ZIP, "the member is not compressed, and its size stands only after it")


def _find_end_of(window: Window, record: Record, start: int, is_long: bool, part: FilePart) -> int:
    """Return where a member ends, including the record after it, which must agree with the directory."""
    end = start + record.stored
    if not record.flags & _STREAMED:
        return end
    expected = struct.pack("<4sLQQ" if is_long else "<4sLLL", _DESCRIPTOR_MARK, record.crc, record.stored, record.size)
    window.seek(end)
    if window.read(len(expected)) != expected:
        raise part.refuse(Code.HOSTILE_ZIP, "the record after the member and the directory contradict each other")
    return end + len(expected)
