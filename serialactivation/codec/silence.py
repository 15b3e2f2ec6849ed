"""Whether a config is written for somebody to keep: of one that is only looked at, nobody is warned."""

import contextlib
import contextvars
import threading
import warnings
from collections.abc import Iterator
from typing import Final

__all__ = ["is_silent", "looking", "silently"]

# The filters of warnings are the process's, and two threads that set them at once would leave one's set for good.
_FILTERS: Final = threading.RLock()

_SILENT: Final[contextvars.ContextVar[bool]] = contextvars.ContextVar("silent", default=False)


def is_silent() -> bool:
    """Return whether nobody is warned of copies."""
    return _SILENT.get()


@contextlib.contextmanager
def silently() -> Iterator[None]:
    """Within it, nobody is warned of copies that nobody will make."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


@contextlib.contextmanager
def looking() -> Iterator[None]:
    """Within it, a config is written for a look at it only: nobody is warned of anything."""
    # An interrupt at the end of the block skips the exit of the last one alone, which puts back what it set even so.
    with _FILTERS, warnings.catch_warnings(), silently():
        warnings.simplefilter("ignore")  # Keras warns of a lambda, which is refused afterwards, with its cure
        yield
