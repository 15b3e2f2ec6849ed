"""Which names a mistyped one may have meant. Keras-free."""

from collections.abc import Iterable
from typing import Final

from serialactivation import catalog

__all__ = ["find_near_names"]

# Activations that Keras has as layers only, or as layers too.
_LAYERS: Final = ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")


def find_near_names(name: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what *name* may have meant, nearest first: an activation layer, a built-in, or one of *others*."""
    import difflib  # for mistakes alone

    layers = [f"keras.layers.{layer}()" for layer in _LAYERS if layer.lower() == name.lower().replace("_", "")]
    known = [*catalog.LIBRARIES["keras.activations"], *catalog.ALIASES, *others]
    return (*layers, *difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6))
