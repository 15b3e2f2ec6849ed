"""Zip archives read strictly: each byte belongs to one member, and each member is what every program takes it for.

:mod:`zipfile` reads the directory, as it does for Keras. Members are inflated here, never beyond what they declare.
"""

import os
import re
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from serialactivation import errors
from serialactivation.archive.limits import Limits
from serialactivation.archive.opening import Source, Window
from serialactivation.archive.refusals import Code, Place

if TYPE_CHECKING:
    import zipfile

__all__ = ["Member", "is_zip", "list_members", "read_member", "unpack_member"]

_HEADER: Final = struct.Struct("<4sHHHHHIIIHH")
_HEADER_MARK: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_STORED: Final = 0
_DEFLATED: Final = 8
_KINDS: Final = (0, stat.S_IFREG, stat.S_IFDIR)  # 0: written by a system that has no kinds
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_DIRECTORY_BYTES: Final = 256  # for each member that is allowed
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
"""What :mod:`zipfile` raises on a directory that is not one, beside its own error."""


class Member(NamedTuple):
    """A file in an archive.

    Attributes:
        name: Its name.
        start: Where its bytes begin in the archive.
        stored: How many bytes of the archive it takes.
        size: How long it is.
        deflated: Whether it is compressed.
        crc: The checksum of what it holds.
    """

    name: str
    start: int
    stored: int
    size: int
    deflated: bool
    crc: int


def is_zip(file: Source, limits: Limits, place: Place) -> bool:
    """Tell whether :mod:`zipfile` would find members in *file*: it looks for them from the end."""
    try:
        return bool(_read_directory(_directory_window(file, limits, place), place)[0])
    except errors.ArchiveError as error:
        return error.code == Code.LIMIT


def list_members(file: Source, limits: Limits, place: Place) -> dict[str, Member]:
    """Return the members of a zip archive by their names, folders aside.

    Args:
        file: The archive.
        limits: How many members it may have.
        place: What the archive is, for the error.

    Raises:
        ArchiveError: It is damaged, could be read in two ways, or has too many members.
    """
    window = _directory_window(file, limits, place)
    infos, directory = _read_directory(window, place)
    if len(infos) > limits.members:
        raise place.exceed("members", f"it has more than {limits.members:,} members")
    _check_names(infos, place)
    members, end = [], 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        _check_info(info, place)
        if info.header_offset < 0:
            raise place.within(info.filename).refuse(Code.DAMAGED_ZIP, "the member would start before the archive")
        if info.header_offset < end or (end == 0 and info.header_offset > 0):
            what = "overlaps another" if end else "is preceded by bytes that belong to none"
            raise place.within(info.filename).refuse(Code.HOSTILE_ZIP, f"the member {what}")
        start = _find_start(window, info, place.within(info.filename))
        end = start + info.compress_size
        if end > directory:
            raise place.within(info.filename).refuse(Code.HOSTILE_ZIP, "the member runs into the directory")
        members.append(_to_member(info, start))
    return {member.name: member for member in members if not member.name.endswith("/")}


def _directory_window(file: Source, limits: Limits, place: Place) -> Window:
    size, at_once = file.seek(0, os.SEEK_END), limits.members * _DIRECTORY_BYTES + _STEP
    return Window(file, 0, size, at_once, place, "members")


def _read_directory(window: Window, place: Place) -> "tuple[list[zipfile.ZipInfo], int]":
    """Return the records of the directory, and where it starts."""
    import zipfile  # takes its time, and an archive as Keras writes it is read without

    try:
        with zipfile.ZipFile(window) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, *_ZIP_ERRORS) as error:
        if window.refusal is not None:
            raise window.refusal from error
        raise place.refuse(Code.DAMAGED_ZIP, f"it is no whole zip archive ({error})") from error


def _to_member(info: "zipfile.ZipInfo", start: int) -> Member:
    deflated = info.compress_type == _DEFLATED
    return Member(info.filename, start, info.compress_size, info.file_size, deflated, info.CRC)


