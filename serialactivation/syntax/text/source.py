"""Reads and parses a file of Python source, or refuses it. Nothing in it is imported or run. Keras-free."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.opening import open_file
from serialactivation.files.printable import printable
from serialactivation.files.refusals import CURES, Code, FilePart, Skipped
from serialactivation.files.regions import TextEdit
from serialactivation.syntax.text.positions import Text

if TYPE_CHECKING:  # imported where there is one to read
    from serialactivation.syntax.text.notebook import Notebook

__all__ = ["Source", "parse_source", "read_source", "read_stream", "refuse_depth"]

_CURE: Final = "Pass a file of Python source that may be read."
_NOTEBOOK_SUFFIX: Final = ".ipynb"
_NOTEBOOK_KEYS: Final = (b'"cells"', b'"worksheets"', b'"nbformat"')
_OLD_END: Final = re.compile(rb"\r\n?")
_NO_CODEC: Final = (LookupError, TypeError, ValueError)
"""What a codec raises that is for bytes, or does not exist."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Source(NamedTuple):
    """Python source.

    Attributes:
        path: The file.
        text: Its text.
        tree: Its syntax tree.
        data: Its bytes.
        encoding: The encoding that it declares.
        notebook: The notebook whose cells make up the text, or None.
    """

    path: str
    text: Text
    tree: ast.Module
    data: bytes
    encoding: str
    notebook: "Notebook | None" = None

    def edit(self, edits: Iterable[TextEdit]) -> "Source | None":
        """Return the source with *edits* applied, or None if that would lose contents or make it invalid."""
        data = self._edit_text(edits) if self.notebook is None else self._edit_notebook(self.notebook, edits)
        if data is None:
            return None
        try:
            if self.notebook is None:
                return parse_source(data, self.path)
            edited = _parse_notebook(data, self.path, DEFAULT_LIMITS._replace(notebook_bytes=len(data)))
        except errors.SourceError:
            return None
        return None if isinstance(edited, Skipped) else edited

    def _edit_text(self, edits: Iterable[TextEdit]) -> bytes | None:
        text = self.text.whole
        for edit in sorted(edits, reverse=True):
            text = f"{text[: edit.start]}{edit.text}{text[edit.end :]}"
        try:
            if self.text.whole.encode(self.encoding) == self.data:
                return text.encode(self.encoding)
        except UnicodeError:
            pass
        return None

    def _edit_notebook(self, notebook: "Notebook", edits: Iterable[TextEdit]) -> bytes | None:
        edited = notebook.edit(edits, self.text)
        return None if edited is None else edited.encode()


def read_source(path: str, limits: Limits = DEFAULT_LIMITS) -> Source | Skipped:
    """Return the source in the file at *path*, or a skip for a notebook in another language.

    Raises:
        SourceError: It cannot be read, is too long, or is not Python source.
    """
    try:
        with open_file(path, FilePart(path)) as file:
            return read_stream(file, path, limits)
    except errors.ArchiveError as error:  # the reader of files raises errors for saved models
        raise errors.SourceError(path, error.code, error.reason, _CURE) from error


def read_stream(stream: BinaryIO, path: str, limits: Limits = DEFAULT_LIMITS) -> Source | Skipped:
    """Return the source in *stream*, or a skip for a notebook in another language.

    Args:
        stream: The stream.
        path: The path to show for it.
        limits: The limits of the reader.

    Raises:
        SourceError: It cannot be read, is too long, or is not Python source.
    """
    try:
        data = stream.read(limits.source_bytes + 1)
        if _is_notebook(path, data):
            data += stream.read(max(limits.notebook_bytes + 1 - len(data), 0))
            return _parse_notebook(data, path, limits)
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise errors.SourceError(path, Code.UNREADABLE.value, reason, _CURE) from error
    _check_size(len(data), "source_bytes", path, limits)
    return parse_source(data, path)


