"""The positions of syntax nodes in a text: lines, columns, and offsets. Keras-free."""

import ast
import bisect
import functools
import itertools
import re
from typing import Final

from serialactivation.files.regions import Region

__all__ = ["Text"]

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Text:
    """A text, divided into lines as Python's parser divides it.

    Args:
        whole: The whole text, with its original line ends.
    """

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self._bytes: dict[int, list[int]] = {}

    @functools.cached_property
    def starts(self) -> list[int]:
        """The offsets at which its lines start."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.whole))]

    def find_offset(self, line: int, byte_column: int) -> int:
        """Return the offset of a position in a syntax tree, whose columns count bytes of UTF-8."""
        start = self.starts[line - 1]
        if self.whole.isascii():
            return start + byte_column
        if line not in self._bytes:
            self._bytes.clear()  # one line is enough: findings come line by line, and a line may be long
            self._bytes[line] = _count_bytes(self.line(line))
        return start + bisect.bisect_left(self._bytes[line], byte_column)

    def line(self, line: int) -> str:
        """Return a line, with its line end."""
        end = self.starts[line] if line < len(self.starts) else len(self.whole)
        return self.whole[self.starts[line - 1] : end]

    def start_of(self, node: "ast.expr | ast.stmt") -> int:
        """Return the offset at which *node* starts."""
        return self.find_offset(node.lineno, node.col_offset)

    def end_of(self, node: "ast.expr | ast.stmt") -> int:
        """Return the offset at which *node* ends."""
        return self.find_offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def region_of(self, node: "ast.expr | ast.stmt") -> Region:
        """Return the region of a node; for a class or function, the region of the line with its name."""
        start = self.start_of(node)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            end = start + len(self.line(node.lineno)[start - self.starts[node.lineno - 1] :].rstrip())
        else:
            end = self.end_of(node)
        return self.region_between(start, end)

    def region_between(self, start: int, end: int) -> Region:
        """Return the region between two offsets."""
        return Region(*self._find_position(start), *self._find_position(end))

    def _find_position(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _count_bytes(line: str) -> list[int]:
    """Return the number of UTF-8 bytes before each character of a line."""
    sizes = (1 + (char > "\x7f") + (char > "\u07ff") + (char > "\uffff") for char in line)
    return list(itertools.accumulate(sizes, initial=0))
