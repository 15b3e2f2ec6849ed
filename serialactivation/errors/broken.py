"""Errors of the kit: promises that a layer breaks."""

import attrs

from serialactivation.errors.base import ActivationError, place

__all__ = [
    "LayerCheckError",
    "PromiseBrokenError",
]


@attrs.define
class PromiseBrokenError(ActivationError, AssertionError):
    """A layer does not keep a promise of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        field: The argument that was given an activation.
        activation: What the activation is called, or None where it was not one alone.
        promise: The promise's name: ``keras_file``.
        meaning: What it says.
        reason: How it is broken, as a clause.
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
            f"{place(self.layer, self.field)}{given} breaks the promise {self.promise!r}. {self.meaning} "
            f"Found: {self.reason}. {self.cure}"
        )


@attrs.define
class LayerCheckError(ActivationError, AssertionError):
    """A layer breaks promises of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        checks: How many checks there were.
        failures: What each that failed has found.
    """

    layer: str
    checks: int
    failures: tuple[PromiseBrokenError, ...]

    def __str__(self) -> str:
        told = "".join(f"\n- {failure}" for failure in self.failures)
        return f"{self.layer} fails {len(self.failures)} of {self.checks} checks:{told}"
