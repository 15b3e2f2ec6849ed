"""The activations that most layers hold, found out when they are given: what Keras's ``get_config`` need be told."""

from collections.abc import Callable
from typing import Any

import keras

from serialactivation.codec.dtype_policy import follows
from serialactivation.codec.functions import STORED_NAMES
from serialactivation.codec.libraries import FUNCTION_TYPE
from serialactivation.codec.plain_layers import is_plain_layer
from serialactivation.keras_api.scopes import in_sharing_scope, is_saving
from serialactivation.layer.handed_on import fixed_arguments
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.record import ABSENT, Familiar, Record, StoredName, find_settled
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import LayerSpec
from serialactivation.typing import Config

__all__ = ["note_familiar", "write_shortly"]


def note_familiar(layer: keras.Layer, record: Record) -> None:
    """Note the activations of *layer*, if each is a name, None, a function that is stored by name, or one plain layer.

    A plain layer must be one that Keras's own ``get_config`` writes. None are noted where a hook of the class's own
    writes them, and where more of the config than the activations is ours to write.
    """
    kind: Any = type(layer)
    spec: LayerSpec = kind.__serialactivation_spec__
    simple = spec.writes_activations and kind.encode_activation is ActivationHooks.encode_activation
    simple = simple and not (record.members or isinstance(layer, keras.Model))
    simple = simple and not (record.received and fixed_arguments(kind, layer))
    record.familiar = _find_familiar(layer, spec, record) if simple else None


def _find_familiar(layer: keras.Layer, spec: LayerSpec, record: Record) -> Familiar | None:
    names: list[StoredName] = []
    plain: tuple[ActivationField, keras.Layer] | None = None
    for field in spec.fields:
        value, settled = record.given.get(field.name, ABSENT), find_settled(layer, field, record)
        if type(value) is FUNCTION_TYPE:
            value = STORED_NAMES.get(value, ABSENT)
        if (value is None or type(value) is str) and not isinstance(settled, keras.Layer) and settled is not ABSENT:
            names.append((field.name, settled, value))
        elif plain is None and spec.written_by_keras and value is settled and is_plain_layer(value):
            plain = field, value
        else:
            return None
    return Familiar(tuple(names), plain, spec.written_by_keras)


def write_shortly(
    layer_class: Any, layer: keras.Layer, familiar: Familiar, written: Callable[[], Config]
) -> Config | None:
    """Return the config of *layer*, whose activations are still *familiar*, or None where there is more to it.

    There is more where a plain layer is plain no longer, and where a subclass asks for its part of a config.

    Args:
        layer_class: The class whose ``get_config`` runs: the layer's own, or one above it.
        layer: The layer.
        familiar: Its activations.
        written: The ``get_config`` that its author wrote, or inherited.
    """
    if familiar.plain is None:
        names = {name: stored for name, _, stored in familiar.names}
        return {**written(), **names} if type(layer).get_config is layer_class.get_config else None
    field, plain = familiar.plain
    shared = in_sharing_scope()
    if not is_plain_layer(plain) or (shared and not is_saving()):  # in a load, Keras would count it as a sighting
        return None
    config = written()
    for name, _, name_stored in familiar.names:
        config[name] = name_stored
    stored: Any = config[field.key]  # by Keras: made what codec.encode makes of it
    if "build_config" in stored:
        del stored["build_config"]  # nothing but shapes
    if follows(plain) and "dtype" in stored["config"]:
        del stored["config"]["dtype"]
    if shared:
        stored["shared_object_id"] = id(plain)
    return config
