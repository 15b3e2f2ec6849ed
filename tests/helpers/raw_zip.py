"""Zip archives written byte by byte, so that they may say anything."""

import functools
import io
import pathlib
import struct
import zlib
from typing import Any

import attrs

CONFIG = b'{"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": []}}'


def deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


@attrs.frozen(kw_only=True)
class Entry:
    """A member: what it holds, what is said of it, and what stands behind it. What is None is said as it is."""

    name: bytes = b"config.json"
    data: bytes = CONFIG
    method: int = 0
    flags: int = 0
    attributes: int = 0
    payload: bytes | None = None
    size: int | None = None
    stored: int | None = None
    crc: int | None = None
    offset: int | None = None
    header_name: bytes | None = None
    header_method: int | None = None
    header_flags: int | None = None
    header_sizes: tuple[int, int, int] | None = None
    extra: bytes = b""
    header_extra: bytes | None = None
    comment: bytes = b""
    behind: bytes = b""

    @functools.cached_property
    def content(self) -> bytes:
        if self.payload is not None:
            return self.payload
        return deflate(self.data) if self.method == 8 else self.data

    @functools.cached_property
    def sizes(self) -> tuple[int, int, int]:
        """Checksum, size as stored, and size."""
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        stored = len(self.content) if self.stored is None else self.stored
        return crc, stored, len(self.data) if self.size is None else self.size

    def header(self) -> bytes:
        name = self.name if self.header_name is None else self.header_name
        method = self.method if self.header_method is None else self.header_method
        flags = self.flags if self.header_flags is None else self.header_flags
        extra = self.extra if self.header_extra is None else self.header_extra
        crc, stored, size = self.sizes if self.header_sizes is None else self.header_sizes
        said = (crc, min(stored, 2**32 - 1), min(size, 2**32 - 1), len(name), len(extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 33, *said) + name + extra

    def record(self, offset: int) -> bytes:
        crc, stored, size = self.sizes
        extra = self.extra + (b"" if size < 2**32 else struct.pack("<HHQ", 1, 8, size))
        fields = (20, 20, self.flags, self.method, 0, 33, crc, stored, min(size, 2**32 - 1))
        place = offset if self.offset is None else self.offset
        rest = (len(self.name), len(extra), len(self.comment), 0, 0, self.attributes, place)
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields, *rest) + self.name + extra + self.comment


def weights() -> Entry:
    """Return the weights of a model that has none: an HDF5 file without variables."""
    import h5py  # Python's readers of archives are compared where it is not installed

    written = io.BytesIO()
    with h5py.File(written, "w"):
        pass
    return Entry(name=b"model.weights.h5", data=written.getvalue())


def write_zip(path: pathlib.Path, *entries: Entry, **odd: Any) -> None:
    """Write an archive; see :func:`join_zip`."""
    path.write_bytes(join_zip(*entries, **odd))


def join_zip(
    *entries: Entry,
    prefix: bytes = b"",
    shift: int = 0,
    gap: bytes = b"",
    count: int | None = None,
    middle: bytes = b"",
    comment: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """Return the bytes of an archive.

    Args:
        entries: Its members.
        prefix: What stands before the first.
        shift: How far off the directory's place is said to be.
        gap: What stands between the members and the directory.
        count: How many members it is said to have.
        middle: What stands between the directory and its end.
        comment: The archive's comment.
        tail: What stands behind it.
    """
    body, records = prefix, b""
    for entry in entries:
        records += entry.record(len(body))
        body += entry.header() + entry.content + entry.behind
    body += gap
    count = min(len(entries), 2**16 - 1) if count is None else count
    said = (len(records), len(body) + shift, len(comment))
    return body + records + middle + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, *said) + comment + tail
