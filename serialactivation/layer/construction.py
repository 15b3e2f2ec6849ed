"""A layer under construction: its activations are resolved and checked before the constructor sees them."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn, cast

import keras

from serialactivation import errors
from serialactivation.catalog.marks import POSITIONAL
from serialactivation.codec.nesting_depth import is_endless
from serialactivation.codec.placed_errors import placed
from serialactivation.codec.registered_names import is_mistaken
from serialactivation.keras_api.scopes import contained
from serialactivation.layer.arguments import (
    check_argument,
    copy_containers,
    has_no_end,
    is_written,
    read_argument,
)
from serialactivation.layer.field_values import check_depth, is_config, resolve_field
from serialactivation.layer.handed_on import note_received
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.object_members import put_stored, take_members
from serialactivation.layer.record import ABSENT, Record, record_of
from serialactivation.layer.stored_beside import set_apart
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, BESIDE, AutoConfig, LayerSpec, is_of_keras, spec_of
from serialactivation.spec.mappings import MappingError
from serialactivation.spec.nested import map_activations
from serialactivation.typing import JSON

__all__ = ["refuse_endless", "take_in"]

_NAMELESS: Final = "Let the constructor take each by a name of its own."
_EMPTY: Final = inspect.Parameter.empty
_ATOMS: Final = frozenset({type(None), bool, int, float, str})


def take_in(
    definer: type[keras.Layer],
    level: type[keras.Layer],
    layer: keras.Layer,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of a constructor with every activation resolved, and remember them.

    Args:
        definer: The class whose constructor runs.
        level: The class that it speaks for: the layer's own where it is the outermost, else *definer*.
        layer: The layer.
        args: The constructor's arguments by position.
        kwargs: The constructor's arguments by name.

    Raises:
        UnserializableActivationError: An activation could not come back from a saved model.
        UnknownActivationError: No activation has the name given.
        LayerArgumentError: Another argument cannot be stored, and the class has no ``get_config``.
    """
    spec, record = spec_of(level), record_of(layer)
    positional, named = list(args), _without_additions(spec, record, kwargs)
    if record.reading is not None:
        _restore_positional(spec, record, positional, named)
        _read_written(spec, positional, named)
    note_received(definer, record, positional, named)
    if not spec.made_by_keras:
        _take_in_members(layer, spec, record, positional, named)
    for field in spec.fields:
        if field.name not in record.configured:
            _take_in_field(layer, field, spec, record, positional, named)
    if spec_of(definer).auto_config is not AutoConfig.NONE:
        arguments = record.arguments[definer] = _other_arguments(spec, record, positional, named)
        if spec.auto_config is not AutoConfig.NONE:  # else an author's get_config may have its own way with them
            _refuse_nameless(level, spec, positional)
            _check_arguments(level, record, arguments, named.get("name"))
    return tuple(positional), named


def _check_arguments(level: type, record: Record, arguments: Mapping[str, object], layer: object) -> None:
    for name, value in arguments.items():
        if type(value) in _ATOMS:
            continue
        if has_no_end(value):
            raise errors.LayerArgumentError(level.__name__, name, value, "it holds itself")
        if record.reading is None or not is_config(value):  # a config is for a constructor further up to read
            with placed(level, layer, name):
                check_argument(level, name, set_apart(spec_of(level), name, value) if name in record.objects else value)


