"""Adds the layer and the field to errors of the codec, which knows neither."""

from collections.abc import Mapping

import attrs

from serialactivation import errors
from serialactivation.catalog.marks import PACKAGE

__all__ = ["locate", "locate_argument", "shorten"]


def locate_argument(error: "errors.ActivationError", layer_class: type, arguments: object) -> "errors.ActivationError":
    """Return an *error* of the codec, raised in an author's code, with the layer and the argument.

    Args:
        error: The error.
        layer_class: The class of the layer whose code ran.
        arguments: The arguments of the layer by name; or its config, which may be of any type.
    """
    given = arguments if isinstance(arguments, Mapping) else {}
    value = error.name if isinstance(error, errors.UnknownActivationError) else getattr(error, "value", None)
    field = next((name for name, held in given.items() if held is value), None)
    return locate(error, layer_class, given.get("name"), field)


def locate(
    error: "errors.ActivationError", layer_class: type, name: object, field: str | None
) -> "errors.ActivationError":
    """Return an *error* about an activation with the layer and the field, unless it has them.

    Args:
        error: The error.
        layer_class: The class of the layer.
        name: The name of the layer, if it was given one.
        field: The field's name.
    """
    label = layer_class.__name__
    layer = f"{label} {name!r}" if isinstance(name, str) else label
    if isinstance(error, errors.UnserializableActivationError | errors.UnknownActivationError) and error.layer is None:
        return attrs.evolve(error, layer=layer, field=field).with_traceback(error.__traceback__)
    if isinstance(error, errors.ActivationConfigError) and error.layer is None:
        return attrs.evolve(error, layer=layer).with_traceback(error.__traceback__)
    return error


def shorten(error: "errors.ActivationError") -> "errors.ActivationError":
    """Return *error* without its traceback, if that has only frames of this package."""
    frame = error.__traceback__
    while frame is not None:
        if not str(frame.tb_frame.f_globals.get("__name__")).startswith(f"{PACKAGE}."):
            return error
        frame = frame.tb_next
    return error.with_traceback(None)
