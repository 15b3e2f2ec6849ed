"""A notebook's code cells as one Python text, and the place of each line in the file. Keras-free.

Source:
    Jupyter, "The Notebook file format", for the versions 3 and 4.
"""

import bisect
import functools
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.printable import printable
from serialactivation.files.refusals import CURES, Code
from serialactivation.files.regions import Region, TextEdit
from serialactivation.syntax.text.json_strings import JsonSteps, JsonString, find_strings, replace_strings
from serialactivation.syntax.text.magics import translate_cell
from serialactivation.syntax.text.positions import Text

__all__ = ["Cell", "Notebook", "read_notebook"]

_VERSIONS: Final = (2, 3, 4)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_PYTHON: Final = re.compile(r"i?python\d*", re.IGNORECASE)


class Cell(NamedTuple):
    """A code cell.

    Attributes:
        number: Its number among all cells, counted from 1.
        steps: The keys and indices that lead to its text in the JSON.
        text: Its text.
        indent: The white space before its first line, which IPython removes from all lines.
    """

    number: int
    steps: JsonSteps
    text: str
    indent: str

    @property
    def python(self) -> str:
        """Its text as Python reads it, with a line end at the end."""
        lines = list(io.StringIO(translate_cell(self.text), newline=""))
        text = "".join(line.removeprefix(self.indent) for line in lines)
        return text if text.endswith("\n") else f"{text}\n"


class Notebook:
    """A notebook.

    Args:
        data: Its JSON.
        cells: Its code cells.
        language: The language of its cells.
    """

    def __init__(self, data: str, cells: Sequence[Cell], language: str) -> None:
        self.cells = cells
        self.language = language
        self._data = data
        self._texts = [cell.python for cell in cells]
        self._starts = list(itertools.accumulate(map(_count_lines, self._texts), initial=1))

    @property
    def text(self) -> str:
        """All cells, one after the other."""
        return "".join(self._texts)

    @property
    def is_python(self) -> bool:
        """Whether its cells are in Python."""
        return _PYTHON.fullmatch(self.language) is not None

    def place(self, region: Region) -> Region:
        """Return a region of the whole text as a region of its cell, with the lines of the notebook's file."""
        index, line = self._find_cell(region.line)
        end_line = region.end_line - region.line + line
        shift = len(self.cells[index].indent)
        return Region(
            line=line,
            column=region.column + shift,
            end_line=end_line,
            end_column=region.end_column + shift,
            cell=self.cells[index].number,
            file_line=self._find_file_line(index, line),
            file_end_line=self._find_file_line(index, end_line),
        )

    def edit(self, edits: Iterable[TextEdit], text: Text) -> str | None:
        """Return its JSON with edits of the whole text applied, and everything else unchanged; None if that fails.

        Args:
            edits: The edits.
            text: The whole text.
        """
        changed: dict[int, str] = {}
        for edit in sorted(edits, reverse=True):
            region = text.region_between(edit.start, edit.end)
            index, line = self._find_cell(region.line)
            cell = self.cells[index]
            lines = list(io.StringIO(cell.text, newline=""))
            is_as_written = lines[line - 1].rstrip("\r\n") == text.line(region.line).rstrip("\r\n")
            if cell.indent or not is_as_written or region.line != region.end_line:
                return None
            start = len("".join(lines[: line - 1])) + region.column - 1
            known = changed.get(index, cell.text)  # edits come from the end, so that earlier offsets stay valid
            changed[index] = f"{known[:start]}{edit.text}{known[start + edit.end - edit.start :]}"
        data = self._data
        for index, new in sorted(changed.items(), reverse=True):
            data = self._write(data, index, new)
        return data

    def _write(self, data: str, index: int, new: str) -> str:
        strings = self._strings.get(self.cells[index].steps, [])
        old = [json.loads(self._data[one.start : one.end]) for one in strings]
        is_list = len(strings[0].steps) > len(self.cells[index].steps)
        return replace_strings(data, strings, old, list(io.StringIO(new, newline="")) if is_list else [new])

    def _find_cell(self, line: int) -> tuple[int, int]:
        """Return the index of the cell that contains a *line* of the whole text, and the line in the cell."""
        index = bisect.bisect_right(self._starts, line) - 1
        return index, line - self._starts[index] + 1

    def _find_file_line(self, index: int, line: int) -> int:
        """Return the line of the JSON that contains a *line* of a cell."""
        strings, last_lines = self._file_lines[self.cells[index].steps]
        place = min(bisect.bisect_left(last_lines, line), len(strings) - 1)
        return bisect.bisect_right(self._line_ends, strings[place].start) + 1

    @functools.cached_property
    def _line_ends(self) -> list[int]:
        return [end.start() for end in re.finditer("\n", self._data)]

    @functools.cached_property
    def _strings(self) -> dict[JsonSteps, list[JsonString]]:
        """The JSON strings that make up the text of each cell."""
        wanted: dict[JsonSteps, list[JsonString]] = {cell.steps: [] for cell in self.cells}
        for string in find_strings(self._data):
            for steps in (string.steps, string.steps[:-1]):
                if steps in wanted:
                    wanted[steps].append(string)
        return wanted

    @functools.cached_property
    def _file_lines(self) -> dict[JsonSteps, tuple[list[JsonString], list[int]]]:
        """The strings of each cell, with the number of the last line that each string reaches."""
        found = {}
        for steps, strings in self._strings.items():
            texts = [json.loads(self._data[one.start : one.end]) for one in strings]
            found[steps] = strings, list(itertools.accumulate(map(_count_lines, texts)))
        return found


