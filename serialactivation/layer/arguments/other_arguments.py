"""The other arguments of layers that have no ``get_config``: plain values and Keras objects, to JSON and back."""

import enum
from collections.abc import Iterable, Mapping
from typing import cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import mark_tuples, restore_tuple
from serialactivation.catalog.marks import CONFIGURED, TUPLE, TUPLE_MARKS
from serialactivation.codec.checks.objects import check_storable
from serialactivation.codec.nesting_depth import END, is_too_deep, items_of
from serialactivation.codec.sharing_ids import decode_once, mark_shared
from serialactivation.keras_api.sublayers import build_once
from serialactivation.layer.arguments.enums import ENUM, read_member, write_member
from serialactivation.layer.arguments.objects import (
    copy_object,
    holds_objects,
    is_known,
    is_stored,
    is_stored_object,
    parts_of,
    read_object,
    write_object,
)
from serialactivation.spec.config_objects import is_configuration, is_mapping, members_of
from serialactivation.spec.layer_spec import spec_of
from serialactivation.spec.mappings import has_other_keys
from serialactivation.typing import JSON, Config, SupportsConfig

__all__ = [
    "check_argument",
    "copy_containers",
    "has_no_end",
    "has_parts",
    "is_passed_to_parent",
    "is_written",
    "read_argument",
    "read_marks",
    "read_objects",
    "write_argument",
    "write_parts",
]


def check_argument(layer_class: type, name: str, value: object) -> None:
    """Refuse *value* if no config can hold it.

    Raises:
        LayerArgumentError: It is neither a plain value, nor a member of an enum that Keras knows, nor an object with
            ``get_config``, nor a container of these.
        UnserializableActivationError: It is, or holds, an object that would not come back.
    """
    if isinstance(value, enum.Enum):
        write_member(layer_class, name, value)
        return
    if value is None or isinstance(value, bool | int | float | str):
        return
    if is_stored(value):
        for member, item in parts_of(layer_class, name, value).items():
            check_argument(layer_class, f"{name}.{member}", item)
        return
    if hasattr(value, "get_config"):
        check_storable(cast("SupportsConfig", value))
        return
    for item in _items(layer_class, name, value):
        check_argument(layer_class, name, item)


def _items(layer_class: type, name: str, value: object) -> Iterable[object]:
    """Return the items of a container, which must be of a type that comes back."""
    reason = _refusal(value)
    if reason is not None:
        cure = _say_declaration(layer_class, name) if callable(value) else None
        raise errors.LayerArgumentError(layer_class.__name__, name, value, reason, cure)
    return value.values() if isinstance(value, Mapping) else cast("Iterable[object]", value)


def _refusal(value: object) -> str | None:
    """Return why no config can hold *value*, or None for a list, a tuple and a dict that one can hold."""
    if isinstance(value, Mapping):
        if has_other_keys(value):
            return "a config turns the keys of a dict into strings, and these keys are not strings"
        if {"class_name", "config"} <= set(value) or value.get("class_name") in (*TUPLE_MARKS, ENUM, *CONFIGURED):
            return "Keras would read a dict with these keys as the config of an object"
        return None
    if type(value) is list or type(value) is tuple or _is_tracked(value):
        return None
    if isinstance(value, list | tuple):
        return f"it would be loaded as a plain {type(value).__mro__[1].__name__}"
    if callable(value):
        return "a function is not a plain value, and only those of activation fields are stored by name"
    return "it is neither a plain value nor an object with get_config()"


def _say_declaration(layer_class: type, name: str) -> str:
    """Return the cure for a function: an activation's argument may have a name by which it is not found."""
    fields = [*(field.name for field in spec_of(layer_class).fields), name]
    return (
        f"If it is an activation, declare its argument: fields={fields}. If not, pass a plain value or a registered "
        f"Keras object, or write {layer_class.__name__}.get_config()."
    )


def copy_containers(value: object) -> object:
    """Return *value* with all its containers and configuration objects copied: a constructor may change them."""
    if is_stored(value):
        return copy_object(value, copy_containers)
    if isinstance(value, Mapping):
        return {key: copy_containers(item) for key, item in value.items()} if _refusal(value) is None else value
    if type(value) is list or _is_tracked(value):
        return [copy_containers(item) for item in cast("list[object]", value)]
    if type(value) is tuple:
        return tuple(copy_containers(item) for item in value)
    return value


def has_no_end(value: object) -> bool:
    """Return whether a container or a configuration object contains itself: it can be neither copied nor written."""
    return is_too_deep(value, END, _look_into)


def _look_into(value: object) -> Iterable[object]:
    """Return the items of a container, or the members of a configuration object."""
    return (members_of(value) or {}).values() if is_stored(value) else items_of(value)


def _is_tracked(value: object) -> bool:
    """Return whether *value* is a list of Keras's own type, which replaces a list assigned to a layer's attribute."""
    return isinstance(value, list) and type(value).__module__.partition(".")[0] == "keras"


def is_passed_to_parent(value: object, parent_value: object) -> bool:
    """Return whether a constructor passed *value* unchanged to its parent's, whose config then has it.

    A configuration object is copied on the way up, so its members are compared.
    """
    if value is parent_value:  # NaN is not equal to itself
        return True
    if isinstance(value, bool | int | float | str):
        return type(value) is type(parent_value) and value == parent_value
    if isinstance(value, list | tuple | dict) and value == parent_value:
        return True
    return is_configuration(value) and type(value) is type(parent_value) and _have_equal_members(value, parent_value)


