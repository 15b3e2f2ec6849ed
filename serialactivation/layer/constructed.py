"""A layer whose constructor is done: what it made of the activations is noted."""

import keras

from serialactivation.catalog.marks import BESIDE, POSITIONAL
from serialactivation.codec.living_definitions import check_owner_class, note_owner_class
from serialactivation.keras_api.sublayers import is_unbuilt
from serialactivation.layer.arguments import check_argument, is_handed_on
from serialactivation.layer.build import build_on_inputs
from serialactivation.layer.fields import fields_of
from serialactivation.layer.handed_on import given_by_position
from serialactivation.layer.object_members import check_placed
from serialactivation.layer.ownership import align, note_definitions
from serialactivation.layer.record import Record, record_of, settle_field
from serialactivation.layer.sublayer_order import settle_places
from serialactivation.spec.layer_spec import spec_of

__all__ = ["finish"]


def finish(layer: keras.Layer) -> None:
    """Note what the constructor made of the activations, and bring those that are layers into line with their owner.

    Raises:
        RegistrationError: The class of *layer* is one of several of one name.
    """
    record = record_of(layer)
    record.handed.clear()
    record.unnamed.clear()
    if record.by_position:
        for value in given_by_position(type(layer), layer):
            check_argument(type(layer), POSITIONAL, value)
    record.changed = _find_changed(layer, record)
    if record.reading is not None and BESIDE in record.reading:
        check_placed(layer, record)
    fields = fields_of(layer) if record.objects else spec_of(type(layer)).fields
    for field in fields:
        settle_field(layer, record, field)
    settle_places(layer, record)
    if "<locals>" in type(layer).__qualname__:  # a function made it, and may make others of its name
        check_owner_class(layer)
        note_owner_class(layer)
    note_definitions(layer, record)
    if not any(map(is_unbuilt, align(layer, record))) or not layer.built:
        return
    if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
        build_on_inputs(layer)
    else:
        layer.built = False  # Keras takes a layer without weights of its own for built


def _find_changed(layer: keras.Layer, record: Record) -> frozenset[str]:
    """Return the arguments of the outermost constructor that an inherited ``get_config`` would tell otherwise."""
    if not record.arguments:
        return frozenset()
    arguments = next(iter(record.arguments.values()), {})
    plain = {name: value for name, value in arguments.items() if isinstance(value, bool | int | float | str)}
    return frozenset(
        name
        for name, value in plain.items()
        if type(kept := getattr(layer, name, value)) is type(value) and not is_handed_on(value, kept)
    )
