"""The cure of what would be lost: the lines to write, and the code of the same finding of the commands."""

import functools
from types import MappingProxyType
from typing import Final

import keras
import numpy as np

from serialactivation import errors, layers
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.codec.codec import resolve
from serialactivation.model_check.activations.places import Spot
from serialactivation.models.copies.comparison import is_ours
from serialactivation.spec.layer_spec import is_keras_class
from serialactivation.spec.nested import Container, flatten

__all__ = ["cure_activation", "cure_format", "cure_layer", "find_code", "find_refusal", "is_functional", "is_graph"]

_CONVERT: Final = "model = serialactivation.convert(model)"
_OURS: Final = MappingProxyType(
    {
        "h5": "serialactivation.save_model(model, path)  # and serialactivation.load_model(path)",
        "json": "serialactivation.model_to_json(model)  # and serialactivation.model_from_json(text)",
        "clone": "serialactivation.clone_model(model)",
    }
)


def cure_activation(spot: Spot, value: Container) -> str:
    """Return what to write so that the activation of a layer comes back."""
    refusals = filter(None, map(find_refusal, flatten(value)))
    return next((cure for _, cure in refusals), cure_layer(spot))


def find_refusal(activation: object) -> tuple[str, str] | None:
    """Return why no layer keeps an activation, and the cure; None if a layer of this package keeps it."""
    try:
        resolve(activation)
    except errors.UnserializableActivationError as error:
        return error.reason, error.cure
    except errors.ActivationError as error:
        reason, _, cure = str(error).partition("\n")
        return reason, cure or reason
    return None


def cure_layer(spot: Spot) -> str:
    """Return what to write so that a layer keeps an activation that can be kept."""
    if is_ours(spot.layer):
        return f"{spot.kind}(...)  # a new one: this one was changed after it was made"
    if not spot.is_stock:
        return f"@serialactivation.serializable_activation  # above class {spot.kind}"
    if all(is_graph(owner) or not isinstance(owner, keras.Model) for owner in spot.owners) and all(
        is_keras_class(type(owner)) for owner in spot.owners
    ):
        return _CONVERT
    if spot.kind in layers.__all__:
        return f"serialactivation.layers.{spot.kind}(...)  # in place of keras.layers.{spot.kind}"
    return f"@serialactivation.serializable_activation  # above class {type(spot.owners[-1]).__name__}"


def is_functional(layer: keras.Layer) -> bool:
    """Return whether *layer* is a Functional model, which has its weights from the start."""
    return hasattr(layer, "operations")


def is_graph(model: object) -> bool:
    """Return whether the layers that a model calls are known: it is Sequential or Functional."""
    return is_keras_class(type(model)) and (isinstance(model, keras.Sequential) or hasattr(model, "operations"))


def cure_format(spot: Spot, way: str) -> str:
    """Return what to write where Keras's own functions lose a layer, or its sharing, on a *way* back."""
    lines = [] if is_ours(spot.layer) else [cure_layer(spot)]
    return "\n".join([*lines, *filter(None, [_OURS.get(way)])]) or cure_layer(spot)


def find_code(spot: Spot, value: Container, came_back: str | None) -> str | None:
    """Return the code of the finding of ``check`` or ``lint`` that says the same of an activation, or None."""
    codes = [_find_one(spot, one, came_back) for one in flatten(value)]
    return next(filter(None, codes), None)


def _find_one(spot: Spot, activation: object, came_back: str | None) -> str | None:
    if getattr(activation, "__name__", "") == "<lambda>":
        return "SA101"
    if isinstance(activation, type):
        return "SA413"
    if isinstance(activation, np.ufunc):
        return "SA415"
    if not spot.is_stock:
        return "SA230" if came_back is None else "SA402"
    if isinstance(activation, functools.partial):
        return "SA409"
    if isinstance(activation, keras.Layer):
        return "SA106" if is_newer(OBJECTS_SINCE, keras.__version__) else None
    if came_back is None:
        return "SA103"
    return "SA410"
