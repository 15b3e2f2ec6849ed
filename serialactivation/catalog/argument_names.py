"""Recognizes arguments that hold an activation, by name and default. Keras-free, and quick to import."""

import numbers
import re
from typing import Final

__all__ = ["is_plain", "looks_like_activation"]

_PATTERN: Final = re.compile(r"(\w+_)?activations?(_fn|_function)?")


def looks_like_activation(name: str, default: object) -> bool:
    """Return whether the argument *name* holds an activation; one whose default is a bool or a number does not."""
    return _PATTERN.fullmatch(name) is not None and not is_plain(default)


def is_plain(value: object) -> bool:
    """Return whether *value*, under a field's name, is a bool or a number, and so not an activation."""
    return isinstance(value, numbers.Number)
