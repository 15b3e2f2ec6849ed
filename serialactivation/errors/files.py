"""Errors about files: saved models, source, settings and output. The module is quick to import."""

from collections.abc import Sequence
from typing import Final

import attrs

from serialactivation.errors.base import ActivationError

__all__ = [
    "ArchiveError",
    "ExpressionError",
    "MissingExtraError",
    "RepairError",
    "RepairableFileError",
    "SettingsError",
    "SourceError",
    "UntrustedError",
]

_MOST: Final = 20  # names that a message shows
_LONGEST: Final = 200  # characters of each


@attrs.define
class ArchiveError(ActivationError, ValueError):
    """The file of a saved model cannot be read, or must not be trusted.

    Attributes:
        path: The file, or folder.
        code: What is wrong, such as ``SA002``: a code keeps its meaning from version to version.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
        member: The part concerned: a file in an archive or folder, an attribute, a dataset; None for the whole.
    """

    path: str
    code: str
    reason: str
    cure: str
    member: str | None = None

    def __str__(self) -> str:
        what = self.path if self.member is None else f"{self.member} of {self.path}"
        return f"{self.code}: cannot read {what}: {self.reason}.\n{self.cure}"


@attrs.define
class MissingExtraError(ActivationError, ImportError):
    """Packages are not installed that an extra of this package brings.

    Attributes:
        what: What needs them.
        modules: The names of the modules that are missing.
        extra: The name of the extra.
    """

    what: str
    modules: tuple[str, ...]
    extra: str

    def __str__(self) -> str:
        verb = "is" if len(self.modules) == 1 else "are"
        cure = f"""python -m pip install "serialactivation[{self.extra}]\""""
        return f"{self.what} needs {' and '.join(self.modules)}, which {verb} not installed.\n{cure}"


@attrs.define
class RepairError(ActivationError, ValueError):
    """A file cannot be repaired as asked; nothing has been written.

    Attributes:
        what: The activation or the file that the repair concerns.
        reason: Why it cannot be repaired or written, as a clause that starts in lower case.
        cure: What to do.
    """

    what: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot repair {self.what!r}: {self.reason}.\n{self.cure}"


@attrs.define
class RepairableFileError(ActivationError, TypeError, ValueError):
    """Keras does not load a saved model, and ``serialactivation repair`` can repair the file.

    Attributes:
        path: The file.
        reason: What Keras says.
        command: The command that writes a repaired copy.
        is_enough: Whether ``load_model(..., repair=True)`` loads such a copy.
    """

    path: str
    reason: str
    command: str
    is_enough: bool = True

    def __str__(self) -> str:
        at_once = "\nOr pass repair=True to serialactivation.load_model, which loads such a copy."
        return (
            f"cannot load {self.path!r}: {self.reason}\nThe file can be repaired:\n    {self.command}"
            f"{at_once if self.is_enough else ''}"
        )


@attrs.define
class SettingsError(ActivationError, ValueError):
    """Settings cannot be used: those in a settings file of the command line, or the given limits.

    Attributes:
        path: The file, or the argument.
        reason: What is wrong with it: the key, its value, and what is allowed.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"cannot use the settings in {self.path}: {self.reason}"


@attrs.define
class SourceError(ActivationError, ValueError):
    """A file cannot be read as Python source.

    Attributes:
        path: The file, or folder.
        code: What is wrong, such as ``SA010``: a code keeps its meaning from version to version.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
        line: The line concerned, or None for the whole file.
        cell: The notebook cell in which the line is counted, or None for a line of the file.
    """

    path: str
    code: str
    reason: str
    cure: str
    line: int | None = None
    cell: int | None = None

    def __str__(self) -> str:
        cell = "" if self.cell is None else f":cell {self.cell}"
        line = "" if self.line is None else f":{self.line}"
        where = f"{self.path}{cell}{line}"
        return f"{self.code}: cannot read {where}: {self.reason}.\n{self.cure}"


@attrs.define
class ExpressionError(ActivationError, ValueError):
    """The text does not describe an activation that a file can hold.

    It is the text of ``repair --replace``, for example.

    Attributes:
        text: The text.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
    """

    text: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot read the activation {self.text!r}: {self.reason}.\n{self.cure}"


@attrs.define
class UntrustedError(ActivationError, ValueError):
    """A saved model names code or files that were not trusted; nothing of the model was loaded.

    Attributes:
        path: The file, or folder.
        names: The names that would have to be trusted, each once.
        places: The place where each name first occurs in the config: ``$.config.layers[1]``.
        refused: Those of the names that cannot be trusted: stored code, and names that are no part of a model.
        reason: What is wrong with the names, as a clause that starts in lower case.
        cure: What to do, where trusting the names is no cure; None otherwise.
    """

    path: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    refused: tuple[str, ...] = ()
    reason: str = "it has names that are not trusted"
    cure: str | None = None

    def __str__(self) -> str:
        named = [f"{_cut(name)} at {_cut(place)}" for name, place in zip(self.names, self.places, strict=True)]
        return f"{self.path} was not loaded: {self.reason}: {_list(named)}.\n{self._cure()}"

    def _cure(self) -> str:
        if self.cure is not None:
            return self.cure
        if self.refused:
            what = _list([_cut(name) for name in self.refused])
            cure = "ask for the model without it, or build it yourself and load its weights"
            return f"{what} cannot be trusted: {cure}."
        if len(self.names) > _MOST or any(_cut(name) != name for name in self.names):
            return (
                "If you know who made the file, and what these names do: serialactivation.untrusted(...) returns all "
                "of them, for serialactivation.load_model(..., trusted=[...])."
            )
        trusted = ", ".join(map(repr, self.names))
        call = f"serialactivation.load_model(..., trusted=[{trusted}])"
        return f"If you know who made the file, and what these names do, write:\n    {call}"


def _list(names: Sequence[str]) -> str:
    """Return the first *names* as one text, and how many more there are."""
    shown = ", ".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown}, and {len(names) - _MOST:,} more"


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..."
