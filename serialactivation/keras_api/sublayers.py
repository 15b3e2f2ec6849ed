"""The layers inside a layer, and whether they are built."""

import functools
from typing import TypeAlias

import keras

__all__ = [
    "Weighted",
    "build_once",
    "has_weights",
    "holder_of",
    "inputs_and_layers",
    "is_tracked",
    "is_unbuilt",
    "makes_nothing",
    "sublayers",
]

Weighted: TypeAlias = keras.Layer | keras.Variable
"""What Keras tracks as an attribute, and saves the weights of."""


def sublayers(layer: keras.Layer) -> list[keras.Layer]:
    """Return *layer* and every layer inside it."""
    return list(layer._flatten_layers()) if layer._layers else [layer]


def is_tracked(owner: keras.Layer, activation: keras.Layer) -> bool:
    """Return whether Keras knows that *owner* has *activation*, itself or in a layer inside: its weights are saved."""
    return any(layer is activation for layer in sublayers(owner))


def is_unbuilt(layer: keras.Layer) -> bool:
    """Return whether *layer*, or a layer inside it, has not been built. A layer may call itself built and hold one."""
    return any(not inner.built for inner in sublayers(layer))


def makes_nothing(activation: keras.Layer) -> bool:
    """Return whether *activation* has nothing to make when its owner is built: no weights, and no layers inside."""
    is_done = activation.built and not activation._layers and not activation.weights
    return is_done and getattr(type(activation).build, "_is_default", False) is True


def has_weights(value: Weighted) -> bool:
    """Return whether *value* has weights, or may get some when it is built."""
    return not (isinstance(value, keras.Layer) and makes_nothing(value))


def build_once(activation: keras.Layer) -> None:
    """Make a second ``build`` of *activation* do nothing, as an owner's own ``build`` may ask for one."""
    original = activation.build
    if getattr(original, "_serialactivation_once", False) or getattr(type(activation).build, "_is_default", False):
        return  # a default one makes nothing

    @functools.wraps(original)
    def build(*args: object, **kwargs: object) -> None:
        if not activation.built:
            original(*args, **kwargs)

    build._serialactivation_once = True  # type: ignore[attr-defined]  # marks the wrapper, so that it is made once
    object.__setattr__(activation, "build", build)


def holder_of(owner: keras.Layer, activation: keras.Layer) -> keras.Layer:
    """Return the layer that calls *activation*: *owner*, or the cell that it holds."""
    if any(layer is activation for layer in owner._layers):
        return owner
    inner = (layer for layer in sublayers(owner) if id(activation) in map(id, layer._flatten_layers(False, False)))
    return next(inner, owner)


def inputs_and_layers(model: keras.Model) -> list[keras.Layer]:
    """Return the layers of a Sequential, its input among them."""
    return list(model._flatten_layers(include_self=False, recursive=False))