def _have_equal_members(value: object, other: object) -> bool:
    """Return whether two configuration objects of one class hold the same members."""
    members, others = members_of(value) or {}, members_of(other) or {}
    return members.keys() == others.keys() and all(
        is_passed_to_parent(item, others[name]) for name, item in members.items()
    )


def write_argument(layer_class: type, name: str, value: object) -> JSON:
    """Return *value* as JSON types; a tuple is marked, so that it comes back as a tuple.

    Raises:
        LayerArgumentError: No config can hold it.
    """
    if isinstance(value, enum.Enum):  # a member of an IntEnum is an int, too, and would come back as an int
        return write_member(layer_class, name, value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_stored(value):
        return write_object(layer_class, name, value, lambda item: write_argument(layer_class, name, item))
    if isinstance(value, tuple):
        return mark_tuples(tuple(write_argument(layer_class, name, item) for item in value))
    if isinstance(value, list):
        return [write_argument(layer_class, name, item) for item in value]
    if isinstance(value, Mapping):
        return {key: write_argument(layer_class, name, item) for key, item in value.items()}
    check_argument(layer_class, name, value)
    config = cast("Config", keras.saving.serialize_keras_object(value))
    return mark_shared(value, config) if isinstance(value, keras.Layer) else cast("JSON", config)


def has_parts(value: object) -> bool:
    """Return whether *value* is, or holds, an object of a type that JSON lacks."""
    if isinstance(value, dict):
        return any(map(has_parts, value.values()))
    if isinstance(value, list) or type(value) is tuple:
        return any(map(has_parts, value))
    return not (value is None or isinstance(value, bool | int | float | str)) or isinstance(value, enum.Enum)


def write_parts(layer_class: type, name: str, value: object) -> object:
    """Return an author's *value* with its configuration objects and Keras objects as JSON types.

    Everything else stays as the author wrote it. A mapping whose class Keras does not know is written as a dict.

    Raises:
        LayerArgumentError: No config can hold one of the objects.
    """
    if is_stored(value) and not (is_mapping(value) and not is_known(type(value))):
        return write_argument(layer_class, name, value)
    if is_mapping(value):
        items = cast("Mapping[object, object]", value).items()
        return {key: write_parts(layer_class, name, item) for key, item in items}
    if isinstance(value, list) or type(value) is tuple:
        parts = [write_parts(layer_class, name, item) for item in value]
        if isinstance(value, list):
            return parts
        return mark_tuples(tuple(parts)) if any(map(holds_objects, parts)) else tuple(parts)
    if hasattr(value, "get_config") and not isinstance(value, type):
        return keras.saving.serialize_keras_object(value)
    return value


def read_objects(value: object) -> object:
    """Return what :func:`write_parts` was given, but for Keras's objects: those are for the author to read."""
    if not holds_objects(value):
        return value
    if is_stored_object(value):
        return read_argument(value)
    value = restore_tuple(value)
    if isinstance(value, dict):
        return {key: read_objects(item) for key, item in value.items()}
    items = [read_objects(item) for item in cast("Iterable[object]", value)]
    return tuple(items) if type(value) is tuple else items


def is_written(value: object) -> bool:
    """Return whether *value* is, or holds, a stored form of :func:`write_argument` for a type that JSON lacks."""
    if isinstance(value, dict):
        marks = (*TUPLE_MARKS, ENUM, *CONFIGURED)
        marked = value.get("class_name") in marks or {"class_name", "config"} <= set(value)
        return marked or any(map(is_written, value.values()))
    return isinstance(value, list | tuple) and any(map(is_written, value))


def read_marks(value: object) -> object:
    """Return *value* with its tuples, enums and configuration objects read, and configs of Keras objects unchanged."""
    if isinstance(value, dict) and value.get("class_name") in (TUPLE, ENUM, *CONFIGURED):
        return read_argument(value)
    if isinstance(value, dict) and "class_name" not in value:
        return {key: read_marks(item) for key, item in value.items()}
    return [read_marks(item) for item in value] if type(value) is list else value


def read_argument(value: object) -> object:
    """Return the value that :func:`write_argument` has written as *value*."""
    value = restore_tuple(value)
    if type(value) is tuple:
        return tuple(read_argument(item) for item in value)
    if isinstance(value, dict) and is_stored_object(value):
        return read_object(value, read_argument)
    if isinstance(value, dict) and value.get("class_name") == ENUM:
        return read_member(value)
    if isinstance(value, dict) and {"class_name", "config"} <= set(value):
        return decode_once(cast("Config", dict(value)), _read_object)
    if isinstance(value, dict):
        return {key: read_argument(item) for key, item in value.items()}
    if isinstance(value, list):
        return [read_argument(item) for item in value]
    return value


def _read_object(config: Mapping[str, object]) -> object:
    """Return a Keras object. A built layer comes back built, and building it again changes nothing."""
    value: object = keras.saving.deserialize_keras_object(config)
    if isinstance(value, keras.Layer):
        build_once(value)
    return value
