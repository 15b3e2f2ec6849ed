"""The rows of a model in memory: its layers, with their activations."""

import math
from collections.abc import Iterator, Mapping

import keras

from serialactivation.model_check.activations.places import Held, Spot, find_held, find_shared, repeats_owner, walk
from serialactivation.model_check.activations.same import show
from serialactivation.model_check.rows import ActivationRow, LayerRow
from serialactivation.spec.nested import flatten

__all__ = ["find_rows"]


def find_rows(model: keras.Model, lost: Mapping[tuple[str, str], str]) -> Iterator[tuple[Spot, LayerRow]]:
    """Yield each layer of *model* that has a row, with the row; *lost* has the reason by the layer's path and field."""
    spots = list(walk(model))
    activations = {id(one) for spot in spots for held in find_held(spot) for one in flatten(held.value)}
    shared = _number_shared(model)
    for spot in spots:
        if id(spot.layer) not in activations and _is_shown(spot):
            yield spot, _make_row(spot, tuple(_make_activation(held, shared, lost) for held in find_held(spot)))


def _number_shared(model: keras.Model) -> dict[int, int]:
    """Return a number for each layer that several fields hold as an activation."""
    numbers: dict[int, int] = {}
    for first, second, *_ in find_shared(model):
        both = {id(one) for one in flatten(first.value)} & {id(one) for one in flatten(second.value)}
        for identity in sorted(both - numbers.keys()):
            numbers[identity] = len(numbers) + 1
    return numbers


def _is_shown(spot: Spot) -> bool:
    """Return whether a layer has a row: it is one of a model, or has activations that its owner does not show."""
    if not spot.owners or repeats_owner(spot):
        return False
    return isinstance(spot.owners[-1], keras.Model) or next(find_held(spot), None) is not None


def _make_row(spot: Spot, activations: tuple[ActivationRow, ...]) -> LayerRow:
    return LayerRow(
        path=spot.path,
        kind=spot.kind,
        output_shape=_find_shape(spot.layer),
        weights=_count(spot.layer) if spot.layer.built else None,
        policy=spot.layer.dtype_policy.name,
        activations=activations,
    )


def _find_shape(layer: keras.Layer) -> str | None:
    """Return the shape of the output of a layer of a graph, or None."""
    try:
        outputs = layer.output
    except (AttributeError, ValueError):  # it is in no graph, or called several times
        return None
    shapes = [str(tuple(one.shape)) for one in keras.tree.flatten(outputs)]
    return shapes[0] if len(shapes) == 1 else f"[{', '.join(shapes)}]"


def _count(layer: keras.Layer) -> int:
    return sum(math.prod(variable.shape) for variable in layer.weights)


def _make_activation(held: Held, shared: Mapping[int, int], lost: Mapping[tuple[str, str], str]) -> ActivationRow:
    parts = flatten(held.value)
    layers = [one for one in parts if isinstance(one, keras.Layer)]
    own = held.spot.layer.dtype_policy.name
    return ActivationRow(
        field=held.field,
        value=show(held.value),
        shared=next((shared[id(one)] for one in parts if id(one) in shared), None),
        weights=sum(map(_count, layers)),
        policies=tuple(one.dtype_policy.name for one in layers if one.dtype_policy.name != own),
        lost=lost.get((held.spot.path, held.field)),
    )
