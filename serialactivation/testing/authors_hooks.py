"""Finds the hooks that a layer's author wrote, and calls them."""

import inspect
from typing import Final

import keras

from serialactivation.layer.fields import activation_fields
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.spec.fields import ActivationField

__all__ = ["chooses", "resolve", "resolves"]

_OF_FIELD: Final = {"resolve_activation": "resolver", "validate_activation": "validator"}


def resolves(layer: keras.Layer, field: str) -> bool:
    """Return whether a layer has its own hook that resolves the values of a field."""
    return _is_own(type(layer), _find(type(layer), field), "resolve_activation")


def chooses(layer_class: type[keras.Layer], field: str) -> bool:
    """Return whether a class has its own hook that decides which activations a field accepts."""
    found = _find(layer_class, field)
    return any(_is_own(layer_class, found, hook) for hook in _OF_FIELD)


def resolve(layer: keras.Layer, field: str, given: object) -> object:
    """Return the value to which a layer's own hook resolves the one given for a field."""
    hooks: type[ActivationHooks] = type(layer)  # type: ignore[assignment]  # a decorated class has the hooks, too
    return hooks.resolve_activation(_find(type(layer), field), given)


def _find(layer_class: type[keras.Layer], field: str) -> ActivationField:
    return next(one for one in activation_fields(layer_class) if one.name == field)


def _is_own(layer_class: type[keras.Layer], field: ActivationField, hook: str) -> bool:
    if getattr(field, _OF_FIELD[hook]) is not None:
        return True
    found = inspect.getattr_static(layer_class, hook, None)
    return found is not None and found is not inspect.getattr_static(ActivationHooks, hook)
