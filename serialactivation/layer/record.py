"""What one layer object was given: kept beside Keras's own state, out of sight of its trackers and its weight walk."""

import operator
from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs
import keras

from serialactivation.catalog.paths import read_path
from serialactivation.spec.config_objects import NOTHING, find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.nested import flatten, is_single, map_activations
from serialactivation.typing import Config

__all__ = [
    "ABSENT",
    "ONE",
    "Leaves",
    "Record",
    "current_value",
    "find_record",
    "given_activations",
    "held_activations",
    "is_assigned",
    "read_current",
    "record_of",
    "settle_field",
]

# Keras looks at each attribute of a layer whose weights it saves, but at none with such a name.
_ATTRIBUTE: Final = "__serialactivation_record__"
ABSENT: Final = object()
"""Stands for an attribute that a layer does not have."""

Leaves: TypeAlias = tuple[tuple[str, ...], tuple[object, ...]]
"""What an attribute holds: the paths of its activations, and themselves; containers are changed in place."""
ONE: Final = ("$",)
"""The paths in an attribute that is one activation."""

_NO_LEAVES: Final[Leaves] = ((), ())


@attrs.define
class Record:
    """One layer's activations, from the start of its construction.

    Attributes:
        given: What the constructor was handed, by field name; containers as they were before it ran.
        handed: The same objects themselves, to be known again further up.
        received: What each constructor on the way up was given, by its class, then by the argument's name.
        extras: What a constructor was given beyond its named arguments, for ``*args``, by its class.
        inferred: The names that these turned out to have further up, by the class, with the values.
        unnamed: The values for ``*args`` that have no name yet, each with the classes whose constructors were given it.
        by_position: The classes whose values for ``*args`` no names can stand for.
        settled: What the attribute of the field's name held right after construction; None where it never holds still.
        places: The ids of the other layers that were in the layer before the attribute of a field was first set, in the
            order in which the constructor sets them.
        changed: The names of arguments that the constructor made other plain values of, and keeps as attributes.
        members: The fields that are members of configuration objects, by their paths.
        configured: The names of the class's fields that were given such an object, whose members are fields then.
        objects: The arguments that are such objects, or hold some, as the constructor is handed them.
        placed: The members that have been put where a config of the layer says.
        arguments: The other arguments of each constructor on the way up, by the class that defines it.
        reading: The config that the layer is being made from, while it is.
        constructing: Whether a constructor of the layer is running.
        building: Whether a ``build`` of the layer is running.
        call: The arguments of the call that builds the layer, tensors abstract, while it does.
        called: The same as JSON types, from then on.
        lent: Whether Keras holds another activation in the layer's for the length of a call.
    """

    given: dict[str, object] = attrs.field(factory=dict)
    handed: dict[str, object] = attrs.field(factory=dict)
    received: dict[type, dict[str, object]] = attrs.field(factory=dict)
    extras: dict[type, list[object]] = attrs.field(factory=dict)
    inferred: dict[type, dict[str, object]] = attrs.field(factory=dict)
    unnamed: list[tuple[object, list[type]]] = attrs.field(factory=list)
    by_position: set[type] = attrs.field(factory=set)
    settled: dict[str, Leaves | None] = attrs.field(factory=dict)
    members: dict[str, ActivationField] = attrs.field(factory=dict)
    configured: set[str] = attrs.field(factory=set)
    objects: dict[str, object] = attrs.field(factory=dict)
    placed: set[str] = attrs.field(factory=set)
    arguments: dict[type, dict[str, object]] = attrs.field(factory=dict)
    places: dict[str, tuple[int, ...]] = attrs.field(factory=dict)
    changed: frozenset[str] = frozenset()
    reading: Config | None = None
    constructing: bool = False
    building: bool = False
    call: Mapping[str, object] | None = None
    called: Config | None = None
    lent: bool = False


def find_record(layer: keras.Layer) -> Record | None:
    """Return the record of *layer*, or None where it has none: it is none of ours, or not made yet."""
    record: Record | None = layer.__dict__.get(_ATTRIBUTE)
    return record


def record_of(layer: keras.Layer) -> Record:
    """Return the record of *layer*, made at the first asking.

    It is neither a layer nor a container, and is set past ``Layer.__setattr__``: Keras must not track what is in it.
    """
    record: Record | None = layer.__dict__.get(_ATTRIBUTE)
    if record is None:
        record = Record()
        object.__setattr__(layer, _ATTRIBUTE, record)
    return record


