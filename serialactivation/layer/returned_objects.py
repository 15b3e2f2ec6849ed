"""Configuration objects in what an author's ``get_config`` returns: written in place, and proved at construction.

Keras writes no dataclass and no ``UserDict``, and an ``.h5`` file no layer that a dict holds.
"""

import contextvars
import inspect
from collections.abc import Iterator, Mapping
from typing import cast

import attrs
import keras

from serialactivation import errors
from serialactivation.codec.silence import looking
from serialactivation.layer.arguments import has_parts, write_argument, write_parts
from serialactivation.layer.layer_activations import LayerActivations
from serialactivation.layer.object_arguments import is_stored
from serialactivation.layer.stored_beside import is_held_apart, set_apart
from serialactivation.spec.config_objects import Member, is_configuration, is_mapping
from serialactivation.spec.layer_spec import AutoConfig, LayerSpec
from serialactivation.typing import JSON, Config

__all__ = ["check_returned", "write_returned", "write_with_members"]


def write_with_members(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> JSON:
    """Return the argument *name* of a layer as JSON types, without the activations that are stored beside it.

    Raises:
        LayerArgumentError: No config can hold it.
    """
    return write_argument(type(state.layer), name, _set_apart(spec, state, name, value))


def _set_apart(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> object:
    members = state.members
    if not any(field.argument == name for field in members.values()):
        return value

    def current(member: Member) -> object:
        field = members.get(member.path)
        return member.value if field is None else state.slot(field).value

    return set_apart(spec, name, value, current)


def write_returned(spec: LayerSpec, level: type[keras.Layer], state: LayerActivations, config: Config) -> Config:
    """Return an author's *config* with the configuration objects in it written, and with those that it leaves out.

    Keras writes those that have both halves itself, and an author's ``from_config`` may make one again.

    Raises:
        LayerArgumentError: No config can hold one of them.
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
    """Yield the objects that an author's config leaves out; not one that other arguments can make again."""
    for name, value in left_out.items():
        try:
            yield name, write_with_members(spec, state, name, value)
        except errors.LayerArgumentError:
            if not _is_made_again(spec, state, name):
                raise


def _is_made_again(spec: LayerSpec, state: LayerActivations, name: str) -> bool:
    """Return whether an author's other arguments may make the object again: names are all that it holds.

    What the layer's own fields are written as is what they were given, and not what is in the object.
    """
    slots = [state.slot(field) for field in state.members.values() if field.argument == name]
    is_required = spec.defaults.get(name, inspect.Parameter.empty) is inspect.Parameter.empty
    return not (is_required or spec.fields or any(is_held_apart(slot.value) for slot in slots))


def _find_returned(objects: Mapping[str, object], config: Config) -> Iterator[tuple[str, str]]:
    """Yield each key of an author's *config* that a configuration object stands under, and which argument it was."""
    for key, value in config.items():
        if key in objects:
            yield key, key
        elif has_parts(value):
            yield from ((key, name) for name, given in objects.items() if _are_alike(given, value))


def _are_alike(given: object, value: object) -> bool:
    """Return whether two objects are of one class; Keras makes a list and a dict of its own of what is an attribute."""
    return type(given) is type(value) or any(
        isinstance(given, kind) and isinstance(value, kind) for kind in (dict, list)
    )


def _write(spec: LayerSpec, state: LayerActivations, name: str, value: object) -> JSON:
    """Return what is stored for the argument *name*, of which an author's config has *value*.

    What JSON has is the author's own, and what Keras writes for an author's ``from_config`` is Keras's.
    """
    if not has_parts(value):
        return cast("JSON", value)
    if is_configuration(value) and not is_mapping(value):
        if spec.own_from_config and not is_stored(value):
            return _write_by_keras(value)
        return write_with_members(spec, state, name, value)
    if not isinstance(value, dict) and is_mapping(value) and _holds_layers(value):
        return write_with_members(spec, state, name, value)  # Keras would track those in a dict
    apart = value if spec.own_from_config else _set_apart(spec, state, name, value)
    return cast("JSON", write_parts(type(state.layer), name, apart))


def _write_by_keras(value: object) -> JSON:
    """Return what Keras writes of *value* in a ``.keras`` file: from ``.h5``, older ones do not read their own form.

    What it cannot write stays as it is, and is refused as the layer is constructed.
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
    """Refuse a configuration object that an author's ``get_config`` returns and that could not be saved.

    It is asked once, as the layer is constructed, where the layer was given an object with activations; one that needs
    what ``build`` makes says nothing yet.

    Raises:
        ActivationError: No config can hold the object.
    """
    if state.reading is not None or state.spec.auto_config is AutoConfig.WHOLE:
        return
    for name, reason in contextvars.copy_context().run(_find_faults, state):
        label = type(state.layer).__name__
        raise errors.LayerArgumentError(label, name, state.objects[name], reason, returned=True)


def _find_faults(state: LayerActivations) -> list[tuple[str, str]]:
    """Return the configuration objects that Keras could not write, by the arguments' names, and why."""
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
    """Return why Keras could not write *value*, or None where it could."""
    if not has_parts(value):
        return None
    try:
        keras.saving.serialize_keras_object(value)
    except errors.READ_ERRORS as error:
        return f"Keras cannot write it ({' '.join(str(error).split()).split('. ')[0].rstrip('.')})"
    return None
