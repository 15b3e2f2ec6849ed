"""Activations without a hash: since 3.16, ``keras.activations.serialize`` looks for its argument in a set."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import keras

from serialactivation.codec.functions import PartialActivation
from serialactivation.keras_api.internals import LAYERS
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.keras_api.temporary_attributes import run_with_each
from serialactivation.spec.nested import flatten, map_activations

__all__ = ["run_with_hashable"]

ResultT = TypeVar("ResultT")


def run_with_hashable(layer: keras.Layer, activations: Iterable[object], run: Callable[[], ResultT]) -> ResultT:
    """Return the result of *run*, an author's ``get_config``, which may serialize each of the *activations* of *layer*.

    A class that defines ``__eq__`` alone has no hash. Meanwhile, the layer, its cell or its other sublayers have an
    equal activation in the place of such an object. What is serialized then is not stored: fields are encoded apart.
    """
    unhashable = {
        id(one): PartialActivation(one) for one in activations if callable(one) and type(one).__hash__ is None
    }
    if not unhashable:
        return run()
    return run_with_each(list(_find_changes(layer, unhashable)), run)


def _find_changes(
    layer: keras.Layer, stand_ins: Mapping[int, PartialActivation]
) -> Iterator[tuple[object, Mapping[str, object]]]:
    """Yield the layers whose attributes hold one of the activations, with the values to set meanwhile."""
    for holder in sublayers(layer):
        found = {name: value for name, value in vars(holder).items() if name != LAYERS and _holds(value, stand_ins)}
        yield (
            holder,
            {name: map_activations(functools.partial(_replace, stand_ins), value) for name, value in found.items()},
        )


def _holds(value: object, stand_ins: Mapping[int, PartialActivation]) -> bool:
    return any(id(one) in stand_ins for one in flatten(value))


def _replace(stand_ins: Mapping[int, PartialActivation], one: object, _: str) -> object:
    return stand_ins.get(id(one), one)
