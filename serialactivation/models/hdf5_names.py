"""The names under which a model is written to ``.h5`` files, which know weights by their layer and their own names."""

import contextlib
from typing import Final

import keras

from serialactivation import errors
from serialactivation.keras_api.internals import own_variables
from serialactivation.keras_api.weight_names import named_apart

__all__ = ["check_layer_names", "with_names_apart"]

_OWN_WEIGHTS: Final = "top_level_model_weights"
"""The group of a model's own weights, beside those of its layers."""


def check_layer_names(model: keras.Model) -> None:
    """Refuse a *model* with two layers whose weights would be in one group.

    Raises:
        ModelFileError: It has.
    """
    met = {_OWN_WEIGHTS: "the group of the model's own weights"}
    for layer in model.layers:
        if layer.name in met:
            reason = f"one of its layers is called {layer.name!r}, as is {met[layer.name]}"
            cure = "Give each layer of the model a name of its own: name=..."
            raise errors.ModelFileError(model.name, type(model).__name__, ".h5", reason, cure)
        met[layer.name] = "another"


def with_names_apart(model: keras.Model) -> contextlib.AbstractContextManager[None]:
    """Return what gives the weights of *model*, and the variables of its optimizer, names that can be written."""
    optimizer = getattr(model, "optimizer", None)
    groups = [layer.trainable_weights + layer.non_trainable_weights for layer in model.layers]
    return named_apart([*groups, own_variables(model), [] if optimizer is None else optimizer.variables])
