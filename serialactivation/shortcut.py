"""The config of a layer that needs next to nothing of us, which most are: names, and what Keras itself writes right."""

from collections.abc import Callable
from typing import Any

import keras

from serialactivation.functions import STORED_NAMES
from serialactivation.hooks import ActivationHooks
from serialactivation.libraries import FUNCTION_TYPE
from serialactivation.policies import follows
from serialactivation.record import ABSENT, Record, find_settled, record_of
from serialactivation.sharing import in_sharing_scope, is_saving
from serialactivation.spec import LayerSpec
from serialactivation.storable import is_plain_layer
from serialactivation.typing import Config

__all__ = ["note_names", "write_shortly"]

_Plain = tuple[str, keras.Layer]
_Sorted = tuple[dict[str, Any], _Plain | None]


def note_names(layer: keras.Layer) -> None:
    """Note what is stored for the activations of *layer*, if each is stored by name and Keras writes the rest.

    Its ``get_config`` then has nothing to find out: a save asks every layer of a model, most of which are so.
    """
    kind: Any = type(layer)
    spec, record = kind.__serialactivation_spec__, record_of(layer)
    record.names = None
    if not (spec.written_by_keras and spec.writes_activations) or isinstance(layer, keras.Model):
        return
    if kind.encode_activation is not ActivationHooks.encode_activation:
        return
    found = _sort(layer, spec, record)
    if found is not None and found[1] is None:
        record.names = tuple((name, getattr(layer, name), stored) for name, stored in found[0].items())


def write_shortly(
    layer_class: Any, layer: keras.Layer, record: Record, original: Callable[[], Config]
) -> Config | None:
    """Return the config of *layer*, or None where there is more to it.

    There is more where an activation is anything but a name, None, a function that is stored by name, or one plain
    layer that Keras's own ``get_config`` writes; where one has been assigned; where a hook of the class's own writes
    it; where more of the config than the activations is ours to write; and where a subclass asks for its part of it.

    Args:
        layer_class: The class whose ``get_config`` runs: the layer's own, or one above it.
        layer: The layer.
        record: Its record.
        original: The ``get_config`` that its author wrote, or inherited.
    """
    kind: Any = type(layer)
    spec: LayerSpec = kind.__serialactivation_spec__  # neither here nor below a call that can be spared
    if kind.get_config is not layer_class.get_config or not spec.writes_activations:
        return None
    if kind.encode_activation is not ActivationHooks.encode_activation:
        return None
    found = _sort(layer, spec, record)
    if found is None:
        return None
    names, plain = found
    if plain is None:
        return {**original(), **names}
    shared = in_sharing_scope()
    if shared and not is_saving():  # in a load, Keras would count what is written as a sighting
        return None
    config = {**original(), **names}
    _settle_plain(config[plain[0]], plain[1], shared=shared)
    return config


def _sort(layer: keras.Layer, spec: LayerSpec, record: Record) -> _Sorted | None:
    """Return the activations that are stored by name, by their keys, and the plain layer; None if there are others."""
    names: dict[str, Any] = {}
    plain: _Plain | None = None
    for field in spec.fields:
        value, settled = record.given.get(field.name, ABSENT), find_settled(layer, field, record)
        if settled is ABSENT:
            return None
        if type(value) is FUNCTION_TYPE:
            value = STORED_NAMES.get(value, ABSENT)
        if value is None or type(value) is str:
            names[field.key] = value
        elif plain is None and spec.written_by_keras and value is settled and is_plain_layer(value):
            plain = field.key, value
        else:
            return None
    return names, plain


def _settle_plain(written: Any, activation: keras.Layer, *, shared: bool) -> None:
    """Make of what Keras wrote for a plain layer what :func:`~serialactivation.codec.encode` writes."""
    written.pop("build_config", None)  # nothing but shapes
    if follows(activation):
        written["config"].pop("dtype", None)
    if shared:
        written["shared_object_id"] = id(activation)
