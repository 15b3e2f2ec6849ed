"""Layers of Keras that hold nothing but plain values: nothing of them can be lost."""

from collections.abc import Mapping
from typing import Final, TypeGuard

import keras
import numpy as np

__all__ = ["is_plain_layer", "make_plain"]

_PLAIN: Final = frozenset({type(None), bool, int, float, keras.initializers.Zeros})  # which takes no arguments

# Layers without sublayers, and their arguments: if these are plain, nothing can be lost.
_PLAIN_LAYERS: Final[Mapping[type, tuple[str, ...]]] = {
    keras.layers.LeakyReLU: ("negative_slope", "activity_regularizer"),
    keras.layers.PReLU: (
        *("alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"),
        "activity_regularizer",
    ),
    keras.layers.ReLU: ("max_value", "negative_slope", "threshold", "activity_regularizer"),
    keras.layers.Softmax: ("axis", "activity_regularizer"),
}

# The arguments of layers of Keras that are numbers.
_NUMBERS: Final[Mapping[type, tuple[str, ...]]] = {
    keras.layers.ELU: ("alpha",),
    keras.layers.LeakyReLU: ("negative_slope",),
    keras.layers.ReLU: ("max_value", "negative_slope", "threshold"),
    keras.layers.Softmax: ("axis",),
}


def is_plain_layer(value: object) -> TypeGuard[keras.Layer]:
    """Return whether *value* is a layer whose arguments are all plain values."""
    arguments = _PLAIN_LAYERS.get(type(value))
    if arguments is None:
        return False
    for name in arguments:  # noqa: SIM110  # a generator would be called for each of them, and every config asks this
        if type(getattr(value, name)) not in _PLAIN:
            return False
    return True


def make_plain(value: object) -> bool:
    """Make NumPy's numbers in a layer Python's, as which they come back: the two differ in low precision.

    Tell whether there were any.
    """
    held = {name: getattr(value, name) for name in _NUMBERS.get(type(value), ())}
    numbers = {name: one for name, one in held.items() if isinstance(one, np.generic | np.ndarray) and one.ndim == 0}
    for name, number in numbers.items():
        setattr(value, name, number.item())
    return bool(numbers)
