"""The layers inside a layer, and whether they are built."""

import functools
from collections.abc import Iterable
from typing import TypeAlias, TypeVar

import keras

from serialactivation.catalog.private_names import has_default_build

__all__ = [
    "Weighted",
    "build_once",
    "find_untracked",
    "has_weights",
    "holder_of",
    "inputs_and_layers",
    "is_tracked",
    "is_unbuilt",
    "makes_nothing",
    "sublayers",
]

Weighted: TypeAlias = keras.Layer | keras.Variable
"""An object that Keras tracks as an attribute and whose weights it saves."""

WeightedT = TypeVar("WeightedT", keras.Layer, Weighted)


def sublayers(layer: keras.Layer) -> list[keras.Layer]:
    """Return *layer* and every layer inside it."""
    return list(layer._flatten_layers()) if layer._layers else [layer]


def is_tracked(owner: keras.Layer, activation: keras.Layer) -> bool:
    """Return whether Keras tracks *activation* in *owner* or its sublayers, so that its weights are saved."""
    return any(layer is activation for layer in sublayers(owner))


def find_untracked(owner: keras.Layer, values: Iterable[WeightedT]) -> list[WeightedT]:
    """Return those of *values* that Keras does not track in *owner* or its sublayers: their weights are not saved."""
    unknown = {id(value): value for value in values}
    known: list[Weighted] = [*sublayers(owner)]
    if any(isinstance(value, keras.Variable) for value in unknown.values()):
        known += owner.variables
    for one in known:
        unknown.pop(id(one), None)
    return list(unknown.values())


def is_unbuilt(layer: keras.Layer) -> bool:
    """Return whether *layer*, or a layer inside it, is not built. A built layer may hold one that is not."""
    return any(not inner.built for inner in sublayers(layer))


def makes_nothing(activation: keras.Layer) -> bool:
    """Return whether a build of *activation* makes no weights: it has none, and no sublayers."""
    is_done = activation.built and not activation._layers and not activation.weights
    return is_done and has_default_build(type(activation))


def has_weights(value: Weighted) -> bool:
    """Return whether *value* has weights, or may get some when it is built."""
    return not (isinstance(value, keras.Layer) and makes_nothing(value))


def build_once(activation: keras.Layer) -> None:
    """Make a second ``build`` of *activation* do nothing, because an owner's own ``build`` may call it again."""
    original = activation.build
    if getattr(original, "_serialactivation_once", False) or has_default_build(type(activation)):
        return  # a default build makes no weights

    @functools.wraps(original)
    def build(*args: object, **kwargs: object) -> None:
        if not activation.built:
            original(*args, **kwargs)

    build._serialactivation_once = True  # type: ignore[attr-defined]  # marks the wrapper
    object.__setattr__(activation, "build", build)


def holder_of(owner: keras.Layer, activation: keras.Layer) -> keras.Layer:
    """Return the layer that calls *activation*: *owner*, or a sublayer such as its cell."""
    if any(layer is activation for layer in owner._layers):
        return owner
    inner = (layer for layer in sublayers(owner) if id(activation) in map(id, layer._flatten_layers(False, False)))
    return next(inner, owner)


def inputs_and_layers(model: keras.Model) -> list[keras.Layer]:
    """Return the layers of a Sequential, input layer included."""
    return list(model._flatten_layers(include_self=False, recursive=False))
