"""Facts about a whole model that are needed to turn its activations into layers of the model."""

import itertools
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs
import keras

from serialactivation.codec.partial_layer import PartialLayer
from serialactivation.keras_api.internals import compile_arguments, has_mask, own_layers, producer_of, tensors_made_by
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.fields import activation_fields
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.models.convert import TWINS
from serialactivation.models.copies.comparison import is_ours
from serialactivation.spec.fields import ActivationField

__all__ = ["STOCK", "Survey", "called_layer", "survey", "values_of"]

STOCK: Final = MappingProxyType({**{twin: stock for stock, twin in TWINS.items()}, **{stock: stock for stock in TWINS}})
"""The stock class for each of Keras's layers that take an activation, and for each twin of this package."""

Holder: TypeAlias = tuple[int, int]
"""The id of a model, and the holder of a layer in it: the graph, its ``TimeDistributed``, or the id of a layer."""
Holders: TypeAlias = dict[int, set[Holder]]
_CALLED: Final = 0
_DISTRIBUTED: Final = 1


@attrs.frozen
class Survey:
    """Facts about a model.

    Attributes:
        graph: The ids of the layers in the graphs of the model and its inner models.
        names: The names of layers that are in use.
        holders: The holders where each layer will be held, by its id.
        masked: Whether a mask is passed anywhere.
        outputs: The ids of the layers whose names are the names of outputs, if these may be used.
    """

    graph: frozenset[int]
    names: set[str]
    holders: Holders
    masked: bool
    outputs: frozenset[int]

    def is_scattered(self, layer: keras.Layer) -> bool:
        """Return whether *layer* has several holders: stock Keras saves its weights only in the first."""
        return len(self.holders.get(id(layer), ())) > 1

    def find_name(self, name: str, owner: str | None = None) -> str:
        """Return *name*, or a similar one that is free, and mark it as used."""
        longer = name if owner is None else f"{owner}_{name}"
        candidates = itertools.chain([name, longer], (f"{longer}_{number}" for number in itertools.count(1)))
        free = next(candidate for candidate in candidates if candidate not in self.names)
        self.names.add(free)
        return free


def survey(model: keras.Model) -> Survey:
    """Return what is known of *model*, nested models included."""
    layers = sublayers(model)
    models = [layer for layer in layers if isinstance(layer, keras.Model)]
    called = [layer for inner in models for layer in getattr(inner, "operations", inner.layers)]
    return Survey(
        graph=frozenset(map(id, called)),
        names={layer.name for layer in called},
        holders=_find_holders(models),
        masked=any(_is_masked(layer) for layer in layers),
        outputs=frozenset(_named_outputs(model)),
    )


def values_of(layer: keras.Layer) -> Iterator[tuple[ActivationField, object]]:
    """Yield the fields of a layer that has a stock form, with what they hold."""
    if type(layer) in STOCK:
        for field in activation_fields(layer):
            yield field, LayerActivations.of(layer).slot(field).value if is_ours(layer) else getattr(layer, field.name)


def called_layer(activation: keras.Layer) -> keras.Layer:
    """Return the inner layer of a :class:`PartialLayer`, and any other layer unchanged."""
    return activation.layer if isinstance(activation, PartialLayer) else activation


def _find_holders(models: list[keras.Model]) -> Holders:
    holders: Holders = {}
    for model in models:
        for layer in model.layers:
            _add(holders, layer, (id(model), _CALLED))
            distributed = isinstance(layer, keras.layers.TimeDistributed)
            _visit(holders, layer, (id(model), _DISTRIBUTED if distributed else _CALLED))
    return holders


def _visit(holders: Holders, owner: keras.Layer, holder: Holder) -> None:
    """Note the holders of the layers in *owner*: activations become layers of the model, others stay inside."""
    if isinstance(owner, keras.Model):
        return  # it is visited separately
    values = [value for _, value in values_of(owner) if isinstance(value, keras.Layer)]
    for value in values:
        _add(holders, called_layer(value), holder)
        _visit(holders, called_layer(value), holder)
    for inner in own_layers(owner):
        if not any(inner is value for value in values):
            _add(holders, inner, (holder[0], id(owner)))
            _visit(holders, inner, holder)


def _add(holders: Holders, layer: keras.Layer, holder: Holder) -> None:
    holders.setdefault(id(layer), set()).add(holder)


def _is_masked(layer: keras.Layer) -> bool:
    return any(has_mask(tensor) for tensor in tensors_made_by(layer))


def _named_outputs(model: keras.Model) -> list[int]:
    outputs = getattr(model, "outputs", []) if model.built else []
    config = compile_arguments(model) if model.compiled else {}
    parts = [config.get(key) for key in ("loss", "loss_weights", "metrics", "weighted_metrics")]
    if len(outputs) < 2 and not any(isinstance(part, dict) for part in parts):
        return []
    return [id(producer_of(tensor)) for tensor in outputs]
