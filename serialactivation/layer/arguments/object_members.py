"""Finds the activations in the configuration objects that a layer is given, and puts them back from a config."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeGuard

import keras

from serialactivation import errors
from serialactivation.catalog.marks import POSITIONAL, SEPARATE
from serialactivation.catalog.paths import Steps, read_path
from serialactivation.layer.arguments.other_arguments import read_argument
from serialactivation.layer.object_layers import is_stored_for_layers, is_weighted
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.config_objects import (
    NOTHING,
    Member,
    find_member,
    is_configuration,
    map_members,
    replace_member,
)
from serialactivation.spec.fields import ActivationField, make_member_field
from serialactivation.spec.layer_spec import BASE_KEYS, LayerSpec
from serialactivation.spec.mappings import MappingError
from serialactivation.typing import JSON, Config

__all__ = ["check_placed", "insert_stored", "resolve_members"]

_CURE: Final = "Pass the configuration object to the constructor again in from_config()."

Resolve = Callable[[ActivationField, object], object]


def resolve_members(spec: LayerSpec, state: LayerActivations, name: str, value: object, resolve: Resolve) -> object:
    """Return the argument *name* with every activation in its configuration objects resolved.

    Args:
        spec: The spec of the class whose constructor receives the argument.
        state: The layer's activations.
        name: The argument.
        value: The value of the argument.
        resolve: Returns what the constructor receives for the value of a field.

    Raises:
        MappingError: One of the objects is a mapping that cannot be made again.
    """
    if name in BASE_KEYS or callable(value):
        return value
    within = name in spec.by_name
    if within and not is_configuration(value):
        return value
    received = [id(state.slot(field).received) for field in state.members.values()]

    def resolve_one(member: Member) -> object:
        if id(member.value) in received and not isinstance(member.value, str | None):
            return member.value  # a subclass's constructor passes on the resolved value
        field = make_member_field(member, spec.member_fields)
        state.members.setdefault(field.name, field)
        return resolve(field, member.value)

    resolved = map_members(resolve_one, value, name, spec.member_fields, within=within)
    if any(field.argument == name for field in state.members.values()):
        state.objects.setdefault(name, resolved)
        if within:
            state.configured.add(name)
    if not is_weighted(resolved):
        state.holders.setdefault(name, resolved)
        if is_stored_for_layers(name, resolved):
            state.objects.setdefault(name, resolved)
    return resolved


def insert_stored(
    state: LayerActivations,
    name: str,
    value: object,
    decode: Callable[[ActivationField, JSON], object],
    spec: LayerSpec,
) -> object:
    """Return the argument *name* with the stored activations of its configuration objects put in.

    Raises:
        ActivationConfigError: The argument has no place for one of them.
    """
    for path, stored in _stored_members(state.reading):
        steps = read_path(path)
        if steps[:1] != (name,) or path in state.placed:
            continue
        if value is None and _is_name(stored):  # the layer may make the object from other arguments
            continue
        field = make_member_field(Member(path, stored, ()), spec.member_fields)
        try:
            value = replace_member(_open(value, steps[1:]), steps[1:], decode(field, stored))
        except (LookupError, MappingError) as error:
            raise _lost(path, stored, f"the constructor received {value!r} for {name!r}") from error
        state.placed.add(path)
    return value


def _open(value: object, steps: Steps) -> object:
    """Return *value* with the configs of Keras objects along *steps* replaced by the objects."""
    if not steps:
        return value
    if isinstance(value, dict) and {"class_name", "config"} <= set(value) and steps[0] not in value:
        value = read_argument(value)
    item = find_member(value, steps[:1])
    opened = item if item is NOTHING else _open(item, steps[1:])
    return value if opened is item else replace_member(value, steps[:1], opened)


def check_placed(state: LayerActivations) -> None:
    """Check that every stored member is in its place, or that the layer has made it from a stored name.

    Raises:
        ActivationConfigError: A member is missing, so the layer would compute something else.
    """
    for path, stored in _stored_members(state.reading):
        if path not in state.placed and not _is_made(state.layer, path, stored):
            raise _lost(path, stored, f"the constructor received no {path!r}")


def _is_made(layer: keras.Layer, path: str, stored: JSON) -> bool:
    """Return whether *layer* made the object itself, with the activation that the *stored* name stands for."""
    if not _is_name(stored):
        return False
    argument, *steps = read_path(path)
    found = find_member(getattr(layer, str(argument), None), tuple(steps))
    return found == stored or found is keras.activations.get(stored)


def _is_name(stored: JSON) -> TypeGuard[str | None]:
    return stored is None or isinstance(stored, str)


def _stored_members(config: Config | None) -> Iterator[tuple[str, JSON]]:
    separate = config.get(SEPARATE) if config is not None else None
    if isinstance(separate, Mapping):
        others = (path for path in separate if not (path.isidentifier() or path == POSITIONAL))
        yield from ((path, separate[path]) for path in others)


def _lost(path: str, stored: JSON, reason: str) -> "errors.ActivationConfigError":
    return errors.ActivationConfigError(f"$.{SEPARATE}[{path!r}]", stored, reason, _CURE)
