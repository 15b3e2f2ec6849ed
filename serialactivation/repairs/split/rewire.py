"""Inserts layers into the graph of a Functional model's config, each right after other layers. Keras-free."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.tree.activations import find_policy
from serialactivation.typing import JSON

__all__ = ["Rewiring", "rewire"]

Call: TypeAlias = tuple[str, int]
"""A layer, and the number of its call."""

_MIXED = "mixed_"


class Rewiring(NamedTuple):
    """A layer that is called on the outputs of other layers, and whose outputs replace theirs.

    Attributes:
        name: Its name.
        owners: The names of the other layers, in the order of the calls.
    """

    name: str
    owners: tuple[str, ...]


def rewire(inner: dict[str, Any], layers: Sequence[dict[str, Any]], rewirings: Iterable[Rewiring]) -> None:
    """Change the calls in a graph.

    Args:
        inner: The inner config of the model, whose outputs are changed.
        layers: Its layers, including the new ones, whose calls are changed.
        rewirings: The layers to insert.
    """
    by_name = {layer["config"]["name"]: layer for layer in layers}
    tensors = dict(_find_tensors([layer.get("inbound_nodes") for layer in layers]))
    instead: dict[Call, Call] = {}
    nodes: dict[str, list[JSON]] = {}
    for one in rewirings:
        made = nodes.setdefault(one.name, [])
        for owner in one.owners:
            for number, node in enumerate(by_name[owner]["inbound_nodes"]):
                instead[owner, number] = one.name, len(made)
                tensor = tensors.get((owner, number)) or _describe(by_name[owner], node)
                made.append(_call(owner, number, tensor))
    for layer in layers:
        if layer["config"]["name"] not in nodes:
            layer["inbound_nodes"] = _redirect(layer["inbound_nodes"], instead)
    inner["output_layers"] = _redirect(inner["output_layers"], instead)
    for name, made in nodes.items():
        by_name[name].update(name=name, inbound_nodes=made)


def _find_tensors(value: Any) -> Iterator[tuple[Call, Mapping[str, Any]]]:
    """Yield the tensors among the arguments of calls, with the calls that made them."""
    if isinstance(value, list):
        for item in value:
            yield from _find_tensors(item)
    elif isinstance(value, Mapping):
        inner = value.get("config")
        if value.get("class_name") == KERAS_TENSOR and isinstance(inner, Mapping):
            source, number, _ = inner["keras_history"]
            yield (source, number), inner
        else:
            yield from _find_tensors(list(value.values()))


def _describe(owner: Mapping[str, Any], node: JSON) -> Mapping[str, JSON]:
    """Return the known facts about the output of a call of *owner*: it has as many axes as its input."""
    shapes = [tensor.get("shape") for _, tensor in _find_tensors(node)]
    rank = len(shapes[0]) if shapes and isinstance(shapes[0], list) else 0
    policy = find_policy(owner["config"].get("dtype")) or "float32"
    return {"shape": [None] * rank, "dtype": policy.removeprefix(_MIXED)}


def _call(owner: str, number: int, tensor: Mapping[str, Any]) -> JSON:
    """Return a call on the output of *owner*, as Keras writes it. No Keras reads the shape and dtype of the tensor."""
    config: JSON = {"shape": tensor["shape"], "dtype": tensor["dtype"], "keras_history": [owner, number, 0]}
    return {"args": [{"class_name": KERAS_TENSOR, "config": config}], "kwargs": {}}


def _redirect(value: Any, instead: Mapping[Call, Call]) -> Any:
    """Return *value* with the calls that made its tensors replaced."""
    if isinstance(value, list):
        is_call = len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], int)
        if is_call and (value[0], value[1]) in instead:
            return [*instead[value[0], value[1]], value[2]]
        return [_redirect(item, instead) for item in value]
    if isinstance(value, Mapping):
        return {key: _redirect(item, instead) for key, item in value.items()}
    return value
