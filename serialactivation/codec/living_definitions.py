"""Which version of a registered function or class living layers hold: in a file, a name stands for one of them."""

import gc
from collections.abc import Iterator
from typing import Final

import keras

from serialactivation.codec.functions import PartialActivation
from serialactivation.codec.libraries import FUNCTION_TYPE
from serialactivation.codec.same_definition import is_rewritten, is_same
from serialactivation.keras_api.identity import IdentityMap, IdentitySet

__all__ = [
    "Definition",
    "find_definitions",
    "find_holder",
    "find_made",
    "find_rival",
    "note_owner_class",
    "note_versions",
]

Definition = object
"""A registered function, or a registered class."""

# The layers that hold each definition, by the name that it is registered under. Keras keeps every definition for good.
_VERSIONS: Final[dict[str, IdentityMap[Definition, IdentitySet[keras.Layer]]]] = {}

_OURS: Final = ("keras", "serialactivation")

# What most attributes of a layer are, and no definition is held as.
_PLAIN: Final = frozenset({type(None), bool, int, float, str, list, tuple, dict, set})


def note_versions(owner: keras.Layer, activation: object) -> None:
    """Remember, for as long as *owner* lives, that it holds the definitions that *activation* is made of."""
    for name, definition in find_definitions(activation):
        _note(owner, name, definition)


def note_owner_class(owner: keras.Layer) -> None:
    """Remember, for as long as *owner* lives, that its class was made by a function."""
    for name, made in find_made(type(owner)):
        _note(owner, name, made)


def _note(owner: keras.Layer, name: str, definition: Definition) -> None:
    versions = _VERSIONS.setdefault(name, IdentityMap())
    owners = versions.get(definition)
    if owners is None:
        owners = versions[definition] = IdentitySet()
    owners.add(owner)


def find_rival(name: str, definition: Definition) -> Definition | None:
    """Return what else a living layer holds under *name*, that *definition* does not replace, or None."""
    if _find_rival(name, definition) is None:
        return None
    gc.collect()  # a model that nobody holds is a cycle, and lives on until it is collected
    return _find_rival(name, definition)


def _find_rival(name: str, definition: Definition) -> Definition | None:
    versions = _VERSIONS.get(name)
    for other in versions or ():
        owners = versions.get(other) if versions is not None else None
        if owners is None or next(iter(owners), None) is None:
            continue
        if keras.saving.get_registered_name(other) != name:  # it was given a name of its own since
            continue
        if not is_same(other, definition) and not is_rewritten(other, definition):
            return other
    return None


def find_holder(name: str, definition: Definition) -> Definition | None:
    """Return what has *name* by now, where that is another than *definition*; None where it is not."""
    holder: object = keras.saving.get_registered_object(name)
    return None if holder is None or is_same(holder, definition) else holder


def find_definitions(activation: object) -> Iterator[tuple[str, Definition]]:
    """Yield the registered functions and classes that *activation* is made of, with the names they were given."""
    if isinstance(activation, PartialActivation):
        yield from find_definitions(activation.function)
    elif isinstance(activation, FUNCTION_TYPE):
        yield from _named(activation)
    elif isinstance(activation, keras.Layer):
        for layer in activation._flatten_layers():
            yield from _find_in_object(layer)
    elif hasattr(activation, "get_config"):
        yield from _find_in_object(activation)


def find_made(kind: type) -> Iterator[tuple[str, Definition]]:
    """Yield a class that a function made, with its registered name: the function may make others of that name."""
    if "<locals>" in kind.__qualname__:
        yield from _named(kind)


def _find_in_object(value: object) -> Iterator[tuple[str, Definition]]:
    yield from _named(type(value))
    for held in vars(value).values() if hasattr(value, "__dict__") else ():
        kind = type(held)
        if kind in _PLAIN:
            continue
        if kind is PartialActivation:
            yield from find_definitions(held.function)
        elif kind is FUNCTION_TYPE:
            yield from _named(held)
        elif hasattr(kind, "get_config") and not isinstance(held, keras.Layer | type):
            yield from _named(kind)


def _named(definition: Definition) -> Iterator[tuple[str, Definition]]:
    if str(definition.__module__).partition(".")[0] in _OURS:
        return
    name = keras.saving.get_registered_name(definition)
    if ">" in name and name != "<lambda>":  # as every name that register_keras_serializable has given
        yield name, definition
