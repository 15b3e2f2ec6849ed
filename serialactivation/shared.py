"""Whether a model holds something in several places: only then does Keras have to keep track of what it writes."""

from typing import Final

import keras

from serialactivation.building import sublayers
from serialactivation.functions import PartialActivation
from serialactivation.libraries import FUNCTION_TYPE
from serialactivation.record import find_record

__all__ = ["may_share"]

# What is of these types is the same, be it one object or two.
_PLAIN: Final = frozenset({str, type(None), FUNCTION_TYPE, PartialActivation, bool, int, float})


def may_share(model: object) -> bool:
    """Tell whether *model* may hold a layer in several places.

    It may, too, where a layer was given an object that Keras does not find right in it: no layer, or a list.
    """
    if not isinstance(model, keras.Layer):
        return False  # what it is instead, Keras says
    layers = sublayers(model)
    places = sum(len(layer._layers) for layer in layers)
    return places >= len(layers) or any(map(_holds_more, layers))  # each layer but the model itself has a place


def _holds_more(layer: keras.Layer) -> bool:
    record = find_record(layer)
    if record is None:
        return False
    objects = [value for value in record.given.values() if type(value) not in _PLAIN]
    for arguments in record.arguments.values():
        objects.extend(value for value in arguments.values() if type(value) not in _PLAIN)
    return bool(objects) and not set(map(id, objects)) <= set(map(id, layer._layers))
