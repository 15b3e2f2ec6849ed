"""The order of the layers in a layer, and so of its weights: as its constructor makes it, however they came there.

Weights are handed on by their order in ``.h5`` files and by ``set_weights``. Keras puts a layer that is assigned last,
where a layer made with it has it in its place.
"""

from collections.abc import Mapping, Sequence

import keras

from serialactivation.keras_api.internals import own_layers
from serialactivation.spec.nested import flatten

__all__ = ["SublayerOrder"]


class SublayerOrder:
    """Where the activations of one layer that are layers stand among the layers in it."""

    def __init__(self, layer: keras.Layer) -> None:
        self._layer = layer
        # The ids of the other layers that were there before the attribute of a field was first set, in the order in
        # which the constructor sets them.
        self._places: dict[str, tuple[int, ...]] = {}

    def note(self, name: str) -> None:
        """Remember, where a constructor sets a field's attribute *name* for the first time, which layers were there."""
        if name not in self._places:
            self._places[name] = tuple(map(id, own_layers(self._layer)))

    def settle(self, held: Mapping[str, Sequence[object]]) -> None:
        """Count, once the constructor is done, the layers before each field that are no activations.

        A place where nothing else is, as in most layers, is the first.

        Args:
            held: What the attributes of the fields hold, by their names.
        """
        layers = own_layers(self._layer)
        if not layers:
            return
        activations = {id(one) for values in held.values() for one in values}
        others = [id(inner) for inner in layers if id(inner) not in activations]
        for name, before in self._places.items():
            self._places[name] = _find_before(layers, held.get(name, ()), before, others) if others else ()

    def restore(self, names: Sequence[str]) -> None:
        """Put the activations where the constructor would have put them.

        The cell of a recurrent layer of Keras's, which holds nothing else, has them in the order of the arguments.

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
    """Return those of the *others* in front of the first layer that a field *held*, or those that were *before* it."""
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
