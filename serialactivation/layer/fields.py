"""The activation fields of one layer: the fields of its class, and those in its configuration objects."""

import keras

from serialactivation import errors
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.fields import ActivationField, find_fields
from serialactivation.spec.layer_spec import ATTRIBUTE, LayerSpec

__all__ = ["activation_fields"]


def activation_fields(layer: keras.Layer | type[keras.Layer]) -> tuple[ActivationField, ...]:
    """Return the activation fields of a layer or a layer class: the declared ones, or those found in its constructor.

    Args:
        layer: Any Keras layer or layer class, this package's or not.

    Returns:
        The fields, in the order of the constructor's arguments. For a layer, the fields in its configuration objects
        follow, named by their paths: ``config.activation``.

    Raises:
        ActivationFieldError: *layer* is neither.
    """
    layer_class = layer if isinstance(layer, type) else type(layer)
    if not issubclass(layer_class, keras.Layer):
        raise errors.ActivationFieldError(
            layer_class.__name__, layer, "only layers have activation fields", "Pass a keras.Layer or a subclass."
        )
    spec = getattr(layer_class, ATTRIBUTE, None)
    if not isinstance(spec, LayerSpec):
        return find_fields(layer_class)
    if isinstance(layer, type):
        return (*spec.fields, *spec.members)
    state = LayerActivations.find(layer)
    return spec.fields if state is None else state.fields
