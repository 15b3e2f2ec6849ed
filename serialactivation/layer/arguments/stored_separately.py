"""Activations in configuration objects are stored separately, except names, which stay in the objects."""

from collections.abc import Callable, Mapping

from serialactivation.layer.arguments.objects import is_stored
from serialactivation.spec.config_objects import Member, is_configuration, is_mapping, map_members
from serialactivation.spec.layer_spec import LayerSpec

__all__ = ["is_stored_separately", "without_activations"]


def is_stored_separately(value: object) -> bool:
    """Return whether the *value* of a member is stored separately: it is, or holds, more than plain values."""
    if isinstance(value, list | tuple):
        return any(map(is_stored_separately, value))
    if isinstance(value, Mapping):
        return any(map(is_stored_separately, value.values()))
    return value is not None and not isinstance(value, str | bool | int | float)


def without_activations(
    spec: LayerSpec, name: str, value: object, current: Callable[[Member], object] = lambda member: member.value
) -> object:
    """Return the argument *name* without the activations that a config stores separately.

    Args:
        spec: The spec of the layer's class.
        name: The argument.
        value: Its value.
        current: Returns the present value of a member.
    """

    def write(member: Member) -> object:
        held = current(member)
        return None if is_stored_separately(held) else held

    within = name in spec.by_name and is_configuration(value)
    return map_members(write, value, name, spec.member_fields, within=within, enters=_is_written)


def _is_written(value: object) -> bool:
    """Return whether an object is written by its members, and not by its own ``get_config``."""
    return isinstance(value, list | tuple) or is_mapping(value) or is_stored(value)
