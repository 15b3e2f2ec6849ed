"""Names in ``.h5`` files, which identify weights by the names of their layer and of the weight."""

import contextlib
from typing import Final

import keras

from serialactivation import errors
from serialactivation.keras_api.internals import own_variables
from serialactivation.keras_api.weight_names import named_apart

__all__ = ["check_layer_names", "with_names_apart"]

_OWN_WEIGHTS: Final = "top_level_model_weights"
"""The group of the weights that belong to no layer of the model."""


def check_layer_names(model: keras.Model) -> None:
    """Refuse a *model* if the weights of two layers would be in one group.

    Raises:
        ModelFileError: Two layers have one name, or one has the name of the model's own group.
    """
    seen = {_OWN_WEIGHTS: "the group of the model's own weights"}
    for layer in model.layers:
        if layer.name in seen:
            reason = f"its layer {layer.name!r} has the same name as {seen[layer.name]}"
            cure = "Give each layer of the model a name of its own: name=..."
            raise errors.ModelFileError(model.name, type(model).__name__, ".h5", reason, cure)
        seen[layer.name] = "another layer"


def with_names_apart(model: keras.Model) -> contextlib.AbstractContextManager[None]:
    """Return a context in which weights of *model*, and variables of its optimizer, have distinct names."""
    optimizer = getattr(model, "optimizer", None)
    groups = [layer.trainable_weights + layer.non_trainable_weights for layer in model.layers]
    return named_apart([*groups, own_variables(model), [] if optimizer is None else optimizer.variables])
