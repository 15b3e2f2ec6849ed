"""The shape that an activation is called with, for Keras's own layers."""

from collections.abc import Sequence
from typing import cast

import keras

from serialactivation.typing import Shape

__all__ = ["infer_activation_shape", "infer_state_shapes"]


def infer_activation_shape(owner: keras.Layer, input_shape: Shape) -> Shape | None:
    """Return the shape that *owner*'s activations are called with if its ``call`` is Keras's own, or None.

    Keras's layers apply their activation last, to the output; recurrent layers apply all activations to the state.

    Args:
        owner: The layer.
        input_shape: The shape that it is built with, batch axis included.
    """
    if not _is_keras_own(type(owner), "call"):
        return None
    cell = getattr(owner, "cell", None) if isinstance(owner, keras.layers.RNN) else None
    if cell is not None and not _is_keras_own(type(cell), "call"):
        return None
    if states := infer_state_shapes(owner):
        return states[0]
    try:
        shape = owner.compute_output_shape(input_shape)
    except NotImplementedError:
        return None
    known = tuple(shape) if cell is None else _state_shape(cast("keras.layers.RNN", owner), shape)
    return None if None in known[1:] else known  # EinsumDense may return None for a size that its call knows


def infer_state_shapes(cell: keras.Layer, batch: int | None = None) -> list[Shape]:
    """Return the shapes of the states that *cell* is called with; none if it is not a recurrent cell."""
    return [(batch, size) for size in _state_sizes(cell)]


def _is_keras_own(layer_class: type, method: str) -> bool:
    definer = next(base for base in layer_class.__mro__ if method in base.__dict__)
    return definer.__module__.split(".")[0] == "keras"


def _state_sizes(layer: keras.Layer) -> list[int]:
    """Return the sizes of a recurrent cell's states; ``RNN`` itself is not a cell."""
    sizes: object = () if isinstance(layer, keras.layers.RNN) else getattr(layer, "state_size", ())
    states = sizes if isinstance(sizes, list | tuple) else (sizes,)
    return [size for size in states if isinstance(size, int)]


def _state_shape(layer: keras.layers.RNN, output_shape: Sequence[object]) -> Shape:
    """Return the shape of *layer*'s state: that of its output without the time axis."""
    output = cast("Shape", output_shape[0] if layer.return_state else output_shape)
    return (output[0], *output[2:]) if layer.return_sequences else tuple(output)
