"""Stretches of a text that has lines, and changes of it. Keras-free."""

from typing import NamedTuple

__all__ = ["Edit", "Region"]


class Region(NamedTuple):
    """A stretch of a text. Lines and columns count from 1, and columns in characters.

    Attributes:
        line: Its first line.
        column: The column of its first character.
        end_line: Its last line.
        end_column: The column after its last character.
        cell: The cell of a notebook that its lines are counted in, or None if they are a file's.
        file_line: The line of the notebook's file that its first line stands in.
        file_end_line: The line of the notebook's file that its last line stands in.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None
    file_line: int | None = None
    file_end_line: int | None = None


class Edit(NamedTuple):
    """A change of a text.

    Attributes:
        start: The offset at which it starts.
        end: The offset at which what it takes out ends.
        text: What it puts there.
    """

    start: int
    end: int
    text: str
