"""The activations of a model, with their places, and which of them are one object."""

from collections.abc import Iterator
from typing import Final

import attrs
import keras

from serialactivation.keras_api.internals import own_layers
from serialactivation.layer.fields import activation_fields
from serialactivation.layer.state.layer_activations import ABSENT, LayerActivations
from serialactivation.models.copies.comparison import is_ours
from serialactivation.spec.layer_spec import is_keras_class
from serialactivation.spec.nested import Container, flatten

__all__ = [
    "Held",
    "Spot",
    "find_held",
    "find_shared",
    "find_shared_state",
    "has_state",
    "read_field",
    "repeats_owner",
    "walk",
]

_READY_MADE: Final = "serialactivation.layers"


@attrs.frozen(eq=False)
class Spot:
    """A layer in a model.

    Attributes:
        layer: The layer.
        path: Its place: ``model/encoder/dense``.
        owners: The layers that it is in, outermost first.
    """

    layer: keras.Layer
    path: str
    owners: tuple[keras.Layer, ...] = ()

    @property
    def is_stock(self) -> bool:
        """Whether the class of the layer is one of Keras's own."""
        return is_keras_class(type(self.layer))

    @property
    def is_twin(self) -> bool:
        """Whether its class is one of this package's ready-made layers."""
        return type(self.layer).__module__ == _READY_MADE

    @property
    def kind(self) -> str:
        """The name of its class."""
        return type(self.layer).__name__


@attrs.frozen(eq=False)
class Held:
    """What a layer holds in an activation field.

    Attributes:
        spot: The layer.
        field: The name of the field.
        value: One activation, or a container of them.
    """

    spot: Spot
    field: str
    value: Container


def walk(model: keras.Model) -> Iterator[Spot]:
    """Yield *model* and each layer in it once, outermost first."""
    seen: set[int] = set()
    waiting = [Spot(model, model.name)]
    while waiting:
        spot = waiting.pop()
        if id(spot.layer) in seen:
            continue
        seen.add(id(spot.layer))
        yield spot
        owners = (*spot.owners, spot.layer)
        waiting += [Spot(one, f"{spot.path}/{one.name}", owners) for one in reversed(own_layers(spot.layer))]


def find_held(spot: Spot) -> Iterator[Held]:
    """Yield what a layer holds in each of its activation fields."""
    for field in activation_fields(spot.layer):
        value = read_field(spot.layer, field.name)
        if value is not ABSENT:
            yield Held(spot, field.name, value)


def repeats_owner(spot: Spot) -> bool:
    """Return whether a layer is the cell of a recurrent layer, such as an ``LSTM``, that shows its activations."""
    if not spot.owners or not isinstance(spot.owners[-1], keras.layers.RNN):
        return False
    names = [field.name for field in activation_fields(spot.layer)]
    return bool(names) and all(hasattr(spot.owners[-1], name) for name in names)


def read_field(layer: keras.Layer, name: str) -> Container:
    """Return what *layer* holds in a field, or :data:`ABSENT`."""
    state = LayerActivations.find(layer) if is_ours(layer) else None
    slot = None if state is None else next((one for one in state.slots.values() if one.field.name == name), None)
    return getattr(layer, name, ABSENT) if slot is None else slot.value


def find_shared(model: keras.Model) -> list[list[Held]]:
    """Return the layers that several fields hold as an activation: for each, the fields."""
    return [group for _, group in _find_shared(model)]


def find_shared_state(model: keras.Model) -> list[list[Held]]:
    """Return the same for layers with weights or another state: copies of the others compute the same for ever."""
    return [group for layer, group in _find_shared(model) if has_state(layer)]


def has_state(activation: object) -> bool:
    """Return whether an activation is a layer with weights, or one that a call would build."""
    return isinstance(activation, keras.Layer) and (not activation.built or bool(activation.variables))


def _find_shared(model: keras.Model) -> list[tuple[keras.Layer, list[Held]]]:
    holders: dict[int, tuple[keras.Layer, list[Held]]] = {}
    for spot in walk(model):
        for held in find_held(spot):
            for one in flatten(held.value):
                if isinstance(one, keras.Layer):
                    holders.setdefault(id(one), (one, []))[1].append(held)
    return [(layer, group) for layer, group in holders.values() if len(group) > 1]
