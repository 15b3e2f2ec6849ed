"""Nested lists, tuples and dicts of activations, which a field may hold."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from serialactivation.catalog.argument_names import is_number

__all__ = ["Container", "flatten", "is_single", "map_activations"]

Container: TypeAlias = object
"""One activation, or a list, tuple or dict of them."""


def is_single(value: object) -> bool:
    """Return whether *value* is a single activation, not a list, tuple or dict of them."""
    return value is None or callable(value) or isinstance(value, str)


def map_activations(function: Callable[[object, str], object], value: Container, path: str = "$") -> Container:
    """Return *value* with *function* applied to every activation in it; bools and numbers stay unchanged."""
    if is_single(value):
        return function(value, path)
    if is_number(value):
        return value
    if isinstance(value, list | tuple):
        mapped = [map_activations(function, item, f"{path}[{index}]") for index, item in enumerate(value)]
        return tuple(mapped) if isinstance(value, tuple) else mapped
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: map_activations(function, item, f"{path}.{key}") for key, item in value.items()}
    return function(value, path)


def flatten(value: Container) -> list[object]:
    """Return all activations in *value* as a flat list, in order."""
    if is_single(value):
        return [value]
    found: list[object] = []
    map_activations(lambda activation, _: found.append(activation), value)
    return found
