"""Lists, tuples and dicts of activations, nested: what one field may hold, taken apart and put together."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from serialactivation import errors
from serialactivation.catalog.argument_names import is_plain
from serialactivation.catalog.forms import FunctionForm, mark_tuples, restore_tuples, write
from serialactivation.codec.codec import decode, encode
from serialactivation.direct import make_directly
from serialactivation.spec.fields import is_single
from serialactivation.typing import JSON

__all__ = ["decode_container", "encode_container", "flatten", "map_activations"]

Container: TypeAlias = object
_KERAS: Final = "keras.activations"


def map_activations(function: Callable[[object, str], object], value: Container, path: str = "$") -> Container:
    """Return *value* with *function* applied to every activation in it; bools and numbers are left as they are."""
    if is_single(value):
        return function(value, path)
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
    if is_single(value):
        return [value]
    found: list[object] = []
    map_activations(lambda activation, _: found.append(activation), value)
    return found


def encode_container(value: Container, *, spelled: bool = False) -> JSON:
    """Return a field's value as JSON; a tuple is marked, so that it comes back as a tuple.

    Args:
        value: What the field holds.
        spelled: Whether a function of Keras's is written as such: its name alone comes back as a string.
    """
    encode_one = _spell if spelled else encode
    return mark_tuples(map_activations(lambda activation, _: encode_one(activation), value))


def _spell(activation: object) -> JSON:
    config = encode(activation)
    return write(FunctionForm(_KERAS, config)) if isinstance(config, str) and callable(activation) else config


def decode_container(config: JSON, path: str = "$") -> Container:
    """Return the field's value that *config* was encoded from.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
    """
    made = make_directly(config) if isinstance(config, dict) else None
    if made is not None:
        return made
    try:
        return map_activations(lambda item, where: decode(cast("JSON", item), where), restore_tuples(config), path)
    except RecursionError as error:
        raise errors.ActivationConfigError(path, "...", "it is nested too deep", "The file is damaged.") from error
