"""Layers of Keras that hold only plain values, so that nothing in them can be lost."""

from collections.abc import Mapping
from typing import Final, TypeGuard

import keras
import numpy as np

__all__ = ["convert_numpy_numbers", "has_plain_arguments"]

_PLAIN: Final = frozenset({type(None), bool, int, float, keras.initializers.Zeros})  # Zeros has no arguments

# Layers without sublayers, and all their arguments: if these are plain, nothing can be lost.
_PLAIN_LAYERS: Final[Mapping[type, tuple[str, ...]]] = {
    keras.layers.LeakyReLU: ("negative_slope", "activity_regularizer"),
    keras.layers.PReLU: (
        *("alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"),
        "activity_regularizer",
    ),
    keras.layers.ReLU: ("max_value", "negative_slope", "threshold", "activity_regularizer"),
    keras.layers.Softmax: ("axis", "activity_regularizer"),
}

# The arguments of Keras's layers that are numbers.
_NUMBERS: Final[Mapping[type, tuple[str, ...]]] = {
    keras.layers.ELU: ("alpha",),
    keras.layers.LeakyReLU: ("negative_slope",),
    keras.layers.ReLU: ("max_value", "negative_slope", "threshold"),
    keras.layers.Softmax: ("axis",),
}


def has_plain_arguments(value: object) -> TypeGuard[keras.Layer]:
    """Return whether *value* is a layer whose arguments are all plain values."""
    arguments = _PLAIN_LAYERS.get(type(value))
    if arguments is None:
        return False
    for name in arguments:  # noqa: SIM110  # a generator would be slower, and every config needs this
        if type(getattr(value, name)) not in _PLAIN:
            return False
    return True


def convert_numpy_numbers(value: object) -> bool:
    """Replace NumPy numbers in a layer by Python numbers, and return whether there were any.

    They come back as Python numbers, and the two types compute differently in low precision.
    """
    held = {name: getattr(value, name) for name in _NUMBERS.get(type(value), ())}
    numbers = {name: one for name, one in held.items() if isinstance(one, np.generic | np.ndarray) and one.ndim == 0}
    for name, number in numbers.items():
        setattr(value, name, number.item())
    return bool(numbers)
