"""What functions take, looked at once: a class is asked for its constructors' arguments again and again. Keras-free."""

import inspect
import weakref
from collections.abc import Callable
from typing import Final

__all__ = ["signature_of"]

_KNOWN: Final[weakref.WeakKeyDictionary[Callable[..., object], inspect.Signature]] = weakref.WeakKeyDictionary()


def signature_of(function: Callable[..., object]) -> inspect.Signature:
    """Return the signature of a function that lives as long as its class does: not of a bound method.

    Raises:
        TypeError: It is no function.
        ValueError: It has no signature.
    """
    try:
        known = _KNOWN.get(function)
    except TypeError:  # what is built in cannot be held weakly
        return inspect.signature(function)
    if known is None:
        known = _KNOWN[function] = inspect.signature(function)
    return known
