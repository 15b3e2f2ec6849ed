"""A layer as the owner of the activations that it holds."""

import keras

from serialactivation.codec.build_shapes import note_deferred
from serialactivation.codec.dtype_policy import follow_owner
from serialactivation.codec.living_definitions import note_versions
from serialactivation.codec.nested import flatten
from serialactivation.codec.owners import note_owner
from serialactivation.keras_api.sublayers import is_tracked, sublayers
from serialactivation.layer.fields import fields_of
from serialactivation.layer.record import Record, held_activations
from serialactivation.spec.layer_spec import spec_of

__all__ = ["align", "note_definitions"]


def align(layer: keras.Layer, record: Record) -> list[keras.Layer]:
    """Bring the activations of *layer* that are layers into line with it, and return them: it is their owner now."""
    held = held_activations(layer, fields_of(layer) if record.objects else spec_of(type(layer)).fields)
    for field, activation in held:
        note_deferred(activation)
        for inner in sublayers(activation):
            note_owner(inner, layer)
        if field.name not in record.members or is_tracked(layer, activation):  # else perhaps another's: build will tell
            follow_owner(layer, field, activation)
    return [activation for _, activation in held]


def note_definitions(layer: keras.Layer, record: Record) -> None:
    """Note which registered functions and classes *layer* holds, for as long as it lives."""
    for value in record.given.values():
        for activation in flatten(value):
            note_versions(layer, activation)
