"""Where an activation was refused: the codec knows no layer and no field."""

import attrs

from serialactivation import errors

__all__ = ["placed"]


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
        if error is None:
            return
        refused = errors.UnserializableActivationError | errors.UnknownActivationError
        if isinstance(error, refused) and error.layer is None:
            label = self._layer_class.__name__
            layer = f"{label} {self._name!r}" if isinstance(self._name, str) else label
            raise attrs.evolve(error, layer=layer, field=self._field) from error.__cause__
