"""The activations that most layers hold, found out when they are given: what Keras's ``get_config`` need be told."""

from typing import Any

import keras

from serialactivation.fields import ActivationField
from serialactivation.functions import STORED_NAMES
from serialactivation.hooks import ActivationHooks
from serialactivation.libraries import FUNCTION_TYPE
from serialactivation.policies import follows
from serialactivation.record import ABSENT, Familiar, Record, find_settled, record_of
from serialactivation.spec import LayerSpec
from serialactivation.storable import is_plain_layer
from serialactivation.typing import Config

__all__ = ["note_familiar", "settle_plain"]


def note_familiar(layer: keras.Layer) -> None:
    """Note the activations of *layer*, if each is a name, None, a function that is stored by name, or one plain layer.

    A plain layer must be one that Keras's own ``get_config`` writes. None are noted where a hook of the class's own
    writes them, and where more of the config than the activations is ours to write.
    """
    kind: Any = type(layer)
    spec, record = kind.__serialactivation_spec__, record_of(layer)
    simple = spec.writes_activations and kind.encode_activation is ActivationHooks.encode_activation
    record.familiar = _find_familiar(layer, spec, record) if simple and not isinstance(layer, keras.Model) else None


def _find_familiar(layer: keras.Layer, spec: LayerSpec, record: Record) -> Familiar | None:
    held: list[tuple[str, object]] = []
    names: Config = {}
    plain: tuple[ActivationField, keras.Layer] | None = None
    for field in spec.fields:
        value, settled = record.given.get(field.name, ABSENT), find_settled(layer, field, record)
        if type(value) is FUNCTION_TYPE:
            value = STORED_NAMES.get(value, ABSENT)
        if (value is None or type(value) is str) and not isinstance(settled, keras.Layer) and settled is not ABSENT:
            names[field.key] = value
        elif plain is None and spec.written_by_keras and value is settled and is_plain_layer(value):
            plain = field, value
        else:
            return None
        held.append((field.name, settled))
    return Familiar(tuple(held), names, plain)


def settle_plain(written: Any, activation: keras.Layer, *, shared: bool) -> None:
    """Make of what Keras wrote for a plain layer what :func:`~serialactivation.codec.encode` writes."""
    if "build_config" in written:
        del written["build_config"]  # nothing but shapes
    if follows(activation) and "dtype" in written["config"]:
        del written["config"]["dtype"]
    if shared:
        written["shared_object_id"] = id(activation)
