"""Which layers hold an activation: where several do, a config outside a save makes several of it, and says so once."""

import contextlib
import contextvars
import warnings
import weakref
from collections.abc import Iterator
from typing import Final

import keras

from serialactivation.building import is_unbuilt, sublayers
from serialactivation.errors import SharedActivationWarning
from serialactivation.sharing import in_sharing_scope

__all__ = ["note_owner", "silently", "warn_of_copies"]

_OWNERS: Final[weakref.WeakKeyDictionary[keras.Layer, weakref.WeakSet[keras.Layer]]] = weakref.WeakKeyDictionary()
_CALLER: Final = 5  # past write_config and its like, and the get_config that was called
_WARNED: Final[weakref.WeakSet[keras.Layer]] = weakref.WeakSet()

_SILENT: Final[contextvars.ContextVar[bool]] = contextvars.ContextVar("silent", default=False)


@contextlib.contextmanager
def silently() -> Iterator[None]:
    """Within it, a config is written for a look at it only: nobody is warned of copies that nobody will make."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


def note_owner(activation: keras.Layer, owner: keras.Layer) -> None:
    """Remember that *owner* holds *activation*, for as long as both live."""
    _OWNERS.setdefault(activation, weakref.WeakSet()).add(owner)


def warn_of_copies(owner: keras.Layer, activation: object) -> None:
    """Warn, once for each *activation* with weights, that *owner*'s config will not know its other owners."""
    if not isinstance(activation, keras.Layer) or in_sharing_scope() or _SILENT.get():
        return
    inside = set(map(id, sublayers(owner)))  # it hands the activation on to them, and will again
    for layer in sublayers(activation):
        owners = [other for other in _OWNERS.get(layer, ()) if id(other) not in inside]
        others = [other.name for other in owners if owner not in sublayers(other)]
        if others and layer not in _WARNED and (layer.weights or is_unbuilt(layer)):
            _WARNED.update(sublayers(layer))
            warnings.warn(SharedActivationWarning(layer.name, owner.name, tuple(sorted(others))), stacklevel=_CALLER)
