"""What a layer has learnt, handed to one that was made of it: weights by their place, and the rest by its class.

The weights of a layer are not all there is to it: a ``Normalization`` computes with constants that it makes of them, a
``StringLookup`` has a table. Keras hands such state on by the methods that its files are written and read with, and so
does this module. Layers inside a layer are paired by the attributes that hold them: their order may be another.
"""

import collections
import os
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from serialactivation import errors
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
"""Layers, and what was made of them, outermost first."""

_OF_KERAS: Final = ("Conv1D", "Conv1DTranspose", "Dense", "EinsumDense", "Embedding", "Layer")
# What reads and writes variables, in their own form or a quantized one, and nothing else.
_VARIABLES_ALONE: Final = frozenset(
    getattr(getattr(keras.layers, layer), name)
    for layer in _OF_KERAS
    for name in ("save_own_variables", "load_own_variables")
)


def pair_layers(old: keras.Layer, new: keras.Layer, partners: Mapping[int, keras.Layer]) -> Pairs:
    """Return *old* and *new*, and the layers inside them, in pairs.

    Args:
        old: A layer.
        new: What was made of it.
        partners: What is known to have been made of layers, by their ids; what is inside of those is not paired here.
    """
    pairs: Pairs = []
    _pair(old, new, partners, {}, pairs)
    return pairs


def _pair(
    one: object, other: object, partners: Mapping[int, keras.Layer], met: dict[int, object], pairs: Pairs
) -> None:
    if id(one) in met or (pairs and id(one) in partners):
        return
    met[id(one)] = one  # kept: a property may make a list at each look, and the next would have its id
    if isinstance(one, keras.Layer) and isinstance(other, keras.Layer):
        pairs.append((one, other))
        _pair_inside(one, other, partners, met, pairs)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() & other.keys():
            _pair(one[key], other[key], partners, met, pairs)
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for item, counterpart in zip(one, other, strict=False):
            _pair(item, counterpart, partners, met, pairs)


def _pair_inside(
    old: keras.Layer, new: keras.Layer, partners: Mapping[int, keras.Layer], met: dict[int, object], pairs: Pairs
) -> None:
    if not (own_layers(old) and own_layers(new)):
        return
    counterparts = dict(walk_attributes(new))
    for name, value in walk_attributes(old):
        if name in counterparts and isinstance(value, keras.Layer | Mapping | list | tuple):
            _pair(value, counterparts[name], partners, met, pairs)


def build_like(old: keras.Layer, new: keras.Layer) -> None:
    """Build *new* for the shapes that *old* was built for, if it was."""
    if old.built and not new.built and (config := old.get_build_config()) is not None:
        new.build_from_config(config)


def copy_variables(old: keras.Layer, new: keras.Layer, path: str) -> Iterator[tuple[keras.Variable, keras.Variable]]:
    """Give the variables of *new* the values of those of *old*, layers inside aside; yield both of each.

    Args:
        old: A layer.
        new: What was made of it.
        path: Where it stands.

    Raises:
        LayerStateError: They do not have the same variables.
    """
    values, targets = _variables_by_name(old), _variables_by_name(new)
    for name, before in values.items():
        after = targets.get(name)
        if after is None or tuple(after.shape) != tuple(before.shape):
            raise errors.LayerStateError(path, type(old).__name__, before.path, tuple(before.shape))
        after.assign(keras.ops.copy(before.value))  # JAX gives a buffer away in training: it must not be shared
        after.trainable = before.trainable
        yield before, after


def _variables_by_name(layer: keras.Layer) -> dict[tuple[str, int], keras.Variable]:
    """Return the variables of *layer* by their names; of several of one name by their order."""
    variables: dict[tuple[str, int], keras.Variable] = {}
    met: collections.Counter[str] = collections.Counter()
    for variable in own_variables(layer):
        variables[variable.name, met[variable.name]] = variable
        met[variable.name] += 1
    return variables


def check_paired(pairs: Pairs, partners: Mapping[int, keras.Layer], path: str) -> None:
    """Refuse a layer with a layer inside, with weights, that has no counterpart in what was made of it.

    Args:
        pairs: What :func:`pair_layers` returned.
        partners: What it was given.
        path: Where the layer stands.

    Raises:
        LayerStateError: It has.
    """
    outer = pairs[0][0]
    known = {id(old) for old, _ in pairs}
    for layer in _layers_inside(outer, partners):
        if id(layer) not in known:
            for variable in _variables_by_name(layer).values():
                raise errors.LayerStateError(path, type(outer).__name__, variable.path, tuple(variable.shape))


def _layers_inside(layer: keras.Layer, partners: Mapping[int, keras.Layer]) -> Iterator[keras.Layer]:
    """Yield the layers inside *layer*, but for *partners* and what is inside of them."""
    for inner in own_layers(layer):
        if id(inner) not in partners:
            yield inner
            yield from _layers_inside(inner, partners)


def has_other_state(layer: keras.Layer) -> bool:
    """Return whether the class of *layer* keeps more than variables, by methods that Keras's files are written with."""
    methods = [getattr(type(layer), name, None) for name in ("save_own_variables", "load_own_variables")]
    return hasattr(layer, "load_assets") or not _VARIABLES_ALONE.issuperset(methods)


def copy_other_state(pairs: Pairs) -> None:
    """Hand on what the layers keep besides variables: each by the methods of its class, as in a file.

    Args:
        pairs: Layers, and what was made of them.
    """
    keeping = [(old, new) for old, new in pairs if has_other_state(old)]
    if not keeping:
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, (old, new) in enumerate(keeping):
            _hand_over(old, new, os.path.join(folder, str(number)))


def _hand_over(old: Any, new: Any, place: str) -> None:
    with open_store(f"{place}.weights.h5", "w") as store:
        old.save_own_variables(store.make("layer"))
    with open_store(f"{place}.weights.h5", "r") as store:
        new.load_own_variables(store.get("layer"))
    if hasattr(old, "save_assets") and hasattr(new, "load_assets"):
        os.mkdir(place)
        old.save_assets(place)
        new.load_assets(place)
