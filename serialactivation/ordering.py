"""The order of the layers in a layer, and so of its weights: as its constructor makes it, however they came there.

Weights are handed on by their order in ``.h5`` files and by ``set_weights``. Keras puts a layer that is assigned last,
where a layer made with it has it in its place.
"""

import keras

from serialactivation.containers import flatten
from serialactivation.record import record_of
from serialactivation.spec import spec_of

__all__ = ["note_place", "order_layers", "settle_places"]


def note_place(layer: keras.Layer, name: str) -> None:
    """Remember, where a constructor sets a field's attribute *name* for the first time, which layers were there."""
    record = record_of(layer)
    if record.constructing and name not in record.places:
        record.places[name] = tuple(map(id, getattr(layer, "_layers", ())))  # none before Keras's own constructor


def settle_places(layer: keras.Layer) -> None:
    """Count, once the constructor is done, the layers before each field's that are no activations."""
    record = record_of(layer)
    if not layer._layers:
        return
    others = _others(layer)
    for name, before in record.places.items():
        held = [inner for inner in flatten(getattr(layer, name, None)) if isinstance(inner, keras.Layer)]
        positions = [index for index, inner in enumerate(layer._layers) if any(inner is one for one in held)]
        ids = set(map(id, layer._layers[: positions[0]])) if positions else set(before)
        record.places[name] = tuple(id(inner) for inner in others if id(inner) in ids)


def order_layers(layer: keras.Layer) -> None:
    """Put the activations of *layer* that are layers where its constructor would have put them.

    The cell of a recurrent layer of Keras's, which holds nothing else, has them in the order of the arguments.
    """
    names = [field.name for field in spec_of(type(layer)).fields]
    cell = getattr(layer, "cell", None)
    if isinstance(cell, keras.Layer) and any(isinstance(getattr(type(layer), name, None), property) for name in names):
        _order(cell, names, {})
        return
    places = record_of(layer).places
    _order(
        layer, [*(name for name in places if name in names), *(name for name in names if name not in places)], places
    )


def _others(layer: keras.Layer) -> list[keras.Layer]:
    """Return the layers in *layer* that none of its fields holds."""
    held = {
        id(inner)
        for field in spec_of(type(layer)).fields
        for inner in flatten(getattr(layer, field.name, None))
        if isinstance(inner, keras.Layer)
    }
    return [inner for inner in layer._layers if id(inner) not in held]


def _order(holder: keras.Layer, names: list[str], places: dict[str, tuple[int, ...]]) -> None:
    tracked = {id(inner): inner for inner in holder._layers}
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
        holder._layers[:] = [tracked[key] for key in ordered]
