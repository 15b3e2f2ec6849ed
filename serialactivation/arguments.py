"""The other arguments of layers that have no ``get_config``: plain values and Keras objects, to JSON and back."""

from collections.abc import Mapping
from typing import cast

import keras

from serialactivation.errors import LayerArgumentError
from serialactivation.typing import JSON

__all__ = ["check_argument", "read_argument", "write_argument"]


def check_argument(layer_class: type, name: str, value: object) -> None:
    """Refuse *value* if no config can hold it.

    Raises:
        LayerArgumentError: It is neither a plain value, nor an object with ``get_config``, nor a container of these.
    """
    if value is None or isinstance(value, bool | int | float | str) or hasattr(value, "get_config"):
        return
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if not isinstance(value, list | tuple):
        reason = "it is neither a plain value nor an object with get_config()"
        raise LayerArgumentError(layer_class.__name__, name, value, reason)
    for item in value:
        check_argument(layer_class, name, item)


def write_argument(layer_class: type, name: str, value: object) -> JSON:
    """Return *value* as JSON types; tuples become lists, as they do in every config of Keras.

    Raises:
        LayerArgumentError: No config can hold it.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [write_argument(layer_class, name, item) for item in value]
    if isinstance(value, Mapping):
        return {key: write_argument(layer_class, name, item) for key, item in value.items()}
    check_argument(layer_class, name, value)
    return cast("JSON", keras.saving.serialize_keras_object(value))


def read_argument(value: object) -> object:
    """Return what :func:`write_argument` was given."""
    if isinstance(value, Mapping) and {"class_name", "config"} <= set(value):
        return keras.saving.deserialize_keras_object(value)
    if isinstance(value, Mapping):
        return {key: read_argument(item) for key, item in value.items()}
    if isinstance(value, list):
        return [read_argument(item) for item in value]
    return value
