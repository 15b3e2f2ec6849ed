"""A recurrent cell whose states are of another dtype than it computes in: its activations keep the default policy.

Keras makes the states of a stack of cells in the stack's dtype, and a step has to return such again: with activations
of the default policy a cell of another does, as in stock Keras; with those that follow the cell's it would not.
"""

from collections.abc import Iterable

import keras

from serialactivation.codec.tracked import track
from serialactivation.keras_api.scopes import layers_being_built

__all__ = ["keep_dtype_in_stack"]


def keep_dtype_in_stack(cell: keras.Layer, activations: Iterable[keras.Layer]) -> None:
    """Have the *activations* of a *cell* follow it no more, if it is built in a stack of another compute dtype."""
    if not hasattr(cell, "state_size"):
        return
    for layer in layers_being_built():
        is_stack = isinstance(layer, keras.layers.StackedRNNCells) and any(one is cell for one in layer.cells)
        if is_stack and layer.compute_dtype != cell.compute_dtype:
            for activation in activations:
                track(activation).stop_following()
