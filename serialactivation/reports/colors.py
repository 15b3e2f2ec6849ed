"""Colours, on a terminal that has them. Keras-free."""

import os
from collections.abc import Callable
from typing import Final, TextIO, TypeAlias

__all__ = ["Paint", "choose_paint", "plain"]

Paint: TypeAlias = Callable[[str, str], str]
"""What paints a text in a colour, by its name."""

_CODES: Final = {"bold": "1", "dim": "2", "error": "1;31", "warning": "1;33", "note": "1;36"}


def choose_paint(stream: TextIO) -> Paint:
    """Return what paints, if *stream* is a terminal with colours; ``NO_COLOR`` and ``FORCE_COLOR`` overrule it."""
    if os.environ.get("NO_COLOR"):
        return plain
    if os.environ.get("FORCE_COLOR"):
        return _paint
    return _paint if stream.isatty() and os.environ.get("TERM") != "dumb" else plain


def plain(text: str, color: str) -> str:
    """Return *text*, whatever its *color* was to be."""
    del color
    return text


def _paint(text: str, color: str) -> str:
    return f"\x1b[{_CODES[color]}m{text}\x1b[0m"
