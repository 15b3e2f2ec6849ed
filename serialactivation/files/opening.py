"""Files opened without waiting for a pipe or a device, and read no further than a limit allows."""

import contextlib
import io
import os
import stat
from collections.abc import Iterator
from typing import BinaryIO, Final, TypeAlias

from serialactivation.files.refusals import Code, FilePart

__all__ = ["STDIN", "Source", "Window", "open_descriptor", "open_file", "read_all", "reading"]

STDIN: Final = "-"
"""The path that stands for standard input."""

_FLAGS: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # does not wait for a pipe


@contextlib.contextmanager
def reading(part: FilePart) -> Iterator[None]:
    """Turn errors of the file system into refusals of *part*."""
    try:
        yield
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise part.refuse(Code.UNREADABLE, reason) from error


@contextlib.contextmanager
def open_file(path: str, part: FilePart) -> Iterator[BinaryIO]:
    """Open a file for reading.

    Raises:
        ArchiveError: The file cannot be opened or read, or is not a regular file; *part* names it.
    """
    with reading(part), os.fdopen(open_descriptor(path, part)[0], "rb") as file:
        yield file


def open_descriptor(path: str, part: FilePart) -> tuple[int, int]:
    """Open a file for reading, and return its descriptor and its size.

    Raises:
        ArchiveError: It is not a regular file; *part* names it.
        OSError: It cannot be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:
        raise part.refuse(Code.UNREADABLE, f"it is not a path ({error})") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise part.refuse(Code.UNREADABLE, "it is not a regular file")
    return descriptor, status.st_size


def read_all(file: BinaryIO, limit: int, part: FilePart) -> bytes:
    """Return the whole contents of *file*.

    Raises:
        ArchiveError: The file is longer than *limit*.
    """
    file.seek(0)
    text = file.read(limit + 1)
    if len(text) > limit:
        raise part.exceed_text(limit)
    return text


class Window(io.RawIOBase):
    """A stretch of a file, as a file of its own, with a limit for each read.

    A parser reads as much as the file tells it to; a read that is too large is refused before memory is allocated.

    Attributes:
        refusal: The error that refused a read, or None. HDF5 hides errors of the file objects that it reads.
    """

    def __init__(self, file: "Source", start: int, size: int, at_once: int, part: FilePart, limit: str) -> None:
        super().__init__()
        self.refusal: Exception | None = None
        self._file = file
        self._start = start
        self._size = size
        self._at_once = at_once
        self._place = part
        self._limit = limit
        self._position = 0

    def readable(self) -> bool:
        """Return True: the stretch is readable."""
        return True

    def seekable(self) -> bool:
        """Return True: the stretch can be read in any order."""
        return True

    def tell(self) -> int:
        """Return the position, counted from the start of the stretch."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to *offset*, counted as :meth:`io.IOBase.seek` does."""
        origins = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}
        position = origins[whence] + offset
        if position < 0:
            raise OSError("a position before the start of the file")
        self._position = position
        return position

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to *size* bytes, or all that is left."""
        left = max(self._size - self._position, 0)
        wanted = left if size is None or size < 0 else size
        self._prepare(wanted)
        data = self._file.read(min(wanted, left))
        self._position += len(data)
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer has no length
        """Fill *buffer*. HDF5 uses the whole buffer, so reading too few bytes is an error."""
        self._prepare(len(buffer))
        if self._position + len(buffer) > self._size or self._file.readinto(buffer) < len(buffer):  # type: ignore[union-attr]  # typeshed's BinaryIO lacks it
            raise OSError("the file ends early")
        self._position += len(buffer)
        return len(buffer)

    def _prepare(self, wanted: int) -> None:
        """Refuse a read that is too large, or else seek to its position."""
        if wanted > self._at_once:
            reason = f"it needs a read of {wanted:,} bytes at once, and the limit is {self._at_once:,}"
            self.refusal = self._place.exceed(self._limit, reason)
            raise self.refusal
        self._file.seek(self._start + min(self._position, self._size))


Source: TypeAlias = BinaryIO | Window
"""The source of an archive: a file, or a stretch of a file."""
