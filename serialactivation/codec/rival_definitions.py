"""Activations whose registered names mean something else besides: refused when given, warned of when stored."""

import warnings

import keras

from serialactivation import errors
from serialactivation.codec.libraries import FUNCTION_TYPE
from serialactivation.codec.living_definitions import Definition, find_definitions, find_holder, find_made, find_rival
from serialactivation.codec.objects import is_plain_layer
from serialactivation.codec.refusals import give_names, hold_as_weights
from serialactivation.codec.same_definition import closed_over, default_values, is_rewritten
from serialactivation.keras_api.registration import identity
from serialactivation.keras_api.scopes import is_reading

__all__ = ["check_owner_class", "check_versions", "warn_of_others"]


def check_versions(activation: object, given: object) -> None:
    """Refuse an activation one of whose names means something else to a layer that lives, or holds what no file does.

    What a load makes is not refused: it is what the names mean now.

    Args:
        activation: The activation.
        given: What the user gave, for the error.

    Raises:
        UnserializableActivationError: It would come back as something else.
    """
    if is_reading():
        return
    for name, definition in find_definitions(activation):
        _check_outer_state(given, definition)
        holder = find_holder(name, definition)
        if holder is not None:
            cure = give_names(name, definition)
            if is_rewritten(definition, holder):
                cure = f"keras.saving.get_registered_object({name!r})  # made anew, with the definition of now"
            raise errors.UnserializableActivationError(given, f"{name!r} means another by now, {holder!r}", cure)
        rival = find_rival(name, definition)
        if rival is not None:
            reason = f"{name!r} means {definition!r} now, and a layer holds {rival!r}, which has the same name"
            raise errors.UnserializableActivationError(given, reason, give_names(name, definition))


def check_owner_class(layer: keras.Layer) -> None:
    """Refuse a layer whose class a function made, where its registered name means another class of that function.

    Raises:
        RegistrationError: It would come back as something else.
    """
    if is_reading():
        return
    for name, made in find_made(type(layer)):
        other = find_holder(name, made) or find_rival(name, made)
        if isinstance(other, type):
            raise errors.RegistrationError(name, identity(other), identity(type(layer)))


def _check_outer_state(given: object, definition: Definition) -> None:
    """Refuse a function that uses variables from outside: a file of the model holds no such value."""
    if not isinstance(definition, FUNCTION_TYPE):
        return
    globals_used = {name: definition.__globals__.get(name) for name in definition.__code__.co_names}
    for name, value in {**globals_used, **default_values(definition), **closed_over(definition)}.items():
        if isinstance(value, keras.Variable) or (isinstance(value, keras.Layer) and value.variables):
            raise errors.UnserializableActivationError(
                given,
                f"it uses {name!r}, a {type(value).__name__} whose values are not in a file of the model",
                hold_as_weights(definition, name, value),
            )


def warn_of_others(activation: object) -> None:
    """Warn of an object about to be stored whose classes have been replaced: it loads with what has their names now."""
    if is_plain_layer(activation):
        return
    for name, definition in find_definitions(activation):
        holder = find_holder(name, definition)
        if holder is not None:
            warnings.warn(errors.RedefinedActivationWarning(name, definition, holder), stacklevel=2)
