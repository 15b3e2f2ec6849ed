"""Whether a model holds something in several places: only then does Keras have to keep track of what it writes."""

from typing import Final

import keras

from serialactivation.codec.functions import PartialActivation
from serialactivation.codec.libraries import FUNCTION_TYPE
from serialactivation.keras_api.internals import own_layers
from serialactivation.layer.layer_activations import LayerActivations

__all__ = ["may_share"]

# What is of these types is the same, be it one object or two.
_PLAIN: Final = frozenset({str, type(None), FUNCTION_TYPE, PartialActivation, bool, int, float})


def may_share(model: object) -> bool:
    """Return whether *model* may hold a layer in several places.

    It may, too, where a layer was given an object that Keras does not find right in it: no layer, or a list.
    """
    if not isinstance(model, keras.Layer):
        return False  # what it is instead, Keras says
    met: set[int] = set()
    layers = [model]
    for layer in layers:  # which grows
        key = id(layer)
        if key in met or _holds_more(layer):
            return True
        met.add(key)
        layers.extend(own_layers(layer))
    return False


def _holds_more(layer: keras.Layer) -> bool:
    state = LayerActivations.find(layer)
    if state is None:
        return False
    values = list(state.given.values())
    for arguments in state.captured.others.values():
        values.extend(arguments.values())
    objects = {id(value) for value in values if type(value) not in _PLAIN}
    return not objects.issubset(map(id, own_layers(layer)))
