"""What a layer is handed for the value of a field, be it given or stored."""

import functools
from typing import cast

import keras

from serialactivation import errors
from serialactivation.codec.nesting_depth import is_too_deep
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.spec.fields import ActivationField
from serialactivation.typing import JSON

__all__ = ["as_callable", "check_depth", "is_config", "resolve_field"]


def resolve_field(layer_class: type[keras.Layer], field: ActivationField, value: object) -> object:
    """Return what *layer_class* is handed for *value*, be it given or stored: resolved and validated by its hooks.

    Raises:
        ActivationError: It could not come back from a saved model, or cannot be read.
    """
    hooks = cast("type[ActivationHooks]", layer_class)
    if is_config(value):
        value = hooks.decode_activation(field, cast("JSON", value))
    resolved = hooks.resolve_activation(field, value)
    hooks.validate_activation(field, resolved)
    return as_callable(resolved) if field.resolve else resolved


def check_depth(field: ActivationField, value: object, cure: str = "Give fewer levels.") -> None:
    """Refuse a config, or a container, that is nested deeper than any layer's is, and say what to do.

    Raises:
        ActivationConfigError: It is.
    """
    if isinstance(value, list | tuple | dict | functools.partial) and is_too_deep(value):
        raise errors.ActivationConfigError(f"$.{field.key}", "...", "it is nested too deep", cure)


def is_config(value: object) -> bool:
    """Tell whether *value* is stored, not given: an object's config, or a container with one in it."""
    if isinstance(value, dict):
        return "class_name" in value or any(is_config(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_config(item) for item in value)


def as_callable(value: object) -> object:
    """Return the function that a name, or None, stands for; anything else as it is."""
    return keras.activations.get(value) if value is None or isinstance(value, str) else value
