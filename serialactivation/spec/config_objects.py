"""Configuration objects: objects with named members, such as dataclasses. Reads and makes them. Keras-free.

Configuration objects are dataclasses, attrs classes, named tuples, mappings and other objects with attributes, also
inside lists and tuples. Only mappings are made by their constructor: for the others, its arguments may differ from the
members (``InitVar``, converters, aliases, fields that ``__post_init__`` fills).
"""

import copy
import dataclasses
import enum
import functools
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

import attrs

from serialactivation.catalog.argument_names import is_number, looks_like_activation
from serialactivation.catalog.functions import find_activation
from serialactivation.catalog.paths import Steps, without_indices, write_path
from serialactivation.spec.mappings import replace_items

__all__ = [
    "NOTHING",
    "Member",
    "defaults_of",
    "find_member",
    "find_within",
    "has_config_methods",
    "is_configuration",
    "is_declared",
    "is_mapping",
    "make_configuration",
    "map_members",
    "members_of",
    "replace_member",
]

NOTHING: Final = object()
"""Stands for a missing member."""

_ATOMS: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
_NO_CONFIGURATION: Final = (type, enum.Enum, types.ModuleType)
_FOREIGN: Final = frozenset({"builtins", "keras", "numpy", "jax", "jaxlib", "tensorflow", "torch"})
_FACTORY: Final[type] = type(attrs.Factory(list))
_CACHED_HASH: Final = "_attrs_cached_hash"
_GENERIC: Final = "__orig_class__"


class Member:
    """A member of a configuration object that holds an activation.

    Attributes:
        path: The argument and the steps from it to the member, such as ``config.blocks[0].activation``.
        value: The value of the member.
        names: Strings that the object's author accepts besides Keras's names.
    """

    __slots__ = ("names", "path", "value")

    def __init__(self, path: str, value: object, names: tuple[str, ...]) -> None:
        self.path = path
        self.value = value
        self.names = names


Parts: TypeAlias = Mapping[Any, object]


def is_configuration(value: object) -> bool:
    """Return whether *value* has named members and is not a dict, which may be a container of activations."""
    return not isinstance(value, dict) and members_of(value) is not None


def is_declared(kind: type) -> bool:
    """Return whether a class declares its members: a dataclass, an attrs class or a named tuple."""
    return dataclasses.is_dataclass(kind) or attrs.has(kind) or _is_named_tuple(kind)


def has_config_methods(kind: type) -> bool:
    """Return whether the objects of a class are stored by their author's ``get_config`` and ``from_config``."""
    return hasattr(kind, "get_config") and hasattr(kind, "from_config")


def is_mapping(value: object) -> bool:
    """Return whether *value* is a mapping whose class does not declare members."""
    return isinstance(value, dict) or (isinstance(value, Mapping) and not is_declared(value.__class__))