def _is_notebook(path: str, data: bytes) -> bool:
    """Return whether a file is a notebook: by its name or, if that is not a module's name, by its first characters."""
    if path.lower().endswith(_NOTEBOOK_SUFFIX):
        return True
    return not path.endswith(".py") and data.lstrip()[:1] == b"{" and any(key in data for key in _NOTEBOOK_KEYS)


def _check_size(size: int, limit: str, path: str, limits: Limits) -> None:
    """Refuse data that are longer than a limit."""
    most: int = getattr(limits, limit)
    if size > most:
        reason = f"it is longer than the limit of {most:,} bytes"
        cure = f"If you trust the file, raise that limit with --limit {limit}=NUMBER."
        raise errors.SourceError(path, Code.LIMIT.value, reason, cure)


def _parse_notebook(data: bytes, path: str, limits: Limits) -> Source | Skipped:
    from serialactivation.syntax.text.notebook import read_notebook  # imports JSON too, which only notebooks need

    _check_size(len(data), "notebook_bytes", path, limits)
    notebook = read_notebook(data, path)
    if not notebook.is_python:
        return Skipped(path, f"it is a notebook in {printable(notebook.language)}")
    text = notebook.text
    _check_size(len(text), "source_bytes", path, limits)
    for cell in notebook.cells:  # separately, since an open bracket in one cell must not be closed in the next
        _parse(_check_text(cell.python, path, cell.number), path, cell.number)
    return Source(path=path, text=Text(text), tree=_parse(text, path), data=data, encoding="utf-8", notebook=notebook)


def parse_source(data: bytes, path: str) -> Source:
    """Return the source in *data*.

    Raises:
        SourceError: It is not Python source.
    """
    encoding = _find_encoding(data, path)
    text = _decode(data, encoding, path)
    return Source(path=path, text=Text(text), tree=_parse(text, path), data=data, encoding=encoding)


def _find_encoding(data: bytes, path: str) -> str:
    lines = _OLD_END.sub(b"\n", data).replace(b"\0", b" ")  # a null byte is refused later, with its line
    try:
        return tokenize.detect_encoding(io.BytesIO(lines).readline)[0]
    except SyntaxError as error:
        raise _refuse(path, f"its encoding is unknown ({_say(error)})", 1) from error
    except _NO_CODEC as error:  # since Python 3.14, which decodes the first lines here
        raise _refuse(path, f"its encoding is not an encoding of text ({error})", 1) from error


def _decode(data: bytes, encoding: str, path: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refuse(path, f"it is not in the encoding that it declares, {encoding} ({error.reason})", line) from error
    except _NO_CODEC as error:
        raise _refuse(path, f"its encoding {encoding} is not an encoding of text ({error})", 1) from error
    return _check_text(text, path)


def _check_text(text: str, path: str, cell: int | None = None) -> str:
    if "\0" in text:
        raise _refuse(path, "it holds a null byte", text.count("\n", 0, text.index("\0")) + 1, cell)
    odd = _SURROGATE.search(text)
    if odd is not None:
        raise _refuse(path, "it holds one half of a surrogate pair", text.count("\n", 0, odd.start()) + 1, cell)
    return text


def _parse(text: str, path: str, cell: int | None = None) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as warnings on unknown escapes
            return ast.parse(text)
    except SyntaxError as error:
        raise _refuse(path, f"it is not valid Python ({_say(error)})", error.lineno, cell) from error
    except (RecursionError, MemoryError) as error:
        raise refuse_depth(path) from error
    except ValueError as error:
        raise _refuse(path, f"it is not valid Python ({error})", None, cell) from error


def refuse_depth(path: str) -> "errors.SourceError":
    """Return the error for source that is nested too deeply."""
    return _refuse(path, "it is nested too deeply", None)


def _refuse(path: str, reason: str, line: int | None, cell: int | None = None) -> "errors.SourceError":
    code = Code.DAMAGED_SOURCE
    return errors.SourceError(path, code.value, printable(reason), CURES[code], line, cell)


def _say(error: SyntaxError) -> str:
    return str(error.msg)
