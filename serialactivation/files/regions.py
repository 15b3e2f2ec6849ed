"""Regions and edits of a text that has lines. Keras-free."""

from typing import NamedTuple

__all__ = ["Region", "TextEdit"]


class Region(NamedTuple):
    """A stretch of a text. Lines and columns count from 1, and columns in characters.

    Attributes:
        line: Its first line.
        column: The column of its first character.
        end_line: Its last line.
        end_column: The column after its last character.
        cell: The cell of a notebook in which lines are counted, or None if they are the lines of a file.
        file_line: The line of its first line in the notebook's file.
        file_end_line: The line of its last line in the notebook's file.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None
    file_line: int | None = None
    file_end_line: int | None = None


class TextEdit(NamedTuple):
    """A replacement of a part of a text.

    Attributes:
        start: The offset at which the replaced part starts.
        end: The offset at which the replaced part ends.
        text: The new text.
    """

    start: int
    end: int
    text: str
