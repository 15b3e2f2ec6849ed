"""How deep a value may be nested. On deeper ones, Keras exhausts the stack before an error could say so."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from serialactivation import errors
from serialactivation.spec.fields import ActivationField

__all__ = ["END", "MAX_DEPTH", "NESTED", "PLAIN", "check_depth", "is_endless", "is_too_deep", "items_of"]

PLAIN: Final = frozenset([type(None), bool, int, float, str])
"""The types of most values that hold no others."""

NESTED: Final = (list, tuple, dict, functools.partial, Mapping)
"""The types of values that hold others."""

MAX_DEPTH: Final = 100
"""How deep a field's config may be nested: a Sequential in a Sequential takes six levels."""

END: Final = 500
"""How deep a value may be that Keras itself walks through: at twice the depth it exhausts the stack."""


def items_of(value: object) -> Iterable[object]:
    """Return the items of a container or of a partial; nothing for any other value."""
    if isinstance(value, dict):  # the most frequent case; a check for Mapping is slow
        return value.values()
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, functools.partial):
        return (value.func, *value.args, *value.keywords.values())
    return value.values() if isinstance(value, Mapping) else ()


def is_too_deep(config: object, most: int = MAX_DEPTH, items: Callable[[object], Iterable[object]] = items_of) -> bool:
    """Return whether *config* is nested deeper than *most* levels, or contains itself.

    Args:
        config: The value.
        most: How many levels it may have.
        items: Returns the items of a value.
    """
    if config is None or isinstance(config, str):
        return False
    level = [config]
    for _ in range(most):
        inner = {id(item): item for value in level for item in items(value) if type(item) not in PLAIN}
        if not inner:
            return False
        level = list(inner.values())  # each object once
    return True


def is_endless(value: object) -> bool:
    """Return whether an argument contains itself, or is nested too deeply for Keras."""
    return isinstance(value, NESTED) and is_too_deep(value, END)


def check_depth(field: ActivationField, value: object, cure: str = "Nest it less deeply.") -> None:
    """Refuse the value of a field, or its config, that is nested too deeply.

    Raises:
        ActivationConfigError: It is nested too deeply; the error has *cure*.
    """
    if isinstance(value, NESTED) and is_too_deep(value):
        raise errors.ActivationConfigError(f"$.{field.key}", "...", "it is nested too deeply", cure)