def _read(layer: keras.Layer, field: ActivationField) -> object:
    """Return what the field's attribute holds; a member's is in the attribute of the argument's name."""
    held: object = getattr(layer, field.name, ABSENT)
    if held is ABSENT and field.is_member:
        argument, *steps = read_path(field.name)
        held = find_member(getattr(layer, str(argument), None), tuple(steps))
        return ABSENT if held is NOTHING else held
    return held


def settle_field(layer: keras.Layer, record: Record, field: ActivationField) -> None:
    """Remember what the attribute holds now: whatever it holds later and not now has been assigned."""
    held, again = getattr(layer, field.name, ABSENT), getattr(layer, field.name, ABSENT)
    if held is ABSENT:
        held = again = _read(layer, field)
    leaves = _leaves(held)
    still = held is again or _are_same(leaves, _leaves(again))  # a property, or a method, may be another each time
    record.settled[field.name] = leaves if still else None


def find_settled(layer: keras.Layer, field: ActivationField, record: Record) -> object:
    """Return the one activation that the attribute has held since construction; ABSENT where it is not one, or not so.

    Args:
        layer: The layer.
        field: Its field.
        record: Its record.
    """
    settled = record.settled.get(field.name)
    if settled is None or settled[0] != ONE:
        return ABSENT
    held = getattr(layer, field.name, ABSENT)
    if settled[1][0] is not (_read(layer, field) if held is ABSENT else held):
        return ABSENT
    return settled[1][0]


def is_assigned(layer: keras.Layer, field: ActivationField) -> bool:
    """Tell whether the field's attribute was assigned, or changed in place, after construction."""
    return not _is_as_settled(record_of(layer), field, _read(layer, field))


def _is_as_settled(record: Record, field: ActivationField, held: object) -> bool:
    if field.name not in record.given:
        return False
    settled = record.settled.get(field.name, _NO_LEAVES)
    return settled is None or _are_same(settled, _leaves(held))


def current_value(layer: keras.Layer, field: ActivationField) -> object:
    """Return what the field holds now: what was given, or what was assigned to its attribute after construction."""
    return read_current(layer, record_of(layer), field)[0]


def read_current(layer: keras.Layer, record: Record, field: ActivationField) -> tuple[object, bool]:
    """Return what the field holds now, and whether it was assigned, or changed in place, after construction."""
    held = _read(layer, field)
    if _is_as_settled(record, field, held):
        return record.given[field.name], False
    return map_activations(lambda activation, _: activation, held), True


def _leaves(attribute: object) -> Leaves:
    if is_single(attribute):
        return ONE, (attribute,)
    found: list[tuple[str, object]] = []
    map_activations(lambda activation, path: found.append((path, activation)), attribute)
    return tuple(path for path, _ in found), tuple(activation for _, activation in found)


def _are_same(first: Leaves, second: Leaves) -> bool:
    return first[0] == second[0] and all(map(operator.is_, first[1], second[1]))


def given_activations(layer: keras.Layer, fields: tuple[ActivationField, ...]) -> list[object]:
    """Return what the fields hold, containers flattened, in order; one that stands in two places twice."""
    return [activation for field in fields for activation in flatten(current_value(layer, field))]


def held_activations(
    layer: keras.Layer, fields: tuple[ActivationField, ...]
) -> tuple[tuple[ActivationField, keras.Layer], ...]:
    """Return the activations of *layer* that are layers themselves, each once, with the field that holds them."""
    record = record_of(layer)
    held: dict[int, tuple[ActivationField, keras.Layer]] = {}
    for field in fields:
        # What was given is stored, what the attribute holds is called: a constructor may have put another there.
        called = find_settled(layer, field, record)
        given = record.given.get(field.name, ABSENT)
        if called is ABSENT or given is ABSENT:
            called, given = _read(layer, field), current_value(layer, field)
        for value in (given,) if called is given else (given, called):
            for activation in (value,) if isinstance(value, keras.Layer) else flatten(value):
                if isinstance(activation, keras.Layer):
                    held.setdefault(id(activation), (field, activation))
    return tuple(held.values())
