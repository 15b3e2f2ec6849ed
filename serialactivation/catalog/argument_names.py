"""Recognizes arguments that hold an activation, by name and default. Keras-free, and quick to import."""

import numbers
import re
from typing import Final

__all__ = ["is_number", "looks_like_activation"]

_PATTERN: Final = re.compile(r"(\w+_)?activations?(_fn|_function)?")


def looks_like_activation(name: str, default: object) -> bool:
    """Return whether the argument *name* holds an activation; one whose default is a bool or a number does not."""
    return _PATTERN.fullmatch(name) is not None and not is_number(default)


def is_number(value: object) -> bool:
    """Return whether *value* is a number, as a bool is: under a field's name, it is no activation."""
    return isinstance(value, numbers.Number)