def _without_additions(spec: LayerSpec, record: Record, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a ``from_config`` of Keras put into a config, where the constructor does not take it."""
    if record.reading is None or spec.swallows:
        return dict(kwargs)
    return {name: value for name, value in kwargs.items() if name in spec.defaults or name in record.reading}


def _restore_positional(spec: LayerSpec, record: Record, positional: list[object], named: dict[str, object]) -> None:
    """Give the outermost constructor by position again what it was given so, where it was stored that way."""
    values = _read_beside(record).get(POSITIONAL)
    if isinstance(values, list) and not (positional or record.received):
        positional.extend(named.pop(name) for name in spec.positions if name in named)
        positional.extend(read_argument(value) for value in values)


def _read_written(spec: LayerSpec, positional: list[object], named: dict[str, object]) -> None:
    """Read the other arguments that we wrote and no ``from_config`` has read: a constructor gets what it was given."""
    for index, name in enumerate(spec.positions[: len(positional)]):
        if name in spec.captured and name not in spec.by_name and is_written(positional[index]):
            positional[index] = read_argument(positional[index])
    for name, value in named.items():
        ours = name in spec.captured if name in spec.defaults else spec.captures_rest
        if ours and name not in spec.by_name and name not in BASE_KEYS and is_written(value):
            named[name] = read_argument(value)


def _refuse_nameless(level: type, spec: LayerSpec, positional: list[object]) -> None:
    """Refuse values that no name can be given for: a config holds arguments by name."""
    for name in spec.nameless[: len(positional)]:
        raise errors.LayerArgumentError(
            level.__name__, name, positional[0], "it has no name to be stored by", _NAMELESS
        )
    extra = positional[len(spec.positions) :]
    if extra and spec.auto_config is AutoConfig.WHOLE:
        reason = "they have no names to be stored by"
        raise errors.LayerArgumentError(level.__name__, "*args", tuple(extra), reason, _NAMELESS)


def _take_in_field(
    layer: keras.Layer,
    field: ActivationField,
    spec: LayerSpec,
    record: Record,
    positional: list[object],
    named: dict[str, object],
) -> None:
    """Resolve one field where it was given, or where the constructor itself has a default for it."""
    position = spec.positions.index(field.name) if field.name in spec.positions else len(positional)
    if position < len(positional):
        positional[position] = _take_in_value(layer, field, record, positional[position], named)
    elif field.name in named:
        named[field.name] = _take_in_value(layer, field, record, named[field.name], named)
    elif (default := spec.defaults.get(field.name, ABSENT)) is not ABSENT and default is not _EMPTY:
        stored = _find_left_out(layer, field, spec, record, default)
        taken = _take_in_value(layer, field, record, stored, named)
        if taken is not default:
            named[field.name] = taken
    elif field.name in spec.passed_on and field.name in _read_beside(record):
        named[field.name] = _take_in_value(layer, field, record, None, named)


def _find_left_out(
    layer: keras.Layer, field: ActivationField, spec: LayerSpec, record: Record, default: object
) -> object:
    """Return what was stored of a field that Keras's own ``from_config`` does not give to the constructor.

    That of a Sequential gives the name alone, and in Keras 3.6 that of a Functional model the graph besides.
    """
    is_outermost = spec is spec_of(type(layer))
    if record.reading is None or not (is_outermost and is_of_keras(type(layer), "from_config")):
        return default
    return record.reading.get(field.key, default)


def _take_in_members(
    layer: keras.Layer, spec: LayerSpec, record: Record, positional: list[object], named: dict[str, object]
) -> None:
    """Resolve the activations in the configuration objects among the arguments, defaults included."""
    hooks = cast("type[ActivationHooks]", type(layer))
    is_stored = BESIDE in (record.reading or ())

    def take(field: ActivationField, value: object) -> object:
        return _take_in_value(layer, field, record, value, named)

    for name, value in _given_arguments(spec, positional, named).items():
        if type(value) in _ATOMS and not is_stored:
            continue
        taken = put_stored(record, name, value, hooks.decode_activation, spec) if is_stored else value
        try:
            taken = take_members(spec, record, name, taken, take)
        except MappingError as error:
            raise errors.LayerArgumentError(type(layer).__name__, name, value, str(error)) from error
        if taken is not value and name in spec.positions[: len(positional)]:
            positional[spec.positions.index(name)] = taken
        elif taken is not value:
            named[name] = taken


def _given_arguments(spec: LayerSpec, positional: Sequence[object], named: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments of a constructor by name, defaults included."""
    defaults = {name: value for name, value in spec.defaults.items() if value is not _EMPTY}
    return {**defaults, **dict(zip(spec.positions, positional, strict=False)), **named}


def _take_in_value(
    layer: keras.Layer, field: ActivationField, record: Record, value: object, named: Mapping[str, object]
) -> object:
    if field.name in record.handed and value is record.handed[field.name]:
        return value  # a subclass's constructor hands on what it was handed
    stored = _read_again(record, field, value)
    is_checked = record.reading is not None and stored is record.reading.get(field.key)
    if not is_checked:
        check_depth(field, stored)
    with placed(type(layer), named.get("name"), field.name):
        handed = _resolve_in_scope(type(layer), field, stored, named)
    # What the outermost constructor was given is what is stored, whatever it does to a list of its own.
    record.given.setdefault(field.name, map_activations(lambda activation, _: activation, handed))
    record.handed[field.name] = handed
    return handed


def _resolve_in_scope(
    layer_class: type[keras.Layer], field: ActivationField, value: object, named: Mapping[str, object]
) -> object:
    """Resolve a field within the layer's own scope: weights that are made at once would have one path in two copies."""
    name = named.get("name")
    if not isinstance(name, str):
        return resolve_field(layer_class, field, value)
    return _resolve_named(name, layer_class, field, value)


@contained
def _resolve_named(name: str, layer_class: type[keras.Layer], field: ActivationField, value: object) -> object:
    with keras.name_scope(name):
        return resolve_field(layer_class, field, value)


def refuse_endless(layer_class: type[keras.Layer], args: tuple[object, ...], kwargs: Mapping[str, object]) -> NoReturn:
    """Refuse the first argument that holds itself, or is nested deeper than Keras can look through it.

    Raises:
        UnserializableActivationError: It is an activation.
        LayerArgumentError: It is another argument.
    """
    spec = spec_of(layer_class)
    given = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    given = {**given, **dict(zip(spec.positions, args, strict=False))}
    name, value = next((name, value) for name, value in reversed(given.items()) if is_endless(value))
    reason = "it holds itself, or has too many levels"
    if name in spec.by_name:
        cure = "an activation, or a list, tuple or dict of activations that does not hold itself"
        raise errors.UnserializableActivationError(value, reason, cure, layer_class.__name__, name)
    raise errors.LayerArgumentError(layer_class.__name__, name, value, reason)


def _read_again(record: Record, field: ActivationField, value: object) -> object:
    """Return what was stored, where an author's ``from_config`` has lost it.

    ``keras.activations.deserialize`` leaves a bare class name of an object, such as ``'PReLU'``, and returns a custom
    object for the name of a built-in that is called like it.
    """
    if record.reading is None:
        return value
    beside = _read_beside(record)
    if field.name in beside and field.name not in record.placed:  # one that is in its place has been read
        return beside[field.name]
    stored = record.reading.get(field.key)
    is_bare = isinstance(value, str) and isinstance(stored, dict) and stored.get("class_name") == value
    return stored if is_bare or is_mistaken(stored, value) else value


def _read_beside(record: Record) -> Mapping[str, JSON]:
    """Return what was stored beside the author's own."""
    beside = None if record.reading is None else record.reading.get(BESIDE)
    return beside if isinstance(beside, dict) else {}


def _other_arguments(
    spec: LayerSpec, record: Record, positional: list[object], named: Mapping[str, object]
) -> dict[str, object]:
    """Return the arguments that are no activation, Keras's own aside; defaults included."""
    given = _given_arguments(spec, positional, named)
    fields = {field.name for field in spec.fields} - record.configured
    others = {name: value for name, value in given.items() if name not in fields and name not in BASE_KEYS}
    return {
        name: value if type(value) in _ATOMS or has_no_end(value) else copy_containers(value)
        for name, value in others.items()
    }
