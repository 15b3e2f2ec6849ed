"""Which definitions of a registered name existing layers hold: in a file, a name stands for only one definition.

A definition whose name also means another one is refused when a layer is given it; storing it gives a warning.
"""

import gc
import warnings
import weakref
from collections.abc import Iterator
from typing import Final

import keras

from serialactivation import errors
from serialactivation.codec.checks.refusals import give_names, hold_as_weights, write_instance
from serialactivation.codec.definitions.same_definition import (
    Definition,
    closed_over,
    default_values,
    is_rewritten,
    is_same,
)
from serialactivation.codec.functions import PartialActivation
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE
from serialactivation.codec.known_functions.registered_names import find_holder
from serialactivation.codec.sharing_ids import is_reading
from serialactivation.keras_api.identity import IdentityMap
from serialactivation.keras_api.registration import identity
from serialactivation.keras_api.sublayers import sublayers

__all__ = [
    "check_owner_class",
    "check_versions",
    "note_owner_class",
    "note_versions",
    "warn_of_others",
]

# The layers that hold each definition, by its registered name, then by their ids. Keras never frees a definition.
_VERSIONS: Final[dict[str, IdentityMap[Definition, weakref.WeakValueDictionary[int, keras.Layer]]]] = {}

_OURS: Final = ("keras", "serialactivation")

# The types of most attributes of a layer; no definition is in them.
_PLAIN: Final = frozenset({type(None), bool, int, float, str, list, tuple, dict, set})


def note_versions(owner: keras.Layer, activation: object) -> None:
    """Note, for the lifetime of *owner*, that it holds the definitions that *activation* uses."""
    for name, definition in _find_definitions(activation):
        _note(owner, name, definition)


def note_owner_class(owner: keras.Layer) -> None:
    """Note, for the lifetime of *owner*, that it uses the definition of its class."""
    for name, kind in _named(type(owner)):
        _note(owner, name, kind)


def _note(owner: keras.Layer, name: str, definition: Definition) -> None:
    versions = _VERSIONS.setdefault(name, IdentityMap())
    owners = versions.get(definition)
    if owners is None:
        owners = versions[definition] = weakref.WeakValueDictionary()
    owners[id(owner)] = owner


def _find_rival(name: str, definition: Definition) -> Definition | None:
    """Return another definition of *name* that an existing layer holds and *definition* does not replace."""
    if _search(name, definition) is None:
        return None
    gc.collect()  # an unused model is a reference cycle, which lives until it is collected
    return _search(name, definition)


def _search(name: str, definition: Definition) -> Definition | None:
    versions = _VERSIONS.get(name)
    for other in versions or ():
        owners = versions.get(other) if versions is not None else None
        if not owners:
            continue
        if keras.saving.get_registered_name(other) != name:  # it has been registered under another name since
            continue
        if not is_same(other, definition) and not is_rewritten(other, definition):
            return other
    return None


def _find_definitions(activation: object) -> Iterator[tuple[str, Definition]]:
    """Yield the registered functions and classes that *activation* uses, with their names."""
    if isinstance(activation, PartialActivation):
        yield from _find_definitions(activation.function)
    elif isinstance(activation, FUNCTION_TYPE):
        yield from _named(activation)
    elif isinstance(activation, keras.Layer):
        for layer in sublayers(activation):
            yield from _find_in_object(layer)
    elif hasattr(activation, "get_config"):
        yield from _find_in_object(activation)


def _find_in_object(value: object) -> Iterator[tuple[str, Definition]]:
    yield from _named(type(value))
    for held in vars(value).values() if hasattr(value, "__dict__") else ():
        kind = type(held)
        if kind in _PLAIN:
            continue
        if kind is PartialActivation:
            yield from _find_definitions(held.function)
        elif kind is FUNCTION_TYPE:
            yield from _named(held)
        elif hasattr(kind, "get_config") and not isinstance(held, keras.Layer | type):
            yield from _named(kind)


def _named(definition: Definition) -> Iterator[tuple[str, Definition]]:
    """Yield a user's function or class with its registered name, if it has one."""
    if str(definition.__module__).partition(".")[0] in _OURS:
        return
    name = keras.saving.get_registered_name(definition)
    if ">" in name and name != "<lambda>":  # every name from register_keras_serializable has a ">"
        yield name, definition


def check_versions(activation: object, given: object) -> None:
    """Refuse an activation if one of its names means something else for an existing layer, or it uses outer variables.

    Activations that a load makes are not refused: they have the present meaning of the names.

    Args:
        activation: The activation.
        given: The value that the user gave, for the error.

    Raises:
        UnserializableActivationError: It would come back as something else.
    """
    if is_reading():
        return
    for name, definition in _find_definitions(activation):
        _check_outer_state(given, definition)
        holder = find_holder(name, definition)
        if holder is not None:
            cure = give_names(name, definition)
            if is_rewritten(definition, holder):
                cure = _make_again(name, definition, given)
            raise errors.UnserializableActivationError(
                given, f"{name!r} now stands for another definition, {holder!r}", cure
            )
        rival = _find_rival(name, definition)
        if rival is not None:
            reason = f"{name!r} now stands for {definition!r}, but a layer uses {rival!r}, which has the same name"
            raise errors.UnserializableActivationError(given, reason, give_names(name, definition))


def _make_again(name: str, definition: Definition, given: object) -> str:
    """Return how *given*, which is or uses a *definition*, is made with the one that has its *name* now."""
    code, kind = f"keras.saving.get_registered_object({name!r})", type(given)
    if kind is definition:
        code += write_instance(kind).removeprefix(kind.__name__)
    elif given is not definition:
        code = write_instance(kind)
    return f"{code}  # created again, with the current definition"


def check_owner_class(layer: keras.Layer) -> None:
    """Refuse a layer if the registered name of its class means another class, made by the same function.

    Raises:
        RegistrationError: It would come back as an object of the other class.
    """
    if is_reading():
        return
    for name, made in _named(type(layer)):
        other = find_holder(name, made) or _find_rival(name, made)
        if isinstance(other, type):
            raise errors.RegistrationError(name, identity(other), identity(type(layer)))


def _check_outer_state(given: object, definition: Definition) -> None:
    """Refuse a function that uses Keras variables from outside: the model's file does not hold their values."""
    if not isinstance(definition, FUNCTION_TYPE):
        return
    globals_used = {name: definition.__globals__.get(name) for name in definition.__code__.co_names}
    for name, value in {**globals_used, **default_values(definition), **closed_over(definition)}.items():
        if isinstance(value, keras.Variable) or (isinstance(value, keras.Layer) and value.variables):
            raise errors.UnserializableActivationError(
                given,
                f"it uses {name!r} ({type(value).__name__}), whose values are not saved with the model",
                hold_as_weights(definition, name, value),
            )


def warn_of_others(activation: object) -> None:
    """Warn that an object is stored whose functions or classes have been replaced: it loads with the new ones."""
    for name, definition in _find_definitions(activation):
        holder = find_holder(name, definition)
        if holder is not None:
            warnings.warn(errors.RedefinedActivationWarning(name, definition, holder), stacklevel=2)
