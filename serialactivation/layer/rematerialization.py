"""``keras.RematScope(mode="activations")``: for the length of a call, Keras itself assigns a layer's activation.

It puts a function that wraps the activation into ``layer.activation``, and the activation back. That is no assignment
of anybody's: nothing is resolved, tracked or stored.
"""

import functools
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import keras

from serialactivation.keras_api.internals import rematerialization_mode
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.layer.layer_activations import LayerActivations

__all__ = ["is_lent", "rematerialize"]

ATTRIBUTE: Final = "activation"
"""The one attribute that Keras assigns."""

Call: TypeAlias = Callable[..., Any]


def is_lent(state: LayerActivations, name: str) -> bool:
    """Return whether Keras may be assigning *name*, since a call of the layer rematerializes its activation."""
    return state.lent and name == ATTRIBUTE


def rematerialize(layer: keras.Layer, original: Call, layer_call: Call) -> Call:
    """Return *layer_call* as Keras rematerializes it, with the attribute put back as it was.

    Args:
        layer: The layer.
        original: The ``rematerialized_call`` of Keras, with all its arguments but the first.
        layer_call: The layer's ``call``.
    """
    if rematerialization_mode(layer) != "activations":
        return cast("Call", original(layer_call))
    if isinstance(getattr(type(layer), ATTRIBUTE, None), property):
        return layer_call  # a recurrent layer shows its cell's, and the cell rematerializes it
    return _returning(layer, original(layer_call))


def _returning(layer: keras.Layer, call: Call) -> Call:
    """Return *call* in which the attribute is lent. PyTorch keeps a layer elsewhere than the function in its place."""

    def lending(*args: object, **kwargs: object) -> object:
        lent = {ATTRIBUTE: _anew(getattr(layer, ATTRIBUTE))}
        run = functools.partial(run_with, layer, lent, functools.partial(call, *args, **kwargs))
        return run_with(LayerActivations.of(layer), {"lent": True}, run)

    return lending


def _anew(activation: Call) -> Call:
    """Return a function for one call that does what *activation* does, if that is a layer.

    JAX remembers what it has traced by the function, with the weights as they were then.
    """
    if not isinstance(activation, keras.Layer):
        return activation
    return lambda *args, **kwargs: activation(*args, **kwargs)
