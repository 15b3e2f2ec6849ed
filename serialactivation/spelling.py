"""Which names a mistyped one may have meant. Keras-free."""

from collections.abc import Iterable
from typing import Final

from serialactivation import catalog

__all__ = ["LAYER_NAMES", "find_near", "find_near_names", "say_near"]

LAYER_NAMES: Final = ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")
"""Activations that Keras has as layers only, or as layers too."""


def find_near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the *known* names that *name* may have meant, nearest first, whatever case it is written in."""
    import difflib  # for mistakes alone

    folded = {one.casefold(): one for one in known}
    return tuple(folded[one] for one in difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6))


def say_near(near: Iterable[str], known: Iterable[str] = ()) -> str:
    """Return the question whether one of the names *near* was meant; all that are *known* where none is near."""
    if proposed := " or ".join(map(repr, near)):
        return f"Did you mean {proposed}?"
    return f"There are {', '.join(known)}."


def find_near_names(name: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what *name* may have meant, nearest first: an activation layer, a built-in, or one of *others*."""
    import difflib  # for mistakes alone

    layers = [f"keras.layers.{layer}()" for layer in LAYER_NAMES if layer.lower() == name.lower().replace("_", "")]
    known = [*catalog.LIBRARIES["keras.activations"], *catalog.ALIASES, *others]
    return (*layers, *difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6))