def _is_named_tuple(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def members_of(value: object) -> dict[str, object] | None:
    """Return the members of *value* without cached properties, or None if it is not a configuration object."""
    kind: type = value.__class__  # the inner class of a wrapper that TensorFlow puts around a layer's attribute
    if kind in _ATOMS or callable(value) or isinstance(value, _NO_CONFIGURATION):
        return None
    if is_mapping(value):
        return {key: item for key, item in cast("Parts", value).items() if isinstance(key, str)}
    if _is_named_tuple(kind):
        return dict(zip(cast("Any", kind)._fields, cast("tuple[object, ...]", value), strict=True))
    if isinstance(value, list | tuple | set | frozenset):
        return None
    if kind is not types.SimpleNamespace and not is_declared(kind) and kind.__module__.partition(".")[0] in _FOREIGN:
        return None
    return _attributes(value)


def _attributes(value: object) -> dict[str, object] | None:
    kind = value.__class__
    declared = {name: getattr(value, name, NOTHING) for name in defaults_of(kind)}
    others = getattr(value, "__dict__", None)
    if others is None and not is_declared(kind):
        return None
    cached = {_GENERIC} | {
        name for name in others or () if isinstance(getattr(kind, name, None), functools.cached_property)
    }
    members = {**declared, **(others or {})}
    return {name: item for name, item in members.items() if item is not NOTHING and name not in {*cached, _GENERIC}}


def defaults_of(kind: type) -> dict[str, object]:
    """Return the members that *kind* declares, with their defaults; :data:`NOTHING` for one without a fixed default."""
    if dataclasses.is_dataclass(kind):
        return {field.name: _value_or_nothing(field.default) for field in dataclasses.fields(kind)}
    if attrs.has(kind):
        return {field.name: _value_or_nothing(field.default) for field in attrs.fields(kind)}
    if _is_named_tuple(kind):
        named: Any = kind
        return {name: named._field_defaults.get(name, NOTHING) for name in named._fields}
    return {}


def _value_or_nothing(default: object) -> object:
    is_none = default is dataclasses.MISSING or default is attrs.NOTHING or isinstance(default, _FACTORY)
    return NOTHING if is_none else default


def make_configuration(kind: type, members: Mapping[str, object]) -> object:
    """Return an object of *kind* with *members*, without running its constructor.

    Raises:
        AttributeError: The class has no place for a member.
    """
    if _is_named_tuple(kind):
        named: Any = kind
        return named._make(members[name] for name in named._fields)
    made: object = object.__new__(kind)
    for name, item in members.items():
        object.__setattr__(made, name, item)  # a frozen class refuses setattr
    if hasattr(kind, _CACHED_HASH):
        object.__setattr__(made, _CACHED_HASH, None)
    return made


def _parts(value: object) -> Parts | None:
    if isinstance(value, list | tuple) and not _is_named_tuple(value.__class__):
        return dict(enumerate(value))
    return members_of(value)


def _rebuild(value: object, parts: Parts) -> object:
    """Return a copy of *value* with *parts* in it. Keras's own lists and dicts become Python's.

    Raises:
        MappingError: *value* is a mapping of a class that does not take a dict.
    """
    kind = value.__class__
    if isinstance(value, list | tuple) and not _is_named_tuple(kind):
        return list(parts.values()) if isinstance(value, list) else tuple(parts.values())
    if is_mapping(value):
        return replace_items(cast("Parts", value), parts)
    if is_declared(kind):
        return make_configuration(kind, cast("Mapping[str, object]", parts))
    other = copy.copy(value)
    vars(other).update(parts)
    return other


def find_member(value: object, steps: Steps) -> object:
    """Return the value at the end of *steps* in *value*, or :data:`NOTHING`."""
    for step in steps:
        value = (_parts(value) or {}).get(step, NOTHING)
    return value


def replace_member(value: object, steps: Steps, item: object) -> object:
    """Return a copy of *value* with *item* at the end of *steps*.

    Raises:
        LookupError: *value* has no such place.
    """
    if not steps:
        return item
    step, *rest = steps
    parts = _parts(value)
    if parts is None or (step not in parts and not isinstance(step, str)):
        raise LookupError(step)
    if rest and step not in parts:
        raise LookupError(step)
    return _rebuild(value, {**parts, step: replace_member(parts.get(step), tuple(rest), item)})


def find_within(wanted: Callable[[object], bool], value: object, argument: str) -> Iterator[tuple[str, object]]:
    """Yield the *wanted* values inside the value of an argument, in objects, lists, tuples and dicts, with their paths.

    Args:
        wanted: Returns whether a value is wanted. Callables are not searched.
        value: The value.
        argument: The argument's name.
    """
    yield from _find_within(wanted, value, (argument,), ())


def _find_within(
    wanted: Callable[[object], bool], value: object, steps: Steps, entered: tuple[int, ...]
) -> Iterator[tuple[str, object]]:
    if type(value) in _ATOMS or callable(value) or id(value) in entered:
        return
    if type(value) in (list, tuple) and _ATOMS.issuperset(map(type, cast("list[object]", value))):
        return
    for step, item in (_parts(value) or {}).items():
        if wanted(item):
            yield write_path((*steps, step)), item
        elif _is_copied(value) or _is_copied(item):
            yield from _find_within(wanted, item, (*steps, step), (*entered, id(value)))


def map_members(
    function: Callable[[Member], object],
    value: object,
    argument: str,
    declared: Collection[str] = (),
    *,
    within: bool = False,
    enters: Callable[[object], bool] | None = None,
) -> object:
    """Return *value* with *function* applied to every member of a configuration object in it that holds an activation.

    Objects with such members are copied, so that outside code cannot change them. Without any, *value* is returned.

    Args:
        function: Returns the new value of a member.
        value: The value of an argument: a configuration object, or a list, tuple or dict of them.
        argument: The argument's name.
        declared: The paths, without indices, of members that hold activations under other names.
        within: Whether every callable in *value* is an activation, because the argument's name says so.
        enters: Returns whether to search an object; by default, every object is searched.
    """
    return _Walk(function, frozenset(declared), enters).enter(value, (argument,), within)


class _Walk:
    def __init__(
        self, function: Callable[[Member], object], declared: frozenset[str], enters: Callable[[object], bool] | None
    ) -> None:
        self._function = function
        self._enters = enters
        self._declared = declared
        self._entered: list[int] = []
        self._found = 0

    def enter(self, value: object, steps: Steps, within: bool) -> object:
        if type(value) in _ATOMS or id(value) in self._entered:  # an object may contain itself
            return value
        if type(value) in (list, tuple) and _ATOMS.issuperset(
            map(type, cast("list[object]", value))
        ):  # frequent: lists of sizes
            return value
        parts = _parts(value) if self._enters is None or self._enters(value) else None
        if not parts:
            return value
        found = self._found
        self._entered.append(id(value))
        mapped = {step: self._map(value, item, (*steps, step), within) for step, item in parts.items()}
        self._entered.pop()
        if self._found == found:
            return value
        changed = any(mapped[step] is not item for step, item in parts.items())
        return _rebuild(value, mapped) if changed or _is_copied(value) else value

    def _map(self, holder: object, item: object, steps: Steps, within: bool) -> object:
        step = steps[-1]
        named = isinstance(step, str) and self._is_named(step, item, steps)
        if (named and _is_activation(item)) or (within and _is_callable(item)):
            self._found += 1
            names = _own_names(holder, step, item)
            return self._function(Member(write_path(steps), item, names))
        if not (_is_copied(holder) or _is_copied(item)):  # such an object may refer to any other object
            return item
        return self.enter(item, steps, within or named)

    def _is_named(self, step: str, item: object, steps: Steps) -> bool:
        if looks_like_activation(step.lstrip("_"), item):
            return True
        return bool(self._declared) and without_indices(write_path(steps)) in self._declared


def _is_copied(value: object) -> bool:
    """Return whether *value* can be replaced by a copy, because its class declares its members."""
    return isinstance(value, list | tuple | Mapping | types.SimpleNamespace) or is_declared(value.__class__)


def _is_callable(item: object) -> bool:
    return callable(item) and not isinstance(item, type)


def _is_activation(item: object) -> bool:
    """Return whether *item* may be an activation, or a list, tuple or dict of them; members of enums are not."""
    if item is None or type(item) is str or _is_callable(item):
        return True
    if isinstance(item, dict):
        return "class_name" in item or _are_activations(item.values())
    return isinstance(item, list | tuple) and not _is_named_tuple(item.__class__) and _are_activations(item)


def _are_activations(items: Collection[object]) -> bool:
    rest = [item for item in items if not is_number(item)]
    return bool(rest) and all(map(_is_activation, rest))


def _own_names(holder: object, step: str | int, item: object) -> tuple[str, ...]:
    """Return the strings that an author accepts besides Keras's names: the default, or any string in a dict."""
    if not is_declared(holder.__class__):
        return tuple(filter(_is_own, _strings(item)))
    default = defaults_of(holder.__class__).get(str(step))
    return tuple(filter(_is_own, _strings(default)))


def _is_own(name: str) -> bool:
    return find_activation(name) is None and ">" not in name


def _strings(item: object) -> list[str]:
    if isinstance(item, str):
        return [str(item)]
    if isinstance(item, dict) and "class_name" not in item:
        item = list(item.values())
    return [name for inner in item for name in _strings(inner)] if isinstance(item, list | tuple) else []
