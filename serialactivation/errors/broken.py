"""Errors of :mod:`serialactivation.testing`: promises that a layer breaks, and the promises themselves."""

import re
from collections.abc import Iterator
from typing import Self

import attrs

from serialactivation.errors.base import ActivationError, show_argument

__all__ = [
    "LayerCheckError",
    "Promise",
    "PromiseBrokenError",
]

_LONGEST = 240
_AROUND = "Exception encountered: "
_MOST = 20


class Promise(str):
    """One promise of :mod:`serialactivation.testing`: its name, such as ``keras_file``, and its meaning.

    Attributes:
        meaning: What the promise says, in a line.
        cure: What to do where a layer breaks it.
    """

    meaning: str
    cure: str

    def __new__(cls, name: str, meaning: str, cure: str) -> Self:
        """Return the promise of that *name*."""
        made = super().__new__(cls, name)
        made.meaning = meaning
        made.cure = cure
        return made

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]  # a str has one argument
        """Return the arguments from which pickle makes a copy."""
        return str(self), self.meaning, self.cure

    @property
    def name(self) -> str:
        """Name of the promise, such as ``keras_file``."""
        return str(self)


@attrs.define
class PromiseBrokenError(ActivationError, AssertionError):
    """A layer does not keep a promise of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        field: The argument that was given an activation.
        activation: Name of the activation, or None where the check used several.
        promise: The promise, a :class:`Promise`, which is a string: its name, such as ``keras_file``.
        meaning: What the promise says.
        reason: How the layer breaks it, as a clause.
        cure: What to do.
    """

    layer: str
    field: str
    activation: str | None
    promise: str
    meaning: str
    reason: str
    cure: str

    def __str__(self) -> str:
        given = "" if self.activation is None else f" given {self.activation!r}"
        return (
            f"{show_argument(self.layer, self.field)}{given} breaks the promise {self.promise!r}. {self.meaning} "
            f"Found: {self.reason}.\n{self.cure}"
        )


@attrs.define
class LayerCheckError(ActivationError, AssertionError):
    """A layer breaks promises of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        checks: How many checks there were.
        failures: One error for each check that failed.
    """

    layer: str
    checks: int
    failures: tuple[PromiseBrokenError, ...]

    def __str__(self) -> str:
        groups: dict[tuple[str, str], list[PromiseBrokenError]] = {}
        for failure in self.failures:
            groups.setdefault((failure.field, _find_cause(failure.reason)), []).append(failure)
        lines = [line for group in list(groups.values())[:_MOST] for line in _describe(group)]
        if len(groups) > _MOST:
            lines.append(f"- and {len(groups) - _MOST} other causes: the attribute failures has them")
        cures = dict.fromkeys(cure for failure in self.failures for cure in _split(failure.cure))
        head = f"{self.layer} fails {len(self.failures)} of {self.checks} checks."
        return "\n".join([head, *lines, "What to do:", *(f"- {cure}" for cure in cures)])


def _find_cause(reason: str) -> str:
    """Return why a promise is broken, without the numbers in which failures of one cause differ."""
    return re.sub(r"0x[0-9a-f]+|\d[\d.e+-]*", "#", _shorten(reason)).partition(": its outputs differ")[0]


def _describe(group: list[PromiseBrokenError]) -> Iterator[str]:
    """Yield the lines about failures of one cause: the promises, each with its activations, and the first reason."""
    promises: dict[str, list[str]] = {}
    for failure in group:
        promises.setdefault(failure.promise, []).append(failure.activation or "")
    broken = [f"{promise!r}{_say_given(given)}" for promise, given in promises.items()]
    first = group[0]
    noun = "promise" if len(broken) == 1 else "promises"
    yield f"- {show_argument(first.layer, first.field)} breaks the {noun} {', '.join(broken)}."
    yield f"  Found: {_shorten(first.reason)}."


def _say_given(activations: list[str]) -> str:
    named = ", ".join(filter(None, activations))
    return f" given {named}" if named else ""


def _shorten(reason: str) -> str:
    """Return a reason as one short line; of a message in which Keras wraps an exception, that exception alone."""
    line = " ".join(reason.split())
    kind, _, rest = line.partition(": ")
    if (inner := rest.rpartition(_AROUND)[2].strip()) != rest:
        line = f"{kind}: {inner}"
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def _split(cure: str) -> list[str]:
    """Return the sentences of a cure: several promises share sentences, and a report shows each sentence once."""
    return re.split(r"(?<=\.) (?=[A-Z])", cure)
