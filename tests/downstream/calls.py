"""How layers are called that take more than one argument, or a tuple."""

import keras

__all__ = ["named", "spread", "step", "together"]

Tensors = list[keras.KerasTensor]


def spread(layer: keras.layers.Layer, inputs: Tensors) -> object:
    """Call a layer on its inputs, one argument each."""
    return layer(*inputs)


def named(layer: keras.layers.Layer, inputs: dict[str, keras.KerasTensor]) -> object:
    """Call a layer on its inputs, by name."""
    return layer(**inputs)


def together(layer: keras.layers.Layer, inputs: Tensors) -> object:
    """Call a layer on one tuple of its inputs."""
    return layer(tuple(inputs))


def step(layer: keras.layers.Layer, inputs: Tensors) -> object:
    """Call a recurrent cell on an input and its states."""
    first, *states = inputs
    return layer(first, states)