def _count_lines(text: str) -> int:
    return len(_LINE_END.findall(text))


def read_notebook(data: bytes, path: str) -> Notebook:
    """Return the notebook in *data*.

    Raises:
        SourceError: It is not a notebook, or is damaged.
    """
    try:
        text = data.decode()
        content = json.loads(text, object_pairs_hook=_object_maker(path))
    except UnicodeDecodeError as error:
        raise _refuse(path, f"byte {error.start} is not UTF-8", data.count(b"\n", 0, error.start) + 1) from error
    except json.JSONDecodeError as error:
        raise _refuse(path, f"it is not JSON ({error.msg})", error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise _refuse(path, "it is nested too deeply") from error
    except errors.SourceError:
        raise
    except ValueError as error:  # a number with too many digits
        raise _refuse(path, f"it is not JSON ({error})") from error
    if not isinstance(content, dict):
        raise _refuse(path, "it is JSON, but not a notebook")
    version = content.get("nbformat")
    if not isinstance(version, int) or version not in _VERSIONS:
        raise _refuse(path, f"it is not a notebook of format 3 or 4: its nbformat is {version!r}")
    return Notebook(text, list(_read_cells(content, path)), _find_language(content))


def _object_maker(path: str) -> Any:
    def make(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            raise _refuse(path, "an object in it has a key twice")
        return made

    return make


def _find_language(content: Mapping[str, Any]) -> str:
    """Return the language of a notebook; Python if it does not say."""
    metadata = content.get("metadata")
    for holder, key in (("kernelspec", "language"), ("language_info", "name")):
        inner = metadata.get(holder) if isinstance(metadata, dict) else None
        language = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(language, str) and language:
            return language
    return "python"


def _read_cells(content: Mapping[str, Any], path: str) -> Iterator[Cell]:
    for number, (steps, cell) in enumerate(_list_cells(content, path), 1):
        if not isinstance(cell, dict):
            raise _refuse(path, "it is not an object", cell=number)
        if cell.get("cell_type") != "code":
            continue
        language = cell.get("language", "python")  # of the formats 2 and 3
        if not isinstance(language, str) or not _PYTHON.fullmatch(language):
            continue
        key = "source" if "source" in cell else "input"
        text = cell.get(key)
        if isinstance(text, list) and all(isinstance(one, str) for one in text):
            text = "".join(text)
        if not isinstance(text, str):
            raise _refuse(path, f"its {key} is not a text", cell=number)
        yield Cell(number=number, steps=(*steps, key), text=text, indent=_find_indent(text))


def _list_cells(content: Mapping[str, Any], path: str) -> Iterator[tuple[JsonSteps, object]]:
    cells, worksheets = content.get("cells"), content.get("worksheets")
    if isinstance(cells, list):
        yield from ((("cells", place), cell) for place, cell in enumerate(cells))
    elif isinstance(worksheets, list) and all(isinstance(one, dict) for one in worksheets):
        for page, sheet in enumerate(worksheets):
            inner = sheet.get("cells", [])
            if not isinstance(inner, list):
                raise _refuse(path, "it has a worksheet without a list of cells")
            yield from ((("worksheets", page, "cells", place), cell) for place, cell in enumerate(inner))
    else:
        raise _refuse(path, "it is not a notebook: it has no list of cells")


def _find_indent(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first[: len(first) - len(first.lstrip(" \t"))]


def _refuse(path: str, reason: str, line: int | None = None, *, cell: int | None = None) -> "errors.SourceError":
    code = Code.DAMAGED_SOURCE
    return errors.SourceError(path, code.value, printable(reason), CURES[code], line, cell)
