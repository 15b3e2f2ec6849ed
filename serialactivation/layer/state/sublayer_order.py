"""The order of a layer's sublayers, and so of its weights: always the order in which its constructor sets them.

``.h5`` files and ``set_weights`` match weights by their order. Keras puts a sublayer that is assigned later at the end,
but the constructor of a layer that is given it sets it earlier.
"""

from collections.abc import Mapping, Sequence

import keras

from serialactivation.keras_api.internals import own_layers
from serialactivation.spec.nested import flatten

__all__ = ["SublayerOrder"]


class SublayerOrder:
    """The places of one layer's activations among its sublayers."""

    def __init__(self, layer: keras.Layer) -> None:
        self._layer = layer
        # The ids of the other layers that were there before the attribute of a field was first set, in the order in
        # which the constructor sets them.
        self._places: dict[str, tuple[int, ...]] = {}

    def note(self, name: str) -> None:
        """Note the sublayers that exist when a constructor first sets a field's attribute *name*."""
        if name not in self._places:
            self._places[name] = tuple(map(id, own_layers(self._layer)))

    def note_constructed(self, held: Mapping[str, Sequence[object]]) -> None:
        """Note, once the constructor is done, which sublayers that are not activations come before each field.

        Most layers have none: their activations come first.

        Args:
            held: The activations in the attributes of the fields, by the fields' names.
        """
        layers = own_layers(self._layer)
        if not layers:
            return
        activations = {id(one) for values in held.values() for one in values}
        others = [id(inner) for inner in layers if id(inner) not in activations]
        for name, before in self._places.items():
            self._places[name] = _find_before(layers, held.get(name, ()), before, others) if others else ()

    def restore(self, names: Sequence[str]) -> None:
        """Put the activations in the places where the constructor would have put them.

        The cell of one of Keras's recurrent layers has no other sublayers: the order is that of the arguments.

        Args:
            names: The names of the fields, in the order of the constructor's arguments.
        """
        layer, places = self._layer, self._places
        cell = getattr(layer, "cell", None)
        if isinstance(cell, keras.Layer) and any(
            isinstance(getattr(type(layer), name, None), property) for name in names
        ):
            _order(cell, names, {})
        else:
            placed = [name for name in places if name in names]
            _order(layer, [*placed, *(name for name in names if name not in places)], places)


def _find_before(
    layers: Sequence[keras.Layer], held: Sequence[object], before: tuple[int, ...], others: Sequence[int]
) -> tuple[int, ...]:
    """Return those of the *others* before the first layer that a field *held*, or those noted as *before* it."""
    positions = [index for index, inner in enumerate(layers) if any(inner is one for one in held)]
    ids = set(map(id, layers[: positions[0]])) if positions else set(before)
    return tuple(key for key in others if key in ids)


def _order(holder: keras.Layer, names: Sequence[str], places: Mapping[str, tuple[int, ...]]) -> None:
    layers = own_layers(holder)
    tracked = {id(inner): inner for inner in layers}
    held: dict[int, str] = {}
    for name in names:
        for inner in flatten(getattr(holder, name, None)):
            if id(inner) in tracked:
                held.setdefault(id(inner), name)
    others = [key for key in tracked if key not in held]
    gaps: list[list[int]] = [[] for _ in range(len(others) + 1)]
    for key, name in held.items():
        before = places.get(name, others)
        gaps[max((index + 1 for index, other in enumerate(others) if other in before), default=0)].append(key)
    ordered = [*gaps[0], *(key for other, gap in zip(others, gaps[1:], strict=True) for key in (other, *gap))]
    if ordered != list(tracked):
        layers[:] = [tracked[key] for key in ordered]
