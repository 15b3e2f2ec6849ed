"""What one layer object was given: kept beside Keras's own state, out of sight of its trackers and its weight walk."""

from typing import Final, cast

import attrs
import keras

from serialactivation.containers import flatten
from serialactivation.fields import ActivationField

__all__ = ["ABSENT", "Record", "current_value", "given_activations", "held_activations", "record_of"]

_ATTRIBUTE: Final = "_serialactivation"
ABSENT: Final = object()
"""Stands for an attribute that a layer does not have."""


@attrs.define
class Record:
    """One layer's activations, from the start of its construction.

    Attributes:
        given: What the constructor was handed, by field name; containers as they were before it ran.
        handed: The same objects themselves, to be known again further up.
        received: The names of the arguments that each constructor on the way up was given, by its class.
        settled: The attribute of the field's name, right after construction.
        arguments: The other arguments of each constructor on the way up, by the class that defines it.
        constructing: Whether a constructor of the layer is running.
        building: Whether a ``build`` of the layer is running.
    """

    given: dict[str, object] = attrs.field(factory=dict)
    handed: dict[str, object] = attrs.field(factory=dict)
    received: dict[type, frozenset[str]] = attrs.field(factory=dict)
    settled: dict[str, object] = attrs.field(factory=dict)
    arguments: dict[type, dict[str, object]] = attrs.field(factory=dict)
    constructing: bool = False
    building: bool = False


def record_of(layer: keras.Layer) -> Record:
    """Return the record of *layer*, made at the first asking.

    It is neither a layer nor a container, and is set past ``Layer.__setattr__``: Keras must not track what is in it.
    """
    record = layer.__dict__.get(_ATTRIBUTE)
    if record is None:
        record = Record()
        object.__setattr__(layer, _ATTRIBUTE, record)
    return cast("Record", record)


def current_value(layer: keras.Layer, field: ActivationField) -> object:
    """Return what the field holds now: what was given, or what was assigned to its attribute after construction."""
    record = record_of(layer)
    attribute = getattr(layer, field.name, ABSENT)
    if field.name in record.given and attribute is record.settled.get(field.name, ABSENT):
        return record.given[field.name]
    return attribute


def given_activations(layer: keras.Layer, fields: tuple[ActivationField, ...]) -> list[object]:
    """Return what the fields hold, containers flattened, in order; one that stands in two places twice."""
    return [activation for field in fields for activation in flatten(current_value(layer, field))]


def held_activations(
    layer: keras.Layer, fields: tuple[ActivationField, ...]
) -> tuple[tuple[ActivationField, keras.Layer], ...]:
    """Return the activations of *layer* that are layers themselves, each once, with the field that holds them."""
    held: dict[int, tuple[ActivationField, keras.Layer]] = {}
    for field in fields:
        # What was given is stored, what the attribute holds is called: a constructor may have put another there.
        for activation in (*flatten(current_value(layer, field)), *flatten(getattr(layer, field.name, None))):
            if isinstance(activation, keras.Layer):
                held.setdefault(id(activation), (field, activation))
    return tuple(held.values())
