"""The members of a zip archive, listed and read, if every reader of zip archives finds exactly these members.

Members are decompressed here, never beyond the size that they declare.
"""

import os
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.files.formats.zip_format.directory import (
    BYTES_A_MEMBER,
    DEFLATED,
    Record,
    find_extent,
    read_directory,
)
from serialactivation.files.formats.zip_format.names import check_names
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, FilePart

__all__ = ["Member", "is_zip", "list_entries", "list_members", "read_member", "unpack_member"]

_STORED: Final = 0
_KINDS: Final = (0, stat.S_IFREG, stat.S_IFDIR)  # 0: written by a system without kinds of files
_STEP: Final = 2**18

_ZIP_ERRORS: Final = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What :mod:`zipfile` raises on an invalid directory, in addition to its own error."""


class Member(NamedTuple):
    """A file in an archive.

    Attributes:
        name: Its name.
        start: Where its bytes begin in the archive.
        stored: How many bytes of the archive it takes.
        size: How long it is.
        deflated: Whether it is compressed.
        crc: The checksum of its contents.
    """

    name: str
    start: int
    stored: int
    size: int
    deflated: bool
    crc: int


def is_zip(file: Source, limits: Limits, part: FilePart) -> bool:
    """Return whether :mod:`zipfile`, which Keras uses, would find members in *file*: it searches from the end."""
    import zipfile  # slow to import, and most files are recognized by their start

    window = _directory_window(file, limits, part)
    try:
        with zipfile.ZipFile(window) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, *_ZIP_ERRORS):
        return isinstance(window.refusal, errors.ArchiveError)


def list_members(file: Source, limits: Limits, part: FilePart) -> dict[str, Member]:
    """Return the members of a zip archive by their names, without folders.

    Args:
        file: The archive.
        limits: How many members it may have.
        part: What the archive is, for the error.

    Raises:
        ArchiveError: It is damaged, could be read in two ways, or has too many members.
    """
    return {member.name: member for member in list_entries(file, limits, part) if not member.name.endswith("/")}


def list_entries(file: Source, limits: Limits, part: FilePart) -> list[Member]:
    """Return the members of a zip archive in their order, including folders.

    The arguments and the errors are those of :func:`list_members`.
    """
    window = _directory_window(file, limits, part)
    records, directory = read_directory(window, limits, part)
    check_names((record.name for record in records), part)
    members, end = [], 0
    for record in sorted(records, key=lambda record: record.offset):
        member = part.within(record.name)
        _check_kind(record, member)
        if record.offset < end:
            raise member.refuse(Code.HOSTILE_ZIP, "the member overlaps another")
        start, after = find_extent(window, record, member)
        if record.offset > end:
            raise member.refuse(Code.HOSTILE_ZIP, "there are bytes before the member that belong to no member")
        end = after
        if end > directory:
            raise member.refuse(Code.HOSTILE_ZIP, "the member overlaps the directory")
        is_deflated = record.method == DEFLATED
        members.append(Member(record.name, start, record.stored, record.size, is_deflated, record.crc))
    if end < directory:
        raise part.refuse(Code.HOSTILE_ZIP, "there are bytes before the directory that belong to no member")
    return members


def _directory_window(file: Source, limits: Limits, part: FilePart) -> Window:
    size, at_once = file.seek(0, os.SEEK_END), limits.members * BYTES_A_MEMBER + _STEP
    return Window(file, 0, size, at_once, part, "members")


def _check_kind(record: Record, part: FilePart) -> None:
    """Refuse a member that is compressed in an unusual way, is a link, or has two sizes."""
    if record.method not in (_STORED, DEFLATED):
        raise part.refuse(Code.HOSTILE_ZIP, f"the member is compressed with method {record.method}")
    if stat.S_IFMT(record.attributes >> 16) not in _KINDS:
        raise part.refuse(Code.HOSTILE_ZIP, "the member is a link or another special file")
    if record.method == _STORED and record.stored != record.size:
        raise part.refuse(Code.HOSTILE_ZIP, "the member is not compressed, but has two different sizes")
    if record.name.endswith("/") and record.size:
        raise part.refuse(Code.HOSTILE_ZIP, "the member is a folder, but has contents")


def read_member(file: Source, member: Member, limit: int, part: FilePart) -> bytes:
    """Return the contents of a member.

    Args:
        file: The archive.
        member: The member.
        limit: The greatest length that is allowed.
        part: The member, for the error.

    Raises:
        ArchiveError: It is damaged, is longer than the limit, or does not have its declared size.
    """
    if max(member.size, member.stored) > limit:
        raise part.exceed_text(limit)
    return b"".join(unpack_member(file, member, part))


def unpack_member(file: Source, member: Member, part: FilePart) -> Iterator[bytes]:
    """Yield the contents of a member in pieces, never more than its declared size.

    The arguments are those of :func:`read_member`; its errors are raised after the last piece.
    """
    pieces = _read_pieces(file, member)
    size = crc = 0
    for piece in _inflate(pieces, part) if member.deflated else pieces:
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > member.size:
            raise part.refuse(Code.HOSTILE_ZIP, f"it is longer than the {member.size:,} bytes that it declares")
        yield piece
    if (size, crc) != (member.size, member.crc):
        raise part.refuse(Code.DAMAGED_ZIP, "its size or its checksum is wrong")


def _read_pieces(file: Source, member: Member) -> Iterator[bytes]:
    for start in range(0, member.stored, _STEP):
        file.seek(member.start + start)
        yield file.read(min(_STEP, member.stored - start))


def _inflate(pieces: Iterable[bytes], part: FilePart) -> Iterator[bytes]:
    """Yield the decompressed *pieces*, in steps of a limited size."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while inflated := inflater.decompress(rest, _STEP):
                yield inflated
                rest = inflater.unconsumed_tail
    except zlib.error as error:
        raise part.refuse(Code.DAMAGED_ZIP, f"it cannot be decompressed ({error})") from error
    if not inflater.eof or inflater.unused_data:
        raise part.refuse(Code.DAMAGED_ZIP, "its compressed data end too early or too late")
