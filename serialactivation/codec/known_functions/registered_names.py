"""The registered names of functions, in Keras's custom-object system or in an active scope."""

import warnings
from collections.abc import Callable, Mapping
from typing import Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.codec.definitions.same_definition import Definition, is_same
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE
from serialactivation.keras_api.identity import IdentityMap
from serialactivation.keras_api.scopes import find_in_scope

__all__ = ["find_given_name", "find_holder", "find_registered_name", "is_mistaken", "remember_name", "shadowed"]


def find_registered_name(function: object) -> str | None:
    """Return the name under which Keras finds *function*: a registered name, or one in an active scope.

    The name of a built-in does not count, because a file with it would load as the built-in. An alias such as "swish"
    does count, because Keras stores the built-in by its first name.
    """
    if isinstance(function, type) or not callable(function) or not hasattr(function, "__name__"):
        return None
    name = keras.saving.get_registered_name(function)
    if not is_same(keras.saving.get_registered_object(name), function):
        scoped = find_in_scope(function)
        if scoped is None:
            return None
        name = scoped
    return None if name in catalog.LIBRARIES["keras.activations"] else name


# The names that functions had when a layer was given them: a notebook's cell may give the name to another later.
_REMEMBERED: Final[IdentityMap[object, str]] = IdentityMap()


def remember_name(function: object) -> None:
    """Note the registered name of *function*, if it has one, when a layer is given it.

    This is not for functions of the catalog, which are stored by the catalog's name, even if they are registered.
    """
    name = find_registered_name(function)
    if name is not None:
        _REMEMBERED[function] = name


def find_given_name(function: object) -> str | None:
    """Return the registered name of *function*, or its former one, with a warning."""
    name = find_registered_name(function)
    if name is None and isinstance(function, FUNCTION_TYPE):
        name = _REMEMBERED.get(function)
        if name is not None:
            holder = keras.saving.get_registered_object(name)
            warnings.warn(errors.RedefinedActivationWarning(name, function, holder), stacklevel=2)
    return name


def is_mistaken(stored: object, value: object) -> bool:
    """Return whether *value* is, or was made by, a custom object with the name of the built-in that is *stored*."""
    if value is None or value is stored:
        return False
    if isinstance(stored, str):
        return value is shadowed(stored)
    if not isinstance(stored, Mapping) or not str(stored.get("module")).startswith("keras."):
        return False
    custom = keras.saving.get_registered_object(str(stored.get("registered_name") or stored.get("class_name")))
    return custom is not None and (value is custom or type(value) is custom)


def shadowed(name: str) -> Callable[..., object] | None:
    """Return the custom object that Keras would load instead of the built-in *name*, or None."""
    custom = keras.saving.get_registered_object(name)
    builtin = getattr(keras.activations, catalog.ALIASES.get(name, name), None)
    return None if custom is builtin else cast("Callable[..., object] | None", custom)


def find_holder(name: str, definition: Definition) -> Definition | None:
    """Return the present holder of *name*, or None if that is *definition* or nothing."""
    holder: object = keras.saving.get_registered_object(name)
    return None if holder is None or is_same(holder, definition) else holder
