"""What a command writes: the report, to standard output or a file, and its progress. Keras-free."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from typing import Final, TextIO, TypeVar

from serialactivation.files.atomic import write_atomically

__all__ = ["show_progress", "write_file", "write_text"]

_T = TypeVar("_T")

_MANY: Final = 20
"""From this number of files on, the progress is shown."""

_SECONDS: Final = 0.1
"""The time between two updates of the progress."""


def write_text(text: str, stream: TextIO) -> None:
    """Write *text* and a line end; characters that the encoding of *stream* lacks are escaped."""
    if not text:
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(f"{text}\n".encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:  # the reader has closed the pipe; without this, Python would print an error when it exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(text: str, path: str) -> None:
    """Write *text* to the file at *path*, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    write_atomically(f"{text}\n".encode("utf-8", "backslashreplace") if text else b"", path)


@contextlib.contextmanager
def show_progress(items: Iterable[_T], stream: TextIO, *, shown: bool) -> Iterator[Iterator[_T]]:
    """Show on *stream* how many *items* have been processed, if there are many; the line is cleared at the end.

    Args:
        items: The items to count.
        stream: The stream for the progress.
        shown: Whether to show the progress; it is never shown if *stream* is not a terminal.
    """
    if not shown or not stream.isatty():
        yield iter(items)
        return
    try:
        yield _count(items, stream)
    finally:
        stream.write("\r\x1b[K")
        stream.flush()


def _count(items: Iterable[_T], stream: TextIO) -> Iterator[_T]:
    last = time.monotonic()
    for number, item in enumerate(items, 1):
        now = time.monotonic()
        if number >= _MANY and now - last >= _SECONDS:
            stream.write(f"\rchecked {number} files")
            stream.flush()
            last = now
        yield item
