"""The check of a layer that Keras writes to an ``.h5`` file: two weights of one name would stop Keras halfway."""

import keras

from serialactivation import errors
from serialactivation.keras_api.weight_names import find_clashing

__all__ = ["check_weight_names"]

_CURE = "Save the model with serialactivation.save_model(model, ...), or to a file that ends in .keras."


def check_weight_names(layer: keras.Layer) -> None:
    """Refuse a *layer* with two weights of one name. A model is exempt: it has a group for each of its layers.

    Raises:
        ModelFileError: Two weights have one name.
    """
    if isinstance(layer, keras.Model):
        return
    for weight in find_clashing(layer.weights):
        reason = f"two of its weights are called {weight.path!r}"
        raise errors.ModelFileError(layer.name, type(layer).__name__, ".h5", reason, _CURE)
