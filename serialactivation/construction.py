"""A layer under construction: its activations are resolved and checked before the constructor sees them."""

import contextlib
import contextvars
import copy
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import keras

from serialactivation.arguments import check_argument
from serialactivation.building import is_unbuilt
from serialactivation.containers import map_activations
from serialactivation.errors import LayerArgumentError, placed
from serialactivation.fields import ActivationField
from serialactivation.hooks import ActivationHooks
from serialactivation.owners import note_owner
from serialactivation.policies import follow_owner
from serialactivation.record import ABSENT, Record, held_activations, record_of
from serialactivation.shapes import note_deferred
from serialactivation.sharing import decoding
from serialactivation.spec import BASE_KEYS, BESIDE, AutoConfig, LayerSpec, spec_of
from serialactivation.typing import JSON, Config

__all__ = ["constructing", "finish", "reading", "take_in"]

_EMPTY: Final = inspect.Parameter.empty

# The config that a layer is being made from, and its class.
_READING: Final[contextvars.ContextVar[tuple[type, Config] | None]] = contextvars.ContextVar("reading", default=None)


@contextlib.contextmanager
def reading(layer_class: type, config: Config) -> Iterator[None]:
    """Within it, *layer_class* is made from *config*."""
    token = _READING.set((layer_class, config))
    try:
        with decoding():
            yield
    finally:
        _READING.reset(token)


@contextlib.contextmanager
def constructing(layer: keras.Layer) -> Iterator[bool]:
    """Within it, a constructor of *layer* runs; yields whether it is the outermost one."""
    record = record_of(layer)
    outermost = not record.constructing
    record.constructing = True
    try:
        yield outermost
    finally:
        record.constructing = not outermost


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
    positional, named = list(args), _without_additions(level, spec, kwargs)
    record.received[definer] = frozenset((*spec_of(definer).positions[: len(positional)], *named))
    for field in spec.fields:
        _take_in_field(layer, field, spec, record, positional, named)
    if AutoConfig.NONE not in (spec.auto_config, spec_of(definer).auto_config):
        arguments = _other_arguments(spec, positional, named)
        if spec.auto_config is AutoConfig.WHOLE:
            _refuse_nameless(level, spec, positional)
        for name, value in arguments.items():
            check_argument(level, name, value)
        record.arguments[definer] = arguments
    return tuple(positional), named


def _without_additions(level: type, spec: LayerSpec, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a ``from_config`` of Keras put into a config, where the constructor does not take it."""
    pending = _READING.get()
    if pending is None or pending[0] is not level or spec.swallows:
        return dict(kwargs)
    return {name: value for name, value in kwargs.items() if name in spec.defaults or name in pending[1]}


def _refuse_nameless(level: type, spec: LayerSpec, positional: list[object]) -> None:
    """Refuse values for ``*args`` of a class without ``get_config``: a config holds arguments by name."""
    extra = positional[len(spec.positions) :]
    if extra:
        raise LayerArgumentError(level.__name__, "*args", tuple(extra), "a config holds arguments by name")


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
        taken = _take_in_value(layer, field, record, default, named)
        if taken is not default:
            named[field.name] = taken


def _take_in_value(
    layer: keras.Layer, field: ActivationField, record: Record, value: object, named: Mapping[str, object]
) -> object:
    if field.name in record.handed and value is record.handed[field.name]:
        return value  # a subclass's constructor hands on what it was handed
    hooks = cast("type[ActivationHooks]", type(layer))
    value = _read_again(type(layer), field, value)
    with placed(_label(layer, named), field.name):
        if _is_config(value):
            with _scope_of(named):  # the weights that are made at once would have one path in two copies
                value = hooks.decode_activation(field, cast("JSON", value))
        resolved = hooks.resolve_activation(field, value)
        hooks.validate_activation(field, resolved)
    handed = _as_callable(resolved) if field.resolve else resolved
    # What the outermost constructor was given is what is stored, whatever it does to a list of its own.
    record.given.setdefault(field.name, map_activations(lambda activation, _: activation, handed))
    record.handed[field.name] = handed
    return handed


def _scope_of(named: Mapping[str, object]) -> contextlib.AbstractContextManager[object]:
    name = named.get("name")
    return keras.name_scope(name) if isinstance(name, str) else contextlib.nullcontext()


def _label(layer: keras.Layer, named: Mapping[str, object]) -> str:
    name = named.get("name")
    return f"{type(layer).__name__} {name!r}" if isinstance(name, str) else type(layer).__name__


def _is_config(value: object) -> bool:
    """Tell whether *value* is stored, not given: an object's config, or a container with one in it."""
    if isinstance(value, Mapping):
        return "class_name" in value or any(_is_config(item) for item in value.values())
    return isinstance(value, list | tuple) and any(_is_config(item) for item in value)


def _read_again(layer_class: type, field: ActivationField, value: object) -> object:
    """Return what was stored, where an author's ``from_config`` has lost it.

    ``keras.activations.deserialize`` leaves a bare class name of an object, such as ``'PReLU'``.
    """
    pending = _READING.get()
    if pending is None or pending[0] is not layer_class:
        return value
    beside = pending[1].get(BESIDE)
    if isinstance(beside, dict) and field.name in beside:
        return beside[field.name]
    if not isinstance(value, str):
        return value
    stored = pending[1].get(field.key)
    return stored if isinstance(stored, dict) and stored.get("class_name") == value else value


def _as_callable(value: object) -> object:
    return keras.activations.get(value) if value is None or isinstance(value, str) else value


def _other_arguments(spec: LayerSpec, positional: list[object], named: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments that are no activation, Keras's own aside; defaults included."""
    defaults = {name: value for name, value in spec.defaults.items() if value is not _EMPTY}
    given = {**defaults, **dict(zip(spec.positions, positional, strict=False)), **named}
    fields = {field.name for field in spec.fields}
    return {
        name: copy.copy(value) if isinstance(value, list | dict) else value
        for name, value in given.items()
        if name not in fields and name not in BASE_KEYS
    }


def finish(layer: keras.Layer) -> None:
    """Note what the constructor made of the activations, and bring those that are layers into line with their owner."""
    record, spec = record_of(layer), spec_of(type(layer))
    record.settled = {field.name: getattr(layer, field.name, ABSENT) for field in spec.fields}
    held = held_activations(layer, spec.fields)
    for field, activation in held:
        note_deferred(activation)
        note_owner(activation, layer)
        follow_owner(layer, field, activation)
    if layer.built and any(is_unbuilt(activation) for _, activation in held):
        layer.built = False  # Keras takes a layer without weights of its own for built
