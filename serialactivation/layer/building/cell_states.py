"""Recurrent cells whose states have another dtype than the cell computes in: their activations keep the default policy.

Keras makes the states of stacked cells in the stack's dtype, and each step has to return states of that dtype. A cell
of another dtype does so with activations of the default policy, as in stock Keras, but not with activations that follow
the cell.
"""

from collections.abc import Iterable

import keras

from serialactivation.codec.tracked import track
from serialactivation.keras_api.scopes import layers_being_built

__all__ = ["keep_dtype_in_stack"]


def keep_dtype_in_stack(cell: keras.Layer, activations: Iterable[keras.Layer]) -> None:
    """Stop the *activations* of a *cell* from following it, if it is built in a stack of another compute dtype."""
    if not hasattr(cell, "state_size"):
        return
    for layer in layers_being_built():
        is_stack = isinstance(layer, keras.layers.StackedRNNCells) and any(one is cell for one in layer.cells)
        if is_stack and layer.compute_dtype != cell.compute_dtype:
            for activation in activations:
                track(activation).stop_following()
