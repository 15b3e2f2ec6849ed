"""What holds an activation, as far as its name and its default tell. Keras-free, and quick to import."""

import numbers
import re
from typing import Final

__all__ = ["is_plain", "looks_like_activation"]

_PATTERN: Final = re.compile(r"(\w+_)?activations?(_fn|_function)?")


def looks_like_activation(name: str, default: object) -> bool:
    """Return whether an argument *name* holds an activation; a default that is a bool or a number says no."""
    return _PATTERN.fullmatch(name) is not None and not is_plain(default)


def is_plain(value: object) -> bool:
    """Return whether *value* under a field's name is no activation at all: a bool or a number."""
    return isinstance(value, numbers.Number)
