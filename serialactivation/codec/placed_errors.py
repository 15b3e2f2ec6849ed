"""Where an activation was refused: the codec knows no layer and no field."""

from collections.abc import Mapping

import attrs

from serialactivation import errors
from serialactivation.catalog.marks import PACKAGE

__all__ = ["place_argument", "placed", "shorten"]


class placed:  # noqa: N801  # a context manager, as those of contextlib; entered for every layer of a model
    """Within it, an activation that is refused is refused for the *field* of a layer: the codec knows neither.

    Args:
        layer_class: The class of the layer.
        name: Its name, if it has been given one.
        field: The field's name.
    """

    def __init__(self, layer_class: type, name: object, field: str) -> None:
        self._layer_class = layer_class
        self._name = name
        self._field = field

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None and isinstance(error, errors.ActivationError):
            found = _place(error, self._layer_class, self._name, self._field)
            if found is not error:
                raise found from error.__cause__


def place_argument(error: "errors.ActivationError", layer_class: type, arguments: object) -> "errors.ActivationError":
    """Return an *error* of the codec, raised by an author's code, with the layer it was, and the argument.

    Args:
        error: The error.
        layer_class: The class of the layer whose code ran.
        arguments: What the layer was given, by name; a config may be anything.
    """
    given = arguments if isinstance(arguments, Mapping) else {}
    value = error.name if isinstance(error, errors.UnknownActivationError) else getattr(error, "value", None)
    field = next((name for name, held in given.items() if held is value), None)
    return _place(error, layer_class, given.get("name"), field)


def _place(
    error: "errors.ActivationError", layer_class: type, name: object, field: str | None
) -> "errors.ActivationError":
    label = layer_class.__name__
    layer = f"{label} {name!r}" if isinstance(name, str) else label
    if isinstance(error, errors.UnserializableActivationError | errors.UnknownActivationError) and error.layer is None:
        return attrs.evolve(error, layer=layer, field=field).with_traceback(error.__traceback__)
    if isinstance(error, errors.ActivationConfigError) and error.layer is None:
        return attrs.evolve(error, layer=layer).with_traceback(error.__traceback__)
    return error


def shorten(error: "errors.ActivationError") -> "errors.ActivationError":
    """Return *error* without the frames that it came through, unless code that is not this package's is among them."""
    frame = error.__traceback__
    while frame is not None:
        if not str(frame.tb_frame.f_globals.get("__name__")).startswith(f"{PACKAGE}."):
            return error
        frame = frame.tb_next
    return error.with_traceback(None)
