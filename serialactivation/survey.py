"""What has to be known of a whole model before its activations can become layers of it."""

import itertools
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import attrs
import keras

from serialactivation.conversion import TWINS
from serialactivation.fields import ActivationField
from serialactivation.kept import is_ours
from serialactivation.partial_layer import PartialLayer
from serialactivation.record import current_value
from serialactivation.spec import activation_fields

__all__ = ["STOCK", "Survey", "called_layer", "survey", "values_of"]

STOCK: Final = MappingProxyType({**{twin: stock for stock, twin in TWINS.items()}, **{stock: stock for stock in TWINS}})
"""Keras's layers that take an activation, by themselves and by this package's."""


@attrs.frozen
class Survey:
    """What is known of a model.

    Attributes:
        graph: The ids of the layers that a model calls itself.
        names: The names of layers that are taken.
        places: Where each activation is held, by its id: in which models, and whether by ``TimeDistributed``.
        masked: Whether a mask flows anywhere.
        outputs: The ids of the layers that name an output which somebody may call by its name.
    """

    graph: frozenset[int]
    names: set[str]
    places: dict[int, set[tuple[int, bool]]]
    masked: bool
    outputs: frozenset[int]

    def is_scattered(self, activation: keras.Layer) -> bool:
        """Tell whether *activation* is held in places that stock Keras could not have it in as one."""
        places = self.places.get(id(activation), set())
        return len(places) > 1 or (id(activation) in self.graph and any(distributed for _, distributed in places))

    def find_name(self, name: str, owner: str | None = None) -> str:
        """Return *name*, or one like it that is free, and take it."""
        longer = name if owner is None else f"{owner}_{name}"
        candidates = itertools.chain([name, longer], (f"{longer}_{number}" for number in itertools.count(1)))
        free = next(candidate for candidate in candidates if candidate not in self.names)
        self.names.add(free)
        return free


def survey(model: keras.Model) -> Survey:
    """Return what is known of *model*, nested models included."""
    layers = model._flatten_layers()
    models = [layer for layer in layers if isinstance(layer, keras.Model)]
    called = [layer for inner in models for layer in getattr(inner, "operations", inner.layers)]
    return Survey(
        graph=frozenset(map(id, called)),
        names={layer.name for layer in called},
        places=_find_places(models),
        masked=any(_is_masked(layer) for layer in layers),
        outputs=frozenset(_named_outputs(model)),
    )


def values_of(layer: keras.Layer) -> Iterator[tuple[ActivationField, object]]:
    """Yield the fields of a layer that has a stock form, with what they hold."""
    if type(layer) in STOCK:
        for field in activation_fields(layer):
            yield field, current_value(layer, field) if is_ours(layer) else getattr(layer, field.name)


def called_layer(activation: keras.Layer) -> keras.Layer:
    """Return the layer that *activation* calls, with keywords or without: itself, mostly."""
    return activation.layer if isinstance(activation, PartialLayer) else activation


def _find_places(models: list[keras.Model]) -> dict[int, set[tuple[int, bool]]]:
    places: dict[int, set[tuple[int, bool]]] = {}
    for model in models:
        for layer in model.layers:
            if isinstance(layer, keras.Model):
                continue
            distributed = isinstance(layer, keras.layers.TimeDistributed)
            for owner in layer._flatten_layers():
                for _, value in values_of(owner):
                    if isinstance(value, keras.Layer):
                        places.setdefault(id(called_layer(value)), set()).add((id(model), distributed))
    return places


def _is_masked(layer: keras.Layer) -> bool:
    outputs = [tensor for node in layer._inbound_nodes for tensor in node.output_tensors]
    return any(getattr(tensor, "_keras_mask", None) is not None for tensor in outputs)


def _named_outputs(model: keras.Model) -> list[int]:
    outputs = getattr(model, "outputs", []) if model.built else []
    config = model._compile_config.config if model.compiled else {}
    parts = [config.get(key) for key in ("loss", "loss_weights", "metrics", "weighted_metrics")]
    if len(outputs) < 2 and not any(isinstance(part, dict) for part in parts):
        return []
    return [id(tensor._keras_history.operation) for tensor in outputs]
