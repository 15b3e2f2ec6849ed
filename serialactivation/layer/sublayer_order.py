"""The order of the layers in a layer, and so of its weights: as its constructor makes it, however they came there.

Weights are handed on by their order in ``.h5`` files and by ``set_weights``. Keras puts a layer that is assigned last,
where a layer made with it has it in its place.
"""

import keras

from serialactivation.keras_api.internals import own_layers
from serialactivation.layer.layer_activations import LayerActivations, Slot
from serialactivation.spec.nested import flatten

__all__ = ["note_place", "order_layers", "settle_places"]


def note_place(state: LayerActivations, name: str) -> None:
    """Remember, where a constructor sets a field's attribute *name* for the first time, which layers were there."""
    if name not in state.places:
        state.places[name] = tuple(map(id, own_layers(state.layer)))


def settle_places(state: LayerActivations) -> None:
    """Count, once the constructor is done and the fields are settled, the layers before each that are no activations.

    A place where nothing else is, as in most layers, is the first.
    """
    layers = own_layers(state.layer)
    if not layers:
        return
    slots = [slot for name, slot in state.slots.items() if name not in state.members]
    activations = {id(one) for slot in slots for one in slot.settled}
    others = [id(inner) for inner in layers if id(inner) not in activations]
    for name, before in state.places.items():
        state.places[name] = _find_before(layers, state.slots.get(name), before, others) if others else ()


def _find_before(
    layers: list[keras.Layer], slot: Slot | None, before: tuple[int, ...], others: list[int]
) -> tuple[int, ...]:
    """Return those of the *others* in front of the first layer that a field held, or those that were *before* it."""
    held = slot.settled if slot is not None else ()
    positions = [index for index, inner in enumerate(layers) if any(inner is one for one in held)]
    ids = set(map(id, layers[: positions[0]])) if positions else set(before)
    return tuple(key for key in others if key in ids)


def order_layers(layer: keras.Layer) -> None:
    """Put the activations of *layer* that are layers where its constructor would have put them.

    The cell of a recurrent layer of Keras's, which holds nothing else, has them in the order of the arguments.
    """
    state = LayerActivations.of(layer)
    names = [field.name for field in state.spec.fields]
    cell = getattr(layer, "cell", None)
    if isinstance(cell, keras.Layer) and any(isinstance(getattr(type(layer), name, None), property) for name in names):
        _order(cell, names, {})
        return
    places = state.places
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
