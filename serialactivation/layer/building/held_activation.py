"""An activation that is built with its owner: why it cannot be, and what to do."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeGuard

import keras

from serialactivation import errors
from serialactivation.catalog.marks import PACKAGE
from serialactivation.keras_api.sublayers import is_unbuilt, sublayers
from serialactivation.spec.fields import ActivationField
from serialactivation.typing import Shape

__all__ = ["HeldActivation", "first_line", "is_shape"]

_BOLD: Final = re.compile(r"\x1b\[\d+m")
_PREFACE: Final = re.compile("^Exception encountered when calling |Error encountered:$")


class HeldActivation(NamedTuple):
    """An activation that is a layer, with its owner.

    Attributes:
        owner: The layer that holds it.
        field: Its field.
        activation: The activation.
    """

    owner: keras.Layer
    field: ActivationField
    activation: keras.Layer

    def refuse(self, shapes: Sequence[object], reason: str, cure: str) -> "errors.ActivationBuildError":
        """Return the error that the activation cannot be built for these *shapes*."""
        return errors.ActivationBuildError(self.owner.name, self.field.name, self.activation.name, shapes, reason, cure)

    def require_built(self, shape: object) -> None:
        """Refuse the activation if a part of it has no weights, after all was built for the owner's *shape*."""
        if is_unbuilt(self.activation):
            unbuilt = next(inner for inner in sublayers(self.activation) if not inner.built)
            reason = f"{unbuilt.name!r} still has no weights, so Keras would silently skip them in a load"
            raise self.refuse([shape], reason, self._cure(shape))

    def cure_misfit(self, shape: object) -> str:
        """Return the cure for an activation that cannot be built for a *shape*."""
        if _is_open(shape):
            return self._cure(shape)
        fitting = "Use an activation that can be built for that shape."
        if type(self.owner).__module__ == f"{PACKAGE}.layers":
            return fitting
        return f"{fitting} If it is called on another shape, override activation_shape() in {self._owners_class}."

    def cure_trace(self, shape: object) -> str:
        """Return what to do if a call cannot be traced: it may be the activation that does not let it."""
        if _is_open(shape):
            return self._cure(shape)
        return f"{self._cure(shape)} If it does not fit the shape that it is called on, pass another {self.field.name}."

    def cure_shapes(self, seen: Sequence[Shape]) -> str:
        """Return what to do if a call applies the activation to several shapes."""
        ranks = {len(shape) for shape in seen}
        if isinstance(self.activation, keras.layers.PReLU) and len(ranks) == 1:
            return (
                f"Share its weights over the axes:\n    keras.layers.PReLU(shared_axes={list(range(1, ranks.pop()))})"
            )
        return f"Add another activation argument to {self._owners_class}, for the other shape."

    @property
    def _owners_class(self) -> str:
        return type(self.owner).__name__

    def _cure(self, shape: object) -> str:
        if _is_open(shape):
            return (
                "Its weights need a known size for each axis but the batch: share them over the axes of unknown size "
                "(PReLU's shared_axes)."
            )
        return f"Override activation_shape() in {self._owners_class}, or build the activation in its build()."


def is_shape(shape: object) -> TypeGuard[Sequence[int | None]]:
    """Return whether a value is a shape, and not a structure of shapes."""
    return isinstance(shape, list | tuple) and all(size is None or isinstance(size, int) for size in shape)


def _is_open(shape: object) -> bool:
    return is_shape(shape) and None in shape[1:]


def first_line(error: Exception) -> str:
    """Return the message of *error*, without the place and the arguments that Keras puts around it."""
    message = _BOLD.sub("", str(error)).partition("\n\nArguments received by")[0]
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    before = [index for index, line in enumerate(lines[:-1]) if _PREFACE.search(line)]
    return lines[before[-1] + 1 if before else 0] if lines else type(error).__name__
