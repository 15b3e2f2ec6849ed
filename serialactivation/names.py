"""The names that functions are registered under, in Keras's custom-object system or in a scope in force."""

import warnings
from collections.abc import Callable
from typing import Final, cast

import keras

from serialactivation import catalog, errors
from serialactivation.identity import IdentityMap
from serialactivation.libraries import FUNCTION_TYPE, find_function
from serialactivation.sharing import find_in_scope

__all__ = ["find_given_name", "find_registered_name", "remember_name", "shadowed"]


def find_registered_name(function: object) -> str | None:
    """Return the name that Keras's custom-object system finds *function* under: registered, or in a scope in force.

    A name that a built-in has is none: a file with it would load as the built-in.
    """
    if isinstance(function, type) or not callable(function) or not hasattr(function, "__name__"):
        return None
    name = keras.saving.get_registered_name(function)
    if not _is_same(keras.saving.get_registered_object(name), function):
        scoped = find_in_scope(function)
        if scoped is None:
            return None
        name = scoped
    return None if catalog.find_activation(name) is not None else name


# The names that functions had when a layer was given them: a notebook's cell may give the name to another since.
_REMEMBERED: Final[IdentityMap[object, str]] = IdentityMap()


def remember_name(function: object) -> None:
    """Remember the registered name of *function*, if it has one: a layer is being given it.

    What the catalog has is stored by the catalog's name, whatever else it may be registered under.
    """
    if find_function(function) is not None:
        return
    name = find_registered_name(function)
    if name is not None:
        _REMEMBERED[function] = name


def find_given_name(function: object) -> str | None:
    """Return the registered name of *function*, or the one that it had, with a warning."""
    name = find_registered_name(function)
    if name is None and isinstance(function, FUNCTION_TYPE):
        name = _REMEMBERED.get(function)
        if name is not None:
            warnings.warn(errors.RedefinedActivationWarning(name, function), stacklevel=2)
    return name


def _is_same(holder: object, function: object) -> bool:
    """Tell whether *holder* is *function*, or *function* defined again: the cell of a notebook was run twice."""
    if holder is function:
        return True
    if not isinstance(holder, FUNCTION_TYPE) or not isinstance(function, FUNCTION_TYPE):
        return False
    return (
        (holder.__module__, holder.__qualname__) == (function.__module__, function.__qualname__)
        and holder.__code__ == function.__code__
        and _are_same_values(_bound_values(holder), _bound_values(function))
    )


def _bound_values(function: object) -> list[object]:
    """Return what a function holds besides its code: its defaults, and the variables that it closes over."""
    closure = getattr(function, "__closure__", None) or ()
    keyword_defaults = getattr(function, "__kwdefaults__", None) or {}
    defaults = (*(getattr(function, "__defaults__", None) or ()), *keyword_defaults, *keyword_defaults.values())
    return [*defaults, *(cell.cell_contents for cell in closure)]


def _are_same_values(first: list[object], second: list[object]) -> bool:
    """Compare plain values by value, and anything else, such as an array, by identity."""
    return len(first) == len(second) and all(
        a is b or (type(a) is type(b) and isinstance(a, _PLAIN) and a == b) for a, b in zip(first, second, strict=True)
    )


_PLAIN: Final = (bool, int, float, str, bytes)


def shadowed(name: str) -> Callable[..., object] | None:
    """Return the custom object that would be loaded in place of the built-in *name*, or None."""
    custom = keras.saving.get_registered_object(name)
    builtin = getattr(keras.activations, catalog.ALIASES.get(name, name), None)
    return None if custom is builtin else cast("Callable[..., object] | None", custom)
