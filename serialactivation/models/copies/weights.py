"""Copies the state of a layer to the layer made from it: its variables, and other state through its class.

Some layers have other state besides variables: a ``Normalization`` has constants that it computes from them, a
``StringLookup`` has a table. This module copies it with the methods by which Keras writes and reads files. Sublayers
are paired by the attributes that hold them, because their order may differ.
"""

import collections
import os
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from serialactivation import errors, layers
from serialactivation.keras_api.internals import own_layers, own_variables
from serialactivation.keras_api.scopes import open_store, walk_attributes

__all__ = [
    "Pairs",
    "build_like",
    "check_paired",
    "copy_other_state",
    "copy_variables",
    "has_other_state",
    "pair_layers",
]

Pairs = list[tuple[keras.Layer, keras.Layer]]
"""Pairs of a layer and the layer made from it, outermost first."""

_OF_KERAS: Final = ("Conv1D", "Conv1DTranspose", "Dense", "EinsumDense", "Embedding", "Layer", "TernaryDense")
# Methods that read and write only variables, quantized or not.
_VARIABLES_ALONE: Final = frozenset(
    getattr(getattr(library, layer), name)
    for library in (keras.layers, layers)
    for layer in _OF_KERAS
    if hasattr(library, layer)  # TernaryDense is new in 3.16, and this package has no twin of each
    for name in ("save_own_variables", "load_own_variables")
)


def pair_layers(old: keras.Layer, new: keras.Layer, partners: Mapping[int, keras.Layer]) -> Pairs:
    """Return the pairs of *old* and *new*, and of the layers inside them.

    Args:
        old: A layer.
        new: The layer made from it.
        partners: The new layers of known pairs, by the ids of the old ones. Layers inside them are not paired here.
    """
    pairs: Pairs = []
    _pair(old, new, partners, {}, pairs)
    return pairs


def _pair(
    one: object, other: object, partners: Mapping[int, keras.Layer], seen: dict[int, object], pairs: Pairs
) -> None:
    if id(one) in seen or (pairs and id(one) in partners):
        return
    seen[id(one)] = one  # keeps it alive: a property may return a new list each time, which could reuse the id
    if isinstance(one, keras.Layer) and isinstance(other, keras.Layer):
        pairs.append((one, other))
        _pair_inside(one, other, partners, seen, pairs)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() & other.keys():
            _pair(one[key], other[key], partners, seen, pairs)
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for item, counterpart in zip(one, other, strict=False):
            _pair(item, counterpart, partners, seen, pairs)


def _pair_inside(
    old: keras.Layer, new: keras.Layer, partners: Mapping[int, keras.Layer], seen: dict[int, object], pairs: Pairs
) -> None:
    if not (own_layers(old) and own_layers(new)):
        return
    counterparts = dict(walk_attributes(new))
    for name, value in walk_attributes(old):
        if name in counterparts and isinstance(value, keras.Layer | Mapping | list | tuple):
            _pair(value, counterparts[name], partners, seen, pairs)


def build_like(old: keras.Layer, new: keras.Layer) -> None:
    """Build *new* for the shapes that *old* was built for, if it was."""
    if old.built and not new.built and (config := old.get_build_config()) is not None:
        new.build_from_config(config)


def copy_variables(old: keras.Layer, new: keras.Layer, path: str) -> Iterator[tuple[keras.Variable, keras.Variable]]:
    """Copy the values of *old*'s own variables to *new*, and yield the pairs of variables.

    Args:
        old: A layer.
        new: The layer made from it.
        path: The place of the layer in the model.

    Raises:
        LayerStateError: *new* lacks a variable of *old*, or has it with another shape.
    """
    values, targets = _variables_by_name(old), _variables_by_name(new)
    for name, before in values.items():
        after = targets.get(name)
        if after is None or tuple(after.shape) != tuple(before.shape):
            raise errors.LayerStateError(path, type(old).__name__, before.path, tuple(before.shape))
        after.assign(keras.ops.copy(before.value))  # JAX donates buffers in training: they must not be shared
        after.trainable = before.trainable
        yield before, after


def _variables_by_name(layer: keras.Layer) -> dict[tuple[str, int], keras.Variable]:
    """Return the variables of *layer* by their names, and by a number among those of one name."""
    variables: dict[tuple[str, int], keras.Variable] = {}
    counts: collections.Counter[str] = collections.Counter()
    for variable in own_variables(layer):
        variables[variable.name, counts[variable.name]] = variable
        counts[variable.name] += 1
    return variables


def check_paired(pairs: Pairs, partners: Mapping[int, keras.Layer], path: str) -> None:
    """Refuse a layer if an inner layer with weights has no counterpart in the new layer.

    Args:
        pairs: The result of :func:`pair_layers`.
        partners: The argument of :func:`pair_layers`.
        path: The place of the layer in the model.

    Raises:
        LayerStateError: An inner layer with weights has no counterpart.
    """
    outer = pairs[0][0]
    known = {id(old) for old, _ in pairs}
    for layer in _layers_inside(outer, partners):
        if id(layer) not in known:
            for variable in _variables_by_name(layer).values():
                raise errors.LayerStateError(path, type(outer).__name__, variable.path, tuple(variable.shape))


def _layers_inside(layer: keras.Layer, partners: Mapping[int, keras.Layer]) -> Iterator[keras.Layer]:
    """Yield the layers inside *layer*, without *partners* and the layers inside them."""
    for inner in own_layers(layer):
        if id(inner) not in partners:
            yield inner
            yield from _layers_inside(inner, partners)


def has_other_state(layer: keras.Layer) -> bool:
    """Return whether the class of *layer* saves more than variables, through methods that Keras calls for files."""
    methods = [getattr(type(layer), name, None) for name in ("save_own_variables", "load_own_variables")]
    return hasattr(layer, "load_assets") or not _VARIABLES_ALONE.issuperset(methods)


def copy_other_state(pairs: Pairs) -> None:
    """Copy the state that the layers keep besides variables, with the methods of their classes, as through a file.

    Args:
        pairs: Pairs of a layer and the layer made from it.
    """
    keeping = [(old, new) for old, new in pairs if has_other_state(old)]
    if not keeping:
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, (old, new) in enumerate(keeping):
            _copy_through_file(old, new, os.path.join(folder, str(number)))


def _copy_through_file(old: Any, new: Any, place: str) -> None:
    with open_store(f"{place}.weights.h5", "w") as store:
        old.save_own_variables(store.make("layer"))
    with open_store(f"{place}.weights.h5", "r") as store:
        new.load_own_variables(store.get("layer"))
    if hasattr(old, "save_assets") and hasattr(new, "load_assets"):
        os.mkdir(place)
        old.save_assets(place)
        new.load_assets(place)
