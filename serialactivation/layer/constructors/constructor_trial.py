"""Whether a constructor takes another activation: where its signature does not say so, a layer is made on trial."""

from typing import cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import without_names
from serialactivation.codec.silence import trying
from serialactivation.layer.hooks import ActivationHooks, resolve_field
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.fields import ActivationField
from serialactivation.typing import JSON, Config

__all__ = ["is_fixed", "note_taken"]


def is_fixed(state: LayerActivations, field: ActivationField, value: object) -> bool:
    """Return whether a load would lose *value*, because the layer's constructor sets the field itself.

    The answer is False without a trial for a constructor that names the argument, and for an author's ``from_config``,
    which may treat it in its own way. It is also False if no layer can be made from the present config.
    """
    spec = state.spec
    if field.name in spec.defaults or spec.own_from_config:
        return False
    with trying():
        return _is_lost(state.layer, field, _encode(state.layer, field, value))


def _is_lost(layer: keras.Layer, field: ActivationField, stored: JSON) -> bool:
    try:
        config = layer.get_config()
        type(layer).from_config(config)
    except errors.READ_ERRORS:
        return False
    return not _comes_back(layer, field, {**config, field.key: stored})


def _comes_back(layer: keras.Layer, field: ActivationField, config: Config) -> bool:
    try:
        made = type(layer).from_config(config)
        held = _encode(made, field, getattr(made, field.name))  # what it computes with, not what it received
    except errors.READ_ERRORS:
        return False
    return without_names(held) == without_names(config[field.key])


def _encode(layer: keras.Layer, field: ActivationField, value: object) -> JSON:
    return cast("ActivationHooks", layer).encode_activation(field, resolve_field(type(layer), field, value))


def note_taken(state: LayerActivations, field: ActivationField, value: object) -> None:
    """Note that the constructor takes *value*, as the trial has shown, so that later configs have it."""
    if field.name in state.captured.fixed(type(state.layer)):
        state.captured.note_taken(field.name, value)
