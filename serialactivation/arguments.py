"""The other arguments of layers that have no ``get_config``: plain values and Keras objects, to JSON and back."""

from collections.abc import Mapping
from typing import cast

import keras

from serialactivation.containers import mark_tuple, restore_tuple
from serialactivation.errors import LayerArgumentError
from serialactivation.sharing import mark_shared
from serialactivation.storable import check_storable
from serialactivation.typing import JSON, Config, SupportsConfig

__all__ = ["check_argument", "read_argument", "write_argument"]


def check_argument(layer_class: type, name: str, value: object) -> None:
    """Refuse *value* if no config can hold it.

    Raises:
        LayerArgumentError: It is neither a plain value, nor an object with ``get_config``, nor a container of these.
        UnserializableActivationError: It is an object that could not come back, or holds one.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return
    if hasattr(value, "get_config"):
        check_storable(cast("SupportsConfig", value))
        return
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if not isinstance(value, list | tuple):
        reason = "it is neither a plain value nor an object with get_config()"
        raise LayerArgumentError(layer_class.__name__, name, value, reason)
    for item in value:
        check_argument(layer_class, name, item)


def write_argument(layer_class: type, name: str, value: object) -> JSON:
    """Return *value* as JSON types; a tuple is marked, so that it comes back as a tuple.

    Raises:
        LayerArgumentError: No config can hold it.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return mark_tuple([write_argument(layer_class, name, item) for item in value])
    if isinstance(value, list):
        return [write_argument(layer_class, name, item) for item in value]
    if isinstance(value, Mapping):
        return {key: write_argument(layer_class, name, item) for key, item in value.items()}
    check_argument(layer_class, name, value)
    config = cast("Config", keras.saving.serialize_keras_object(value))
    return mark_shared(value, config) if isinstance(value, keras.Layer) else cast("JSON", config)


def read_argument(value: object) -> object:
    """Return what :func:`write_argument` was given."""
    value = restore_tuple(value)
    if isinstance(value, tuple):
        return tuple(read_argument(item) for item in value)
    if isinstance(value, Mapping) and {"class_name", "config"} <= set(value):
        return keras.saving.deserialize_keras_object(value)
    if isinstance(value, Mapping):
        return {key: read_argument(item) for key, item in value.items()}
    if isinstance(value, list):
        return [read_argument(item) for item in value]
    return value
