"""Configuration objects among the other arguments of a layer without ``get_config``: to JSON and back.

A class is found only by its registered name: reading a file imports nothing.
"""

import types
from collections.abc import Callable, Mapping
from typing import Any, cast

from serialactivation import errors
from serialactivation.catalog.marks import CONFIGURED, MAPPING, NAMESPACE, OBJECT, TUPLE, TUPLE_MARKS
from serialactivation.codec.definitions.suggested_code import register_object
from serialactivation.codec.nesting_depth import PLAIN
from serialactivation.keras_api.registry import find_custom_class, find_custom_name
from serialactivation.spec.config_objects import (
    NOTHING,
    defaults_of,
    has_config_methods,
    is_declared,
    is_mapping,
    make_configuration,
    members_of,
)
from serialactivation.spec.mappings import STANDARD, has_other_keys, is_like_dict, make_mapping
from serialactivation.typing import JSON, Config

__all__ = [
    "copy_object",
    "holds_objects",
    "is_known",
    "is_stored",
    "is_stored_object",
    "parts_of",
    "read_object",
    "write_object",
]


def is_stored(value: object) -> bool:
    """Return whether *value* is a configuration object that is stored by its members.

    An object with both ``get_config`` and ``from_config`` is stored by these; most mappings are stored as a dict.
    """
    kind = value.__class__
    if kind in PLAIN or kind is dict:
        return False
    if kind is types.SimpleNamespace:
        return True
    is_known = not is_like_dict(kind) if is_mapping(value) else is_declared(kind)
    if not is_known or members_of(value) is None:
        return False
    return not has_config_methods(kind)


def is_known(kind: type) -> bool:
    """Return whether a load finds a class of configuration objects: it is one of Python's, or is registered."""
    return kind is types.SimpleNamespace or kind in STANDARD.values() or find_custom_name(kind) is not None


def parts_of(layer_class: type, argument: str, value: object) -> dict[str, object]:
    """Return the members of *value*, a configuration object.

    Raises:
        LayerArgumentError: Its class is not registered with Keras, or it has keys that are not strings.
    """
    kind = value.__class__
    if not is_known(kind):
        raise errors.LayerArgumentError(
            layer_class.__name__,
            argument,
            value,
            f"class {kind.__name__} is not registered with Keras",
            registration=register_object(kind),
        )
    members = members_of(value) or {}
    if is_mapping(value) and has_other_keys(cast("Mapping[Any, object]", value)):
        reason = "a config turns the keys of a mapping into strings, and these keys are not strings"
        raise errors.LayerArgumentError(layer_class.__name__, argument, value, reason)
    return members


def copy_object(value: object, copy: Callable[[object], object]) -> object:
    """Return a copy of a configuration object whose members are copied by *copy*.

    A mapping with keys that are not strings, which no config can hold, is returned unchanged.
    """
    members = {name: copy(item) for name, item in (members_of(value) or {}).items()}
    if is_mapping(value) and has_other_keys(cast("Mapping[Any, object]", value)):
        return value
    if value.__class__ is types.SimpleNamespace:
        return types.SimpleNamespace(**members)
    return (make_mapping if is_mapping(value) else make_configuration)(value.__class__, members)


def write_object(layer_class: type, argument: str, value: object, write: Callable[[object], JSON]) -> Config:
    """Return a configuration object as JSON types.

    Args:
        layer_class: The class of the layer, for the error.
        argument: The name of the argument, for the error.
        value: The object.
        write: Returns the stored form of a member.

    Raises:
        LayerArgumentError: Its class is not registered with Keras.
    """
    members = cast("JSON", {name: write(item) for name, item in parts_of(layer_class, argument, value).items()})
    if value.__class__ is types.SimpleNamespace:
        return {"class_name": NAMESPACE, "members": members}
    kind = next((name for name, standard in STANDARD.items() if standard is value.__class__), None)
    if kind is not None:
        return {"class_name": MAPPING, "kind": kind, "members": members}
    return {"class_name": OBJECT, "registered_name": find_custom_name(value.__class__), "members": members}


def holds_objects(value: object) -> bool:
    """Return whether *value*, which is of JSON types, is or holds the stored form of a configuration object."""
    if isinstance(value, list):
        return any(map(holds_objects, value))
    if not isinstance(value, dict):
        return False
    is_read = value.get("class_name", TUPLE) in TUPLE_MARKS
    return is_stored_object(value) or (is_read and any(map(holds_objects, value.values())))


def is_stored_object(config: object) -> bool:
    """Return whether *config* is the stored form of a configuration object."""
    return isinstance(config, Mapping) and config.get("class_name") in CONFIGURED


def read_object(config: Mapping[str, Any], read: Callable[[object], object]) -> object:
    """Return the configuration object whose stored form is *config*.

    The constructor runs only for mappings, and receives a dict.

    Raises:
        ActivationConfigError: No class is registered under the name, or it does not have these members.
    """
    stored = config.get("members")
    if not isinstance(stored, Mapping):
        raise _lost(config, "it has no members", errors.DAMAGED)
    members = {str(name): read(item) for name, item in stored.items()}
    if config["class_name"] == NAMESPACE:
        return types.SimpleNamespace(**members)
    if config["class_name"] == MAPPING:
        kind = STANDARD.get(str(config.get("kind")))
    else:
        kind = find_custom_class(str(config.get("registered_name")))
    if kind is None or not (is_declared(kind) or issubclass(kind, Mapping)):
        cure = "Import the module that defines and registers the class before loading."
        raise _lost(config, "no configuration class is registered under this name", cure)
    return _make(kind, members, config)


def _make(kind: type, members: Mapping[str, object], config: Mapping[str, Any]) -> object:
    """Return an object of *kind*; members that were added to the class since the save have their defaults."""
    if not is_declared(kind):
        return _make_of_members(make_mapping, kind, members, config)
    defaults = defaults_of(kind)
    whole = {**{name: default for name, default in defaults.items() if default is not NOTHING}, **members}
    is_tuple = issubclass(kind, tuple)  # which holds what it declares, and nothing else
    taken = [name for name in members if name not in defaults and (is_tuple or _is_taken(kind, name))]
    missing = [name for name in defaults if name not in whole] if is_tuple else []
    if taken or missing:
        reason = f"class {kind.__name__} has no such member: {(taken or missing)[0]!r}"
        raise _lost(config, reason, _give_members(kind))
    return _make_of_members(make_configuration, kind, whole, config)


def _make_of_members(
    make: Callable[[type, Mapping[str, object]], object],
    kind: type,
    members: Mapping[str, object],
    config: Mapping[str, Any],
) -> object:
    try:
        return make(kind, members)
    except (AttributeError, TypeError) as error:
        raise _lost(config, f"class {kind.__name__} does not accept these members", _give_members(kind)) from error


def _give_members(kind: type) -> str:
    return f"Give class {kind.__name__} the members that it had when the model was saved."


def _is_taken(kind: type, name: str) -> bool:
    """Return whether *name* is a method of *kind*, or another attribute that a file must not override."""
    found = getattr(kind, name, None)
    return name.startswith("__") or (found is not None and not isinstance(found, bool | int | float | str | tuple))


def _lost(config: Mapping[str, Any], reason: str, cure: str) -> "errors.ActivationConfigError":
    return errors.ActivationConfigError("$", dict(config), reason, cure)
