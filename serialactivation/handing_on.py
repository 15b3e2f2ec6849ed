"""What each constructor of a layer was given, and what it handed on to the next one up."""

from collections.abc import Mapping

import keras

from serialactivation.record import record_of
from serialactivation.spec import BASE_KEYS, spec_of

__all__ = ["fixed_arguments", "received"]


def received(level: type, layer: keras.Layer) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return what *level*'s constructor was given, and what it gave the next one up."""
    known = record_of(layer).received
    given: list[Mapping[str, object]] = [known[base] for base in level.__mro__ if base in known]
    nothing: list[Mapping[str, object]] = [{}, {}]
    own, parent = (given + nothing)[:2]
    return own, parent


def fixed_arguments(level: type, layer: keras.Layer) -> frozenset[str]:
    """Return the arguments that *level*'s constructor gives its parent's of itself: it could not take them as well.

    None where an author's ``from_config`` may have its own way with them; and what Keras puts into every config stays.
    """
    spec = spec_of(level)
    if spec.own_from_config or spec.speaks_for_itself:
        return frozenset()
    own, parent = received(level, layer)
    return frozenset(parent.keys() - own.keys() - spec.defaults.keys() - set(BASE_KEYS))
