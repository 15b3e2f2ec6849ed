"""What is stored beside a layer's configuration objects, and not in them: their activations, but for names."""

from collections.abc import Callable, Mapping

from serialactivation.layer.object_arguments import is_stored
from serialactivation.spec.config_objects import Member, is_configuration, is_mapping, map_members
from serialactivation.spec.layer_spec import LayerSpec

__all__ = ["is_held_apart", "set_apart"]


def is_held_apart(value: object) -> bool:
    """Return whether the *value* of a member is stored beside its object: all but names, which JSON has."""
    if isinstance(value, list | tuple):
        return any(map(is_held_apart, value))
    if isinstance(value, Mapping):
        return any(map(is_held_apart, value.values()))
    return value is not None and not isinstance(value, str | bool | int | float)


def set_apart(
    spec: LayerSpec, name: str, value: object, current: Callable[[Member], object] = lambda member: member.value
) -> object:
    """Return the argument *name* as it is written in a config: without the activations that are stored beside it.

    Args:
        spec: What is known of the layer's class.
        name: The argument.
        value: What it holds.
        current: Returns what a member holds now.
    """

    def write(member: Member) -> object:
        held = current(member)
        return None if is_held_apart(held) else held

    within = name in spec.by_name and is_configuration(value)
    return map_members(write, value, name, spec.member_fields, within=within, enters=_is_written)


def _is_written(value: object) -> bool:
    """Return whether an object's members are what is written of it, and not what its own ``get_config`` returns."""
    return isinstance(value, list | tuple) or is_mapping(value) or is_stored(value)