def _check_names(infos: "Iterable[zipfile.ZipInfo]", place: Place) -> None:
    """Refuse names that two members share, or that lead out of a folder."""
    names: set[str] = set()
    for info in infos:
        name = info.orig_filename  # zipfile cuts the other one off at a null character
        parts = name.removesuffix("/").split("/")
        if "\\" in name or "\0" in name or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(parts):
            raise place.refuse(Code.HOSTILE_ZIP, f"a member is called {name[:100]!r}")
        if name in names:
            raise place.refuse(Code.HOSTILE_ZIP, f"two members are called {name[:100]!r}")
        names.add(name)


def _check_info(info: "zipfile.ZipInfo", place: Place) -> None:
    """Refuse a member that is encrypted, compressed in an unusual way, a link, or longer than it takes."""
    place = place.within(info.filename)
    if info.flag_bits & _ENCRYPTED:
        raise place.refuse(Code.HOSTILE_ZIP, "the member is encrypted")
    if info.compress_type not in (_STORED, _DEFLATED):
        raise place.refuse(Code.HOSTILE_ZIP, f"the member is compressed by method {info.compress_type}")
    if stat.S_IFMT(info.external_attr >> 16) not in _KINDS:
        raise place.refuse(Code.HOSTILE_ZIP, "the member is a link, or another special file")
    if info.compress_type == _STORED and info.compress_size != info.file_size:
        raise place.refuse(Code.HOSTILE_ZIP, "the member is stored as it is, in another size")


def _find_start(window: Window, info: "zipfile.ZipInfo", place: Place) -> int:
    """Return where a member's bytes begin: behind its header, which must say what the directory says."""
    window.seek(info.header_offset)
    header = window.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_HEADER_MARK):
        raise place.refuse(Code.DAMAGED_ZIP, "the member has no header")
    fields = _HEADER.unpack(header)
    flags, method, name_size, extra_size = fields[2], fields[3], fields[9], fields[10]
    name = window.read(name_size).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    if (name, method, flags & _ENCRYPTED) != (info.orig_filename, info.compress_type, 0):
        raise place.refuse(Code.HOSTILE_ZIP, "the member's header and the directory say different things")
    return info.header_offset + _HEADER.size + int(name_size) + int(extra_size)


def read_member(file: Source, member: Member, limit: int, place: Place) -> bytes:
    """Return what a member holds.

    Args:
        file: The archive.
        member: The member.
        limit: How long it may be.
        place: What the member is, for the error.

    Raises:
        ArchiveError: It is damaged, longer than the limit, or not as long as it says.
    """
    if max(member.size, member.stored) > limit:
        raise place.exceed_text(limit)
    return b"".join(unpack_member(file, member, place))


def unpack_member(file: Source, member: Member, place: Place) -> Iterator[bytes]:
    """Return what a member holds in pieces, never more than it says.

    The arguments are those of :func:`read_member`, and the last piece is followed by its errors.
    """
    pieces = _read_pieces(file, member)
    size = crc = 0
    for piece in _inflate(pieces, place) if member.deflated else pieces:
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > member.size:
            raise place.refuse(Code.HOSTILE_ZIP, f"it is longer than the {member.size:,} bytes that it declares")
        yield piece
    if (size, crc) != (member.size, member.crc):
        raise place.refuse(Code.DAMAGED_ZIP, "its size or its checksum is wrong")


def _read_pieces(file: Source, member: Member) -> Iterator[bytes]:
    for start in range(0, member.stored, _STEP):
        file.seek(member.start + start)
        yield file.read(min(_STEP, member.stored - start))


def _inflate(pieces: Iterable[bytes], place: Place) -> Iterator[bytes]:
    """Return the inflated *pieces*, in steps of a bounded size."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while inflated := inflater.decompress(rest, _STEP):
                yield inflated
                rest = inflater.unconsumed_tail
    except zlib.error as error:
        raise place.refuse(Code.DAMAGED_ZIP, f"it cannot be inflated ({error})") from error
    if not inflater.eof or inflater.unused_data:
        raise place.refuse(Code.DAMAGED_ZIP, "what is compressed ends early, or late")
