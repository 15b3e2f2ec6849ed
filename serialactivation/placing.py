"""Where an activation was refused: the codec knows no layer and no field."""

import attrs

from serialactivation import errors

__all__ = ["placed"]


class placed:  # noqa: N801  # a context manager, as those of contextlib; entered for every layer of a model
    """Within it, an activation that is refused is refused for the *field* of *layer*: the codec knows neither."""

    def __init__(self, layer: str, field: str) -> None:
        self._layer = layer
        self._field = field

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None:
            return
        refused = errors.UnserializableActivationError | errors.UnknownActivationError
        if isinstance(error, refused) and error.layer is None:
            raise attrs.evolve(error, layer=self._layer, field=self._field) from error.__cause__
