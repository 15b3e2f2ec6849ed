"""Configuration objects in an author's config: they are written in place, and checked at construction.

Keras cannot write a dataclass or a ``UserDict``, nor, to an ``.h5`` file, a layer in a dict.
"""

import contextvars
import inspect
from collections.abc import Iterator, Mapping
from typing import cast

import attrs
import keras

from serialactivation import errors
from serialactivation.codec.checks.objects import first_sentence
from serialactivation.codec.silence import looking
from serialactivation.layer.arguments.objects import is_stored
from serialactivation.layer.arguments.other_arguments import has_parts, write_argument, write_parts
from serialactivation.layer.arguments.stored_separately import is_stored_separately, without_activations
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.config_objects import Member, is_configuration, is_mapping
from serialactivation.spec.layer_spec import AutoConfig, LayerSpec
from serialactivation.typing import JSON, Config

__all__ = ["check_returned", "write_returned", "write_with_members"]


def write_with_members(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> JSON:
    """Return the argument *name* of a layer as JSON types, without the activations that are stored separately.

    Raises:
        LayerArgumentError: No config can hold it.
    """
    return write_argument(type(state.layer), name, _without_activations(spec, state, name, value))


def _without_activations(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> object:
    members = state.members
    if not any(field.argument == name for field in members.values()):
        return value

    def current(member: Member) -> object:
        field = members.get(member.path)
        return member.value if field is None else state.slot(field).value

    return without_activations(spec, name, value, current)


def write_returned(spec: LayerSpec, level: type[keras.Layer], state: LayerActivations, config: Config) -> Config:
    """Return an author's *config* with its configuration objects as JSON types, and with those that it leaves out.

    Keras itself writes objects with ``get_config`` and ``from_config``; an author's ``from_config`` may make others.

    Raises:
        LayerArgumentError: No config can hold one of the objects.
    """
    objects = state.objects
    if not objects:
        return config
    own, _ = state.captured.received_by(level)
    try:
        written = {key: _write(spec, state, name, config[key]) for key, name in _find_returned(objects, config)}
    except errors.LayerArgumentError as error:
        raise attrs.evolve(error, returned=True) from None
    if not spec.own_from_config:
        left_out = {name: value for name, value in objects.items() if name in own and name not in config}
        written |= dict(_write_left_out(spec, state, left_out))
    return {**config, **written}


def _write_left_out(
    spec: LayerSpec, state: LayerActivations, left_out: Mapping[str, object]
) -> Iterator[tuple[str, JSON]]:
    """Yield the stored forms of objects that an author's config leaves out, unless the layer makes them itself."""
    for name, value in left_out.items():
        try:
            yield name, write_with_members(spec, state, name, value)
        except errors.LayerArgumentError:
            if not _is_made_again(spec, state, name):
                raise


def _is_made_again(spec: LayerSpec, state: LayerActivations, name: str) -> bool:
    """Return whether the constructor may make the object again from other arguments: it holds only names.

    That does not hold if the class has fields: they are stored as they were given, not as the object has them.
    """
    slots = [state.slot(field) for field in state.members.values() if field.argument == name]
    is_required = spec.defaults.get(name, inspect.Parameter.empty) is inspect.Parameter.empty
    return not (is_required or spec.fields or any(is_stored_separately(slot.value) for slot in slots))


def _find_returned(objects: Mapping[str, object], config: Config) -> Iterator[tuple[str, str]]:
    """Yield each key of an author's *config* that holds a configuration object, and the name of its argument."""
    for key, value in config.items():
        if key in objects:
            yield key, key
        elif has_parts(value):
            yield from ((key, name) for name, given in objects.items() if _are_alike(given, value))


def _are_alike(given: object, value: object) -> bool:
    """Return whether two objects have one class; Keras replaces lists and dicts in attributes by its own types."""
    return given.__class__ is value.__class__ or any(
        isinstance(given, kind) and isinstance(value, kind) for kind in (dict, list)
    )


def _write(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> JSON:
    """Return the stored form of the argument *name*, for which an author's config has *value*.

    Plain values stay as the author wrote them, and for an author's ``from_config`` objects are written as by Keras.
    """
    if not has_parts(value):
        return cast("JSON", value)
    if is_configuration(value) and not is_mapping(value):
        if spec.own_from_config and not is_stored(value):
            return _write_by_keras(value)
        return write_with_members(spec, state, name, value)
    if not isinstance(value, dict) and is_mapping(value) and _holds_layers(value):
        return write_with_members(spec, state, name, value)  # in a dict, Keras would track the layers
    rest = value if spec.own_from_config else _without_activations(spec, state, name, value)
    return cast("JSON", write_parts(type(state.layer), name, rest))


def _write_by_keras(value: object) -> JSON:
    """Return the form in which Keras writes *value* to a ``.keras`` file; older ones cannot read their ``.h5`` form.

    A value that Keras cannot write is returned unchanged: it is refused when the layer is constructed.
    """
    try:
        return cast("JSON", keras.saving.serialize_keras_object(value))
    except errors.READ_ERRORS:
        return cast("JSON", value)


def _holds_layers(value: object) -> bool:
    if is_mapping(value):
        value = list(cast("Mapping[object, object]", value).values())
    return any(map(_holds_layers, value)) if isinstance(value, list | tuple) else isinstance(value, keras.Layer)


def check_returned(state: LayerActivations) -> None:
    """Refuse a configuration object that an author's ``get_config`` returns and that cannot be saved.

    ``get_config`` is called once, at the end of construction, if the layer was given an object with activations. If it
    fails, because it needs attributes that ``build`` sets, nothing is refused.

    Raises:
        ActivationError: No config can hold the object.
    """
    if state.reading is not None or state.spec.auto_config is AutoConfig.WHOLE:
        return
    for name, reason in contextvars.copy_context().run(_find_faults, state):
        label = type(state.layer).__name__
        raise errors.LayerArgumentError(label, name, state.objects[name], reason, returned=True)


def _find_faults(state: LayerActivations) -> list[tuple[str, str]]:
    """Return the names of the arguments with configuration objects that Keras cannot write, with the reasons."""
    with looking():
        try:
            config = state.layer.get_config()
        except errors.ActivationError:
            raise
        except errors.READ_ERRORS:
            return []
        returned = _find_returned(state.objects, config)
        faults = [(name, _find_fault(config[key])) for key, name in returned]
        return [(name, reason) for name, reason in faults if reason is not None]


def _find_fault(value: object) -> str | None:
    """Return why Keras cannot write *value*, or None if it can."""
    if not has_parts(value):
        return None
    try:
        keras.saving.serialize_keras_object(value)
    except errors.READ_ERRORS as error:
        return f"Keras cannot write it ({first_sentence(error)})"
    return None
