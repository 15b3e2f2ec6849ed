"""Whether a model holds an object in several places: only then does Keras need a sharing scope."""

from typing import Final

import keras

from serialactivation.codec.functions import PartialActivation
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE
from serialactivation.keras_api.internals import own_layers
from serialactivation.layer.state.layer_activations import LayerActivations

__all__ = ["may_share"]

# Objects of these types come back equal, shared or not.
_PLAIN: Final = frozenset({str, type(None), FUNCTION_TYPE, PartialActivation, bool, int, float})


def may_share(model: object) -> bool:
    """Return whether *model* may hold a layer in several places.

    The answer is also True if a layer was given an object that is not among its direct sublayers, such as a list.
    """
    if not isinstance(model, keras.Layer):
        return False  # Keras raises the error
    seen: set[int] = set()
    layers = [model]
    for layer in layers:  # the list grows in the loop
        key = id(layer)
        if key in seen or _holds_more(layer):
            return True
        seen.add(key)
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
