"""``keras.RematScope(mode="activations")``: Keras itself assigns a layer's activation for the duration of a call.

Keras sets ``layer.activation`` to a function that wraps the activation, and afterwards to the activation again. These
two assignments are not a user's: nothing is resolved, tracked or stored.
"""

import functools
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import keras

from serialactivation.keras_api.internals import rematerialization_mode
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.layer.state.layer_activations import LayerActivations

__all__ = ["is_lent", "rematerialize"]

ATTRIBUTE: Final = "activation"
"""The one attribute that Keras assigns."""

Call: TypeAlias = Callable[..., Any]


def is_lent(state: LayerActivations, name: str) -> bool:
    """Return whether Keras may be assigning *name*, because a call of the layer rematerializes its activation."""
    return state.lent and name == ATTRIBUTE


def rematerialize(layer: keras.Layer, original: Call, layer_call: Call) -> Call:
    """Return *layer_call* as Keras rematerializes it, with the attribute restored after each call.

    Args:
        layer: The layer.
        original: The ``rematerialized_call`` of Keras, with all its arguments but the first.
        layer_call: The layer's ``call``.
    """
    if rematerialization_mode(layer) != "activations":
        return cast("Call", original(layer_call))
    if isinstance(getattr(type(layer), ATTRIBUTE, None), property):
        return layer_call  # it belongs to the cell of a recurrent layer, which rematerializes it
    return _returning(layer, original(layer_call))


def _returning(layer: keras.Layer, call: Call) -> Call:
    """Return *call* with the attribute restored afterwards: PyTorch stores layers and functions in two places."""

    def lending(*args: object, **kwargs: object) -> object:
        lent = {ATTRIBUTE: _new_function(getattr(layer, ATTRIBUTE))}
        run = functools.partial(run_with, layer, lent, functools.partial(call, *args, **kwargs))
        return run_with(LayerActivations.of(layer), {"lent": True}, run)

    return lending


def _new_function(activation: Call) -> Call:
    """Return a new function that calls *activation*, if that is a layer.

    JAX caches traces by the function, together with the weights at that time, so each call needs a new function.
    """
    if not isinstance(activation, keras.Layer):
        return activation
    return lambda *args, **kwargs: activation(*args, **kwargs)
