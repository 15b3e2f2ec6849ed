"""A layer as the owner of the activations that it holds."""

import keras

from serialactivation.codec.living_definitions import note_versions
from serialactivation.codec.tracked import track
from serialactivation.keras_api.sublayers import is_tracked
from serialactivation.layer.fields import fields_of
from serialactivation.layer.record import Record, held_activations
from serialactivation.spec.layer_spec import spec_of
from serialactivation.spec.nested import flatten

__all__ = ["align", "note_definitions"]


def align(layer: keras.Layer, record: Record) -> list[keras.Layer]:
    """Bring the activations of *layer* that are layers into line with it, and return them: it is their owner now."""
    held = held_activations(layer, fields_of(layer) if record.objects else spec_of(type(layer)).fields)
    for field, activation in held:
        tracked = track(activation)
        tracked.add_owner(layer)
        if field.name not in record.members or is_tracked(layer, activation):  # else perhaps another's: build will tell
            tracked.follow(layer, field)
    return [activation for _, activation in held]


def note_definitions(layer: keras.Layer, record: Record) -> None:
    """Note which registered functions and classes *layer* holds, for as long as it lives."""
    for value in record.given.values():
        for activation in flatten(value):
            note_versions(layer, activation)
