"""What each constructor of a layer was given, and what it handed on to the next one up."""

import operator
from collections.abc import Mapping, Sequence

import keras

from serialactivation.layer.record import Record, record_of
from serialactivation.spec.layer_spec import BASE_KEYS, spec_of

__all__ = ["fixed_arguments", "given_by_position", "note_handed_on", "note_received", "received"]


def note_received(
    definer: type[keras.Layer], record: Record, positional: Sequence[object], named: Mapping[str, object]
) -> None:
    """Note what *definer*'s constructor was given, by name; and by the names here what a subclass had for ``*args``.

    A name can stand for such a value only where it was handed on behind all others.
    """
    names, pending = spec_of(definer).positions, record.unnamed
    record.received[definer] = {**dict(zip(names, positional, strict=False)), **named}
    record.extras[definer] = list(positional[len(names) :])
    start = len(positional) - len(pending)
    if pending and _find_offsets([value for value, _ in pending], positional) != [start]:
        record.by_position.update(level for _, levels in pending for level in levels)
        pending = []
    record.unnamed = []
    for index, value in enumerate(positional):
        levels = pending[index - start][1] if pending and index >= start else []
        if index >= len(names):
            record.unnamed.append((value, [*levels, definer]))
        for level in levels if index < len(names) else ():
            record.inferred.setdefault(level, {})[names[index]] = value


def note_handed_on(layer: keras.Layer, name: str, value: object) -> None:
    """Note that the constructor of *layer* would hand an argument *name* on, though it was not given it."""
    record = record_of(layer)
    definer = next(base for base in type(layer).__mro__ if base in record.received)
    record.received[definer][name] = value


def _find_offsets(values: Sequence[object], positional: Sequence[object]) -> list[int]:
    """Return where all the *values* stand in *positional*, one after the other."""
    offsets = range(len(positional) - len(values) + 1)
    return [offset for offset in offsets if all(map(operator.is_, values, positional[offset:]))]


def given_by_position(level: type, layer: keras.Layer) -> list[object]:
    """Return the values for the ``*args`` of *level*'s constructor that no names can stand for."""
    record = record_of(layer)
    if not record.by_position:
        return []
    definer = next((base for base in level.__mro__ if base in record.received), level)
    return record.extras[definer] if definer in record.by_position and not spec_of(level).own_from_config else []


def received(level: type, layer: keras.Layer) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return what *level*'s constructor was given, and what it gave the next one up."""
    record = record_of(layer)
    given: list[Mapping[str, object]] = [
        record.received[base]
        if base in record.by_position
        else {**record.received[base], **record.inferred.get(base, {})}
        for base in level.__mro__
        if base in record.received
    ]
    nothing: list[Mapping[str, object]] = [{}, {}]
    own, parent = (given + nothing)[:2]
    return own, parent


def fixed_arguments(level: type, layer: keras.Layer) -> frozenset[str]:
    """Return the arguments that *level*'s constructor gives its parent's of itself: it could not take them as well.

    None where an author's ``from_config`` may have its own way with them; and what Keras puts into every config stays.
    """
    spec = spec_of(level)
    if spec.own_from_config or len(record_of(layer).received) < 2:  # none was given anything by another
        return frozenset()
    own, parent = received(level, layer)
    return frozenset(parent.keys() - own.keys() - spec.defaults.keys() - set(BASE_KEYS))
