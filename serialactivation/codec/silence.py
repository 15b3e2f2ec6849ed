"""Keeps what is made only for a check, and not kept, from warning the user and from changing random numbers."""

import contextlib
import contextvars
import random
import threading
import warnings
from collections.abc import Iterator
from typing import Final

__all__ = ["is_silent", "looking", "silently", "trying"]

# Warning filters belong to the process: if two threads set them at once, those of one thread would remain set.
_FILTERS: Final = threading.RLock()

_SILENT: Final[contextvars.ContextVar[bool]] = contextvars.ContextVar("silent", default=False)


def is_silent() -> bool:
    """Return whether warnings about copies are suppressed."""
    return _SILENT.get()


@contextlib.contextmanager
def silently() -> Iterator[None]:
    """Suppress warnings about copies within it, because no copies are made."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


@contextlib.contextmanager
def looking() -> Iterator[None]:
    """Suppress all warnings within it, because a config is written only for a check."""
    # After an interrupt at the end of the block, only silently() may miss its exit, and its finally still runs.
    with _FILTERS, warnings.catch_warnings(), silently():
        warnings.simplefilter("ignore")  # Keras warns of a lambda, which we refuse with a cure
        yield


@contextlib.contextmanager
def trying() -> Iterator[None]:
    """Suppress all warnings within it, and restore Python's random state, because a layer is made only for a check."""
    drawn = random.getstate()  # initializers without a seed draw one when they are made
    try:
        with looking():
            yield
    finally:
        random.setstate(drawn)
