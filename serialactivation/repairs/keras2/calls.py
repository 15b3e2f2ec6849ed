"""The repair ``renumber``: the calls of a graph, numbered as Keras 3 numbers them. Keras-free.

Keras 2 counted the calls of a model inside a model from one, since its own inputs and outputs were its first call.
Keras 3 does so only for the outputs that are a Functional model's. Keras 2 stored one input or one output as a list
of one, and took it for the tensor itself; Keras 3 then finds no shape for what follows the model.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from serialactivation.catalog.graphs import is_functional
from serialactivation.catalog.layer_kinds import MODELS
from serialactivation.repairs.keras2.make_repair import make_repair
from serialactivation.repairs.repair import Edit, replace
from serialactivation.tree.activations import Steps
from serialactivation.tree.graph_layers import is_reference
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON, Config

__all__ = ["RENUMBER", "find_layers", "find_references", "is_old_graph"]


def find_references(value: JSON, names: Mapping[str, object], steps: Steps) -> Iterator[tuple[Steps, list[Any]]]:
    """Yield the places and the values of references to tensors, as Keras 2 wrote them: layer, call and output.

    Args:
        value: What contains them, such as a layer's calls.
        names: The names of the layers.
        steps: The steps to *value*.
    """
    if is_reference(value, names):
        yield steps, value  # type: ignore[misc]
        value = value[3] if len(value) > 3 else None  # type: ignore[index, arg-type]
        steps = (*steps, 3)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_references(item, names, (*steps, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from find_references(item, names, (*steps, key))


def is_old_graph(model: Config) -> bool:
    """Return whether Keras 2 or tf_keras wrote the graph in the config of a model: a call is a list of inputs."""
    layers = model.get("layers")
    if not isinstance(layers, list) or "input_layers" not in model:
        return False
    calls = [call for layer in layers if isinstance(layer, dict) for call in _list_calls(layer)]
    return bool(calls) and all(isinstance(call, list) for call in calls)


def _list_calls(layer: Config) -> list[JSON]:
    calls = layer.get("inbound_nodes")
    return calls if isinstance(calls, list) else []


def find_layers(model: Config) -> dict[str, tuple[int, Config]]:
    """Return the layers of a model by their names, with their places."""
    layers: Any = model.get("layers")
    named = [(place, one) for place, one in enumerate(layers) if isinstance(one, dict) and "name" in one]
    return {str(one["name"]): (place, one) for place, one in named}


def _renumber(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        if is_old_graph(node.config):
            yield from _renumber_model((*steps, "config"), node.config)


def _renumber_model(steps: Steps, model: Config) -> Iterator[Edit]:
    layers = find_layers(model)
    references = [
        one
        for place, layer in layers.values()
        for one in find_references(layer.get("inbound_nodes"), layers, ("layers", place, "inbound_nodes"))
    ]
    outputs = list(find_references(model.get("output_layers"), layers, ("output_layers",)))
    counted = {name for name, (_, layer) in layers.items() if layer.get("class_name") in MODELS}
    from_zero = {value[0] for _, value in (*references, *outputs) if value[1] == 0}
    for places, are_outputs in ((references, False), (outputs, True)):
        for inside, value in places:
            name = value[0]
            if name in counted - from_zero and not (are_outputs and is_functional(layers[name][1])):
                what = f"call {value[1]} of the model {name!r} renumbered to {value[1] - 1}"
                yield replace((*steps, *inside, 1), value[1] - 1, what)


def _unpack(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        model = node.config
        if not steps or not is_old_graph(model):  # the model itself gives the tensor, for a list of one
            continue
        names = find_layers(model)
        for key in ("input_layers", "output_layers"):
            stored = model.get(key)
            if isinstance(stored, list) and len(stored) == 1 and is_reference(stored[0], names):
                yield replace((*steps, "config", key), copy.deepcopy(stored[0]), f"one of {key!r}, and no list")


RENUMBER: Final = make_repair("renumber", _renumber, _unpack)
"""The repair."""
