"""Lists, tuples and dicts of activations, nested: what one field may hold, taken apart and put together."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from serialactivation.codec import decode, encode
from serialactivation.errors import ActivationConfigError
from serialactivation.fields import is_plain
from serialactivation.typing import JSON

__all__ = ["decode_container", "encode_container", "flatten", "map_activations", "mark_tuple", "restore_tuple"]

TUPLE: Final = "__tuple__"

Container: TypeAlias = object


def map_activations(function: Callable[[object, str], object], value: Container, path: str = "$") -> Container:
    """Return *value* with *function* applied to every activation in it; bools and numbers are left as they are."""
    if is_plain(value):
        return value
    if isinstance(value, list | tuple):
        mapped = [map_activations(function, item, f"{path}[{index}]") for index, item in enumerate(value)]
        return tuple(mapped) if isinstance(value, tuple) else mapped
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: map_activations(function, item, f"{path}.{key}") for key, item in value.items()}
    return function(value, path)


def flatten(value: Container) -> list[object]:
    """Return the activations in *value*, one level, in order."""
    found: list[object] = []
    map_activations(lambda activation, _: found.append(activation), value)
    return found


def encode_container(value: Container) -> JSON:
    """Return a field's value as JSON; a tuple is marked, so that it comes back as a tuple."""
    return _mark_tuples(map_activations(lambda activation, _: encode(activation), value))


def mark_tuple(items: list[JSON]) -> JSON:
    """Return a tuple's *items* marked for one, in the form that Keras's reader of ``.h5`` files knows too."""
    return {"class_name": TUPLE, "items": items}


def restore_tuple(config: object) -> object:
    """Return the items of a marked tuple as a tuple, and anything else as it is."""
    if isinstance(config, Mapping) and config.get("class_name") == TUPLE and isinstance(config.get("items"), list):
        return tuple(config["items"])
    return config


def _mark_tuples(value: object) -> JSON:
    if isinstance(value, tuple):
        return mark_tuple([_mark_tuples(item) for item in value])
    if isinstance(value, list):
        return [_mark_tuples(item) for item in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: _mark_tuples(item) for key, item in value.items()}
    return cast("JSON", value)


def decode_container(config: JSON, path: str = "$") -> Container:
    """Return the field's value that *config* was encoded from.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
    """
    try:
        return map_activations(lambda item, where: decode(cast("JSON", item), where), _restore_tuples(config), path)
    except RecursionError as error:
        raise ActivationConfigError(path, "...", "it is nested too deep", "The file is damaged.") from error


def _restore_tuples(config: object) -> object:
    config = restore_tuple(config)
    if isinstance(config, Mapping) and "class_name" not in config:
        return {key: _restore_tuples(item) for key, item in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(_restore_tuples(item) for item in config)
    return config
