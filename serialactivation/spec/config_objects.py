"""Configuration objects: values by name in one object, such as a dataclass; looked into, and put together. Keras-free.

What is looked into are dataclasses, attrs classes, named tuples, mappings and any other object with attributes, inside
lists and tuples too. None but a mapping is made by its constructor: what that is given need not be what the object
keeps (``InitVar``, converters, aliases, fields that ``__post_init__`` fills).
"""

import copy
import dataclasses
import enum
import functools
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

import attrs

from serialactivation.catalog.argument_names import is_plain, looks_like_activation
from serialactivation.catalog.functions import find_activation
from serialactivation.catalog.paths import Steps, without_indices, write_path
from serialactivation.spec.mappings import put_items

__all__ = [
    "NOTHING",
    "Member",
    "defaults_of",
    "find_member",
    "find_within",
    "is_configuration",
    "is_declared",
    "is_mapping",
    "make_configuration",
    "map_members",
    "members_of",
    "put_member",
]

NOTHING: Final = object()
"""Stands for a member that is not there."""

_ATOMS: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
_NO_CONFIGURATION: Final = (type, enum.Enum, types.ModuleType)
_FOREIGN: Final = frozenset({"builtins", "keras", "numpy", "jax", "jaxlib", "tensorflow", "torch"})
_FACTORY: Final[type] = type(attrs.Factory(list))
_CACHED_HASH: Final = "_attrs_cached_hash"
_GENERIC: Final = "__orig_class__"


class Member:
    """A member of a configuration object that holds an activation.

    Attributes:
        path: Where it stands: the argument, and the steps from there, such as ``config.blocks[0].activation``.
        value: What it holds.
        names: Strings that the object's author understands besides Keras's names.
    """

    __slots__ = ("names", "path", "value")

    def __init__(self, path: str, value: object, names: tuple[str, ...]) -> None:
        self.path = path
        self.value = value
        self.names = names


Parts: TypeAlias = Mapping[Any, object]


def is_configuration(value: object) -> bool:
    """Return whether *value* has members by name, and is no dict: a dict may be a container of activations as well."""
    return not isinstance(value, dict) and members_of(value) is not None


def is_declared(kind: type) -> bool:
    """Return whether a class says which members its objects have: a dataclass, an attrs class or a named tuple."""
    return dataclasses.is_dataclass(kind) or attrs.has(kind) or _is_named_tuple(kind)


def is_mapping(value: object) -> bool:
    """Return whether *value* is a mapping, and says with nothing else what it holds."""
    return isinstance(value, dict) or (isinstance(value, Mapping) and not is_declared(value.__class__))


