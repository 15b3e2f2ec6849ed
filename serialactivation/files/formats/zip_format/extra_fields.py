"""The extra fields of a member of a zip archive: 64-bit sizes are read, times are skipped, others are refused.

Source:
    APPNOTE.TXT of PKWARE, 4.5 and 4.6, and ``extrafld.txt`` of Info-ZIP.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from serialactivation.files.refusals import Code, FilePart

__all__ = ["read_extra"]

_FIELD: Final = struct.Struct("<HH")
_SIZES: Final = 0x0001
_UNICODE_PATH: Final = 0x7075
_PATH_VERSION: Final = 1
_PASSED_OVER: Final = frozenset(
    [
        0x000A,  # times of NTFS
        0x5455,  # times
        0x5855,  # times and owner, of old
        0x7855,  # owner
        0x7875,  # owner
        0xCAFE,  # which marks a Java archive
    ]
)


def read_extra(extra: bytes, name: bytes, part: FilePart) -> bytes:
    """Return the 64-bit sizes in the extra fields of a member, or nothing.

    Args:
        extra: The fields.
        name: The name of the member, which a field may repeat.
        part: The member, for the error.

    Raises:
        ArchiveError: A field is one that not every reader knows, or has another name.
    """
    sizes, seen = b"", set()
    for tag, value in _split(extra, part):
        if tag in seen:
            raise part.refuse(Code.HOSTILE_ZIP, f"the member has its extra field 0x{tag:04x} twice")
        seen.add(tag)
        if tag == _SIZES:
            sizes = value
        elif tag == _UNICODE_PATH:
            _check_path(value, name, part)
        elif tag not in _PASSED_OVER:
            reason = f"the member has the extra field 0x{tag:04x}, which not every reader understands in the same way"
            raise part.refuse(Code.HOSTILE_ZIP, reason)
    return sizes


def _split(extra: bytes, part: FilePart) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(extra):
        start = position + _FIELD.size
        tag, size = _FIELD.unpack_from(extra, position) if start <= len(extra) else (0, len(extra))
        position = start + size
        if position > len(extra):
            raise part.refuse(Code.HOSTILE_ZIP, "the member's extra fields end early")
        yield tag, extra[start:position]


def _check_path(value: bytes, name: bytes, part: FilePart) -> None:
    """Refuse another name: Python before 3.12 ignores it, and other readers use it if the checksum fits."""
    if value != struct.pack("<BL", _PATH_VERSION, zlib.crc32(name)) + name:
        raise part.refuse(Code.HOSTILE_ZIP, "the member has a second name in an extra field")
