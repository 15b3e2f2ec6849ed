"""Colours, on a terminal that supports them. Keras-free."""

import os
from collections.abc import Callable
from typing import Final, TextIO, TypeAlias

__all__ = ["Paint", "choose_paint", "without_color"]

Paint: TypeAlias = Callable[[str, str], str]
"""A function that paints a text in the colour of a given name."""

_CODES: Final = {"bold": "1", "dim": "2", "error": "1;31", "warning": "1;33", "note": "1;36"}


def choose_paint(stream: TextIO) -> Paint:
    """Return the function that paints for *stream*; ``NO_COLOR`` and ``FORCE_COLOR`` override what it is."""
    if os.environ.get("NO_COLOR"):
        return without_color
    if os.environ.get("FORCE_COLOR"):
        return _paint
    return _paint if stream.isatty() and os.environ.get("TERM") != "dumb" else without_color


def without_color(text: str, color: str) -> str:
    """Return *text* without the *color*."""
    del color
    return text


def _paint(text: str, color: str) -> str:
    return f"\x1b[{_CODES[color]}m{text}\x1b[0m"