def _is_named_tuple(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def members_of(value: object) -> dict[str, object] | None:
    """Return what *value* holds by name, or None where it is no configuration object. What is cached is left out."""
    kind: type = value.__class__  # of what TensorFlow has put into a wrapper, where it is a layer's attribute
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
    """Return the members that *kind* declares, with their defaults; :data:`NOTHING` for one that is made, or given."""
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
    """Return an object of *kind* that holds *members*, without its constructor.

    Raises:
        AttributeError: Its class has no place for one of them.
    """
    if _is_named_tuple(kind):
        named: Any = kind
        return named._make(members[name] for name in named._fields)
    made: object = object.__new__(kind)
    for name, item in members.items():
        object.__setattr__(made, name, item)  # a frozen one refuses its own
    if hasattr(kind, _CACHED_HASH):
        object.__setattr__(made, _CACHED_HASH, None)
    return made


def _parts(value: object) -> Parts | None:
    if isinstance(value, list | tuple) and not _is_named_tuple(value.__class__):
        return dict(enumerate(value))
    return members_of(value)


def _put_together(value: object, parts: Parts) -> object:
    """Return a copy of *value* with *parts* in it. What Keras made of a list or a dict is one of Python's own again.

    Raises:
        MappingError: It is a mapping of a class that does not take a dict.
    """
    kind = value.__class__
    if isinstance(value, list | tuple) and not _is_named_tuple(kind):
        return list(parts.values()) if isinstance(value, list) else tuple(parts.values())
    if is_mapping(value):
        return put_items(cast("Parts", value), parts)
    if is_declared(kind):
        return make_configuration(kind, cast("Mapping[str, object]", parts))
    other = copy.copy(value)
    vars(other).update(parts)
    return other


def find_member(value: object, steps: Steps) -> object:
    """Return what *steps* lead to in *value*, or :data:`NOTHING`."""
    for step in steps:
        value = (_parts(value) or {}).get(step, NOTHING)
    return value


def put_member(value: object, steps: Steps, item: object) -> object:
    """Return a copy of *value* with *item* where *steps* lead to.

    Raises:
        LookupError: They lead nowhere.
    """
    if not steps:
        return item
    step, *rest = steps
    parts = _parts(value)
    if parts is None or (step not in parts and not isinstance(step, str)):
        raise LookupError(step)
    if rest and step not in parts:
        raise LookupError(step)
    return _put_together(value, {**parts, step: put_member(parts.get(step), tuple(rest), item)})


def find_within(wanted: Callable[[object], bool], value: object, argument: str) -> Iterator[tuple[str, object]]:
    """Yield what is *wanted* inside the value of an argument, with its path: in objects, lists, tuples and dicts.

    Args:
        wanted: Tells what to look for; nothing that is called is looked into.
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

    What holds one is copied, so that nobody changes it from outside; if nothing does, *value* itself comes back.

    Args:
        function: Returns what takes a member's place.
        value: The value of an argument: a configuration object, or a list, tuple or dict of them.
        argument: The argument's name.
        declared: The paths of members whose names do not tell what they hold, without indices.
        within: Whether every callable in *value* is an activation, whatever its name: the argument's tells.
        enters: Whether to look into an object; every one by default.
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
        if type(value) in _ATOMS or id(value) in self._entered:  # an object may hold itself
            return value
        if type(value) in (list, tuple) and _ATOMS.issuperset(map(type, cast("list[object]", value))):  # sizes, mostly
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
        return _put_together(value, mapped) if changed or _is_copied(value) else value

    def _map(self, holder: object, item: object, steps: Steps, within: bool) -> object:
        step = steps[-1]
        named = isinstance(step, str) and self._is_named(step, item, steps)
        if (named and _is_activation(item)) or (within and _is_callable(item)):
            self._found += 1
            names = _own_names(holder, step, item)
            return self._function(Member(write_path(steps), item, names))
        if not (_is_copied(holder) or _is_copied(item)):  # one that leads to another may lead anywhere
            return item
        return self.enter(item, steps, within or named)

    def _is_named(self, step: str, item: object, steps: Steps) -> bool:
        if looks_like_activation(step.lstrip("_"), item):
            return True
        return bool(self._declared) and without_indices(write_path(steps)) in self._declared


def _is_copied(value: object) -> bool:
    """Return whether *value* says with its class what it holds, so that a copy is as good: an object may be more."""
    return isinstance(value, list | tuple | Mapping | types.SimpleNamespace) or is_declared(value.__class__)


def _is_callable(item: object) -> bool:
    return callable(item) and not isinstance(item, type)


def _is_activation(item: object) -> bool:
    """Return whether *item* may be an activation, or a list, tuple or dict of them: an enum's member is none."""
    if item is None or type(item) is str or _is_callable(item):
        return True
    if isinstance(item, dict):
        return "class_name" in item or _are_activations(item.values())
    return isinstance(item, list | tuple) and not _is_named_tuple(item.__class__) and _are_activations(item)


def _are_activations(items: Collection[object]) -> bool:
    rest = [item for item in items if not is_plain(item)]
    return bool(rest) and all(map(_is_activation, rest))


def _own_names(holder: object, step: str | int, item: object) -> tuple[str, ...]:
    """Return the strings that an author understands besides Keras's names: a default; in a dict, whatever is there."""
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
