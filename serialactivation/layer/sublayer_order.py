"""The order of the layers in a layer, and so of its weights: as its constructor makes it, however they came there.

Weights are handed on by their order in ``.h5`` files and by ``set_weights``. Keras puts a layer that is assigned last,
where a layer made with it has it in its place.
"""

import keras

from serialactivation.keras_api.internals import own_layers
from serialactivation.layer.record import Leaves, Record, record_of
from serialactivation.spec.layer_spec import spec_of
from serialactivation.spec.nested import flatten

__all__ = ["note_place", "order_layers", "settle_places"]


def note_place(layer: keras.Layer, record: Record, name: str) -> None:
    """Remember, where a constructor sets a field's attribute *name* for the first time, which layers were there."""
    if record.constructing and name not in record.places:
        record.places[name] = tuple(map(id, own_layers(layer)))


def settle_places(layer: keras.Layer, record: Record) -> None:
    """Count, once the constructor is done and the fields are settled, the layers before each that are no activations.

    A place where nothing else is, as in most layers, is the first.
    """
    layers = own_layers(layer)
    if not layers:
        return
    settled = record.settled.items()
    activations = {id(one) for name, held in settled if held and name not in record.members for one in held[1]}
    others = [id(inner) for inner in layers if id(inner) not in activations]
    for name, before in record.places.items():
        record.places[name] = _find_before(layer, record.settled.get(name), before, others) if others else ()


def _find_before(
    layer: keras.Layer, settled: Leaves | None, before: tuple[int, ...], others: list[int]
) -> tuple[int, ...]:
    """Return those of the *others* in front of the first layer that a field *held*, or those that were *before* it."""
    held = settled[1] if settled else ()
    layers = own_layers(layer)
    positions = [index for index, inner in enumerate(layers) if any(inner is one for one in held)]
    ids = set(map(id, layers[: positions[0]])) if positions else set(before)
    return tuple(key for key in others if key in ids)


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


def _order(holder: keras.Layer, names: list[str], places: dict[str, tuple[int, ...]]) -> None:
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
