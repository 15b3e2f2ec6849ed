"""Which layers hold an activation: where several do, a config outside a save makes several of it, and says so once."""

import contextlib
import contextvars
import threading
import warnings
from collections.abc import Iterator
from typing import Final

import keras

from serialactivation import errors
from serialactivation.keras_api.identity import IdentityMap, IdentitySet
from serialactivation.keras_api.scopes import in_sharing_scope
from serialactivation.keras_api.sublayers import is_unbuilt, sublayers

__all__ = ["looking", "note_owner", "silently", "warn_of_copies"]

_OWNERS: Final[IdentityMap[keras.Layer, IdentitySet[keras.Layer]]] = IdentityMap()
_CALLER: Final = 5  # past write_config and its like, and the get_config that was called
_WARNED: Final[IdentitySet[keras.Layer]] = IdentitySet()

# The filters of warnings are the process's, and two threads that set them at once would leave one's set for good.
_FILTERS: Final = threading.RLock()

_SILENT: Final[contextvars.ContextVar[bool]] = contextvars.ContextVar("silent", default=False)


@contextlib.contextmanager
def silently() -> Iterator[None]:
    """Within it, nobody is warned of copies that nobody will make."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


@contextlib.contextmanager
def looking() -> Iterator[None]:
    """Within it, a config is written for a look at it only: nobody is warned of anything."""
    with _FILTERS, silently(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of a lambda, which is refused afterwards, with its cure
        yield


def note_owner(activation: keras.Layer, owner: keras.Layer) -> None:
    """Remember that *owner* holds *activation*, for as long as both live."""
    owners = _OWNERS.get(activation)
    if owners is None:
        owners = _OWNERS[activation] = IdentitySet()
    if owner not in owners:
        owners.add(owner)


def warn_of_copies(owner: keras.Layer, activation: object) -> None:
    """Warn, once for each *activation* with weights, that *owner*'s config will not know its other owners."""
    if not isinstance(activation, keras.Layer) or in_sharing_scope() or _SILENT.get():
        return
    inside = set(map(id, sublayers(owner)))  # it hands the activation on to them, and will again
    for layer in sublayers(activation):
        owners = [other for other in _OWNERS.get(layer) or () if id(other) not in inside]
        others = [other.name for other in owners if id(owner) not in map(id, sublayers(other))]
        if others and layer not in _WARNED and (layer.weights or is_unbuilt(layer)):
            warnings.warn(
                errors.SharedActivationWarning(layer.name, owner.name, tuple(sorted(others))), stacklevel=_CALLER
            )
            for inner in sublayers(layer):  # last: a warning that did not come through comes again
                _WARNED.add(inner)
