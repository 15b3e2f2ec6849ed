"""What ``check`` writes: to standard output or a file, and how far it has come. Keras-free."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from typing import Final, TextIO, TypeVar

from serialactivation.files.atomic import write_whole

__all__ = ["counting", "write_file", "write_text"]

_T = TypeVar("_T")

_MANY: Final = 20
"""From how many files on it is told how far the command has come."""

_SECONDS: Final = 0.1
"""How often it is told."""


def write_text(text: str, stream: TextIO) -> None:
    """Write *text* as a line, or as lines; what the *stream* has no character for is escaped."""
    if not text:
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(f"{text}\n".encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:  # who reads it has seen enough; Python would complain as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(text: str, path: str) -> None:
    """Write *text* to the file at *path*, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    write_whole(f"{text}\n".encode("utf-8", "backslashreplace") if text else b"", path)


@contextlib.contextmanager
def counting(items: Iterable[_T], stream: TextIO, *, shown: bool) -> Iterator[Iterator[_T]]:
    """Within it, *items* go by, and the *stream* tells how many, if there are many; in the end that is wiped.

    Args:
        items: What is counted.
        stream: Where it is told.
        shown: Whether it is told: where *stream* is no terminal, it is not.
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
