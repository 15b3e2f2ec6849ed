"""A cell of a notebook as plain Python: the parts that only IPython understands are replaced. Keras-free.

Source:
    IPython, "Built-in magic commands" and "Enhanced interactive Python", and its ``inputtransformer2``.
"""

import io
import re
from collections.abc import Iterator
from typing import Final

__all__ = ["translate_cell"]

# Cell magics whose text is Python that runs in the same process as other cells.
_PYTHON_CELLS: Final = frozenset({"capture", "memit", "mprun", "prun", "lprun", "time", "timeit"})
_CELL_MAGIC: Final = re.compile(r"%%([\w.]+)")
_MAGIC_LINE: Final = re.compile(r"[ \t]*(?:%{1,2}[A-Za-z_]|!{1,2}|\?{1,2}[\w%*]|[/,;]\s*[A-Za-z_])")
_MAGIC_VALUE: Final = re.compile(r"(?P<target>[ \t]*[A-Za-z_][\w., \[\]'\"]*?[ \t]*=[ \t]*)(?:!|%[A-Za-z_])[^=].*")
_HELP: Final = re.compile(r"[ \t]*[A-Za-z_%*][\w.*\[\]]*\?{1,2}[ \t]*(?:;[ \t]*)?(?:#.*)?")
_TOKEN: Final = re.compile(r"\\.|#|[()\[\]{}]|(?i:\b[rbuft]{1,2})?(?:\"\"\"|'''|\"|')", re.DOTALL)


def translate_cell(text: str) -> str:
    """Return the Python in a cell, with the same number of lines as the cell.

    A line of IPython's becomes ``pass``, and its value ``...``; a cell in another language, or for another process,
    becomes empty lines. A line in a string that looks like a magic, and a ``%`` that continues an expression, stay.
    """
    lines = list(io.StringIO(text, newline=""))
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    magic = None if first is None else _CELL_MAGIC.match(lines[first])
    if magic is not None and first is not None:
        kept = magic[1] in _PYTHON_CELLS
        lines = [line if kept and number > first else _ending(line) for number, line in enumerate(lines)]
    return "".join(_translate(lines))


def _translate(lines: list[str]) -> Iterator[str]:
    state = _State()
    continued = False
    for line in lines:
        bare = line.rstrip("\r\n")
        if continued:  # a continued line of IPython's
            yield _ending(line)
            continued = bare.endswith("\\")
            continue
        written = _write(bare) if state.is_fresh else None
        if written is None:
            state.follow(line)
            yield line
        else:
            yield written + _ending(line)
            continued = bare.endswith("\\")


def _write(line: str) -> str | None:
    """Return the replacement for a line of IPython's, or None if it is Python's."""
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if _MAGIC_LINE.match(line) or _HELP.fullmatch(line):
        return f"{indent}pass"
    value = _MAGIC_VALUE.fullmatch(line)
    return None if value is None else f"{value['target']}..."


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


class _State:
    """Whether a line starts a statement: no string or bracket is open, and the line before is not continued."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._goes_on = False

    @property
    def is_fresh(self) -> bool:
        return not self._quote and self._depth <= 0 and not self._goes_on

    def follow(self, line: str) -> None:
        """Read another line of Python."""
        place = 0
        self._goes_on = line.rstrip("\r\n").endswith("\\")
        while place < len(line):
            if self._quote:
                place = self._leave_string(line, place)
                continue
            token = _TOKEN.search(line, place)
            if token is None:
                return
            place = token.end()
            if token[0] == "#":
                self._goes_on = False
                return
            if token[0] in "([{":
                self._depth += 1
            elif token[0] in ")]}":
                self._depth -= 1
            elif token[0][-1] in "\"'":
                self._quote = token[0].lstrip("rbuftRBUFT")

    def _leave_string(self, line: str, place: int) -> int:
        """Return the end of the open string in the line, or the line's end."""
        end = re.compile(rf"\\.|{self._quote}", re.DOTALL)
        for token in end.finditer(line, place):
            if token[0] == self._quote:
                self._quote = ""
                return token.end()
        if len(self._quote) == 1 and not line.rstrip("\r\n").endswith("\\"):
            self._quote = ""  # the string ends with the line, which is not valid Python
        return len(line)
