"""The curve of an activation in memory: what it computes, called outside of training; nothing in it changes."""

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np

from serialactivation.files.formats.hdf5_values import summarize
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.keras_api.untouched import call_untouched, keeping_global_state
from serialactivation.model_check.activations.same import show
from serialactivation.model_check.journey.subject import FAILURES
from serialactivation.pages.drawings import POINTS, draw_learned, draw_values
from serialactivation.pages.records import Drawing

__all__ = ["draw", "name_activation"]

_FUNCTIONS: Final = "keras.activations."
_SEVERAL: Final = "each of its outputs depends on several inputs, or on their shape"
_INPUTS: Final = POINTS.astype("float32")
_WIDE: Final = (3, POINTS.size // 3)


def name_activation(activation: object) -> str:
    """Return an activation as Python code, as a page shows it."""
    return printable(show(activation).replace(_FUNCTIONS, "").strip("'"), LONGEST_TEXT)


def draw(activation: object) -> Drawing | str:
    """Return the drawing of an activation, or why it has none, as a clause."""
    label = name_activation(activation)
    if isinstance(activation, keras.layers.PReLU):
        return _draw_learned(activation, label)
    if isinstance(activation, keras.Layer) and not activation.built:
        return "it is not built yet"
    try:
        with keeping_global_state():
            values = _compute(activation)
    except FAILURES as error:
        return f"it cannot be called on numbers alone ({type(error).__name__})"
    return _SEVERAL if values is None else draw_values(label, values)


def _draw_learned(layer: keras.layers.PReLU, label: str) -> Drawing | str:
    spread = summarize(keras.ops.convert_to_numpy(layer.weights[0])) if layer.built else None
    return "it is not built yet" if spread is None else draw_learned(label, spread)


def _compute(activation: object) -> Any:
    """Return what an activation computes of each input, or None if an output depends on more than its input."""
    wide, long = (_call(activation, _INPUTS.reshape(shape)) for shape in (_WIDE, _WIDE[::-1]))
    if wide.shape != _WIDE or long.shape != _WIDE[::-1]:
        return None
    values = wide.ravel()
    return values if np.allclose(values, long.ravel(), rtol=1e-5, atol=1e-6, equal_nan=True) else None


def _call(activation: object, inputs: Any) -> Any:
    given = keras.ops.convert_to_tensor(inputs)
    if isinstance(activation, keras.Layer):
        outputs = call_untouched(activation, [], given)  # type: ignore[arg-type]  # a layer is called as a model is
    else:
        function: Callable[[object], object] = keras.activations.get(activation)  # type: ignore[arg-type]
        with keras.StatelessScope():
            outputs = function(given)
    return keras.ops.convert_to_numpy(outputs)
