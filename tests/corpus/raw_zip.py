"""Zip archives written byte by byte, so that they may say anything."""

import pathlib
import struct
import zlib
from typing import Any

import attrs

CONFIG = b'{"class_name": "Sequential", "config": {"layers": []}}'


def deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


@attrs.frozen(kw_only=True)
class Entry:
    """A member: what it holds, and what is said of it. What is None is said as it is."""

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

    @property
    def content(self) -> bytes:
        if self.payload is not None:
            return self.payload
        return deflate(self.data) if self.method == 8 else self.data

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Checksum, size as stored, and size."""
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        stored = len(self.content) if self.stored is None else self.stored
        return crc, stored, len(self.data) if self.size is None else self.size

    def header(self) -> bytes:
        name = self.name if self.header_name is None else self.header_name
        method = self.method if self.header_method is None else self.header_method
        flags = self.flags if self.header_flags is None else self.header_flags
        crc, stored, size = self.sizes
        said = (crc, min(stored, 2**32 - 1), min(size, 2**32 - 1))
        return struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 33, *said, len(name), 0) + name

    def record(self, offset: int) -> bytes:
        crc, stored, size = self.sizes
        extra = b"" if size < 2**32 else struct.pack("<HHQ", 1, 8, size)
        fields = (20, 20, self.flags, self.method, 0, 33, crc, stored, min(size, 2**32 - 1))
        rest = (len(self.name), len(extra), 0, 0, 0, self.attributes, offset if self.offset is None else self.offset)
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields, *rest) + self.name + extra


def write_zip(path: pathlib.Path, *entries: Entry, **odd: Any) -> None:
    """Write an archive; see :func:`join_zip`."""
    path.write_bytes(join_zip(*entries, **odd))


def join_zip(*entries: Entry, prefix: bytes = b"", shift: int = 0, gap: bytes = b"") -> bytes:
    """Return the bytes of an archive.

    Args:
        entries: Its members.
        prefix: What stands before the first.
        shift: How far off the directory's place is said to be.
        gap: What stands between the members and the directory.
    """
    body, records = prefix, b""
    for entry in entries:
        records += entry.record(len(body))
        body += entry.header() + entry.content
    body += gap
    count = min(len(entries), 2**16 - 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(records), len(body) + shift, 0)
    return body + records + end
