"""The graph in a Functional model's config: its calls, and whether Keras 3.6 can follow them. Keras-free."""

from collections.abc import Iterator, Mapping
from typing import Final

from serialactivation.typing import JSON

__all__ = [
    "ANY_ORDER",
    "KERAS_TENSOR",
    "find_calls",
    "find_early_call",
    "find_sources",
    "is_functional",
    "is_of_keras2",
]

ANY_ORDER: Final = "3.7"
"""The first Keras that reads the calls of a graph in any order."""


KERAS_TENSOR: Final = "__keras_tensor__"
"""The class name of a tensor among the arguments of a call."""


def is_functional(stored: Mapping[str, JSON]) -> bool:
    """Return whether the config of a layer or a model is that of a graph."""
    inner = stored.get("config")
    return isinstance(inner, Mapping) and "input_layers" in inner


def find_early_call(config: Mapping[str, JSON]) -> str | None:
    """Return a layer that is called on the output of a layer after it in the config, or None.

    Keras 3.6 makes the layers' calls in the order of the config, after it has made all layers and the inputs. A layer
    that is called twice may come before the layer whose output its second call needs: Keras 3.6 cannot read that.

    Args:
        config: The config of a Functional model.
    """
    layers = config.get("layers")
    if not isinstance(layers, list):
        return None
    nodes = dict(find_calls(layers))
    calls = {name: 0 if node else 1 for name, node in nodes.items()}  # an input has no nodes, and one output
    for name, called in nodes.items():
        for node in called:
            if any(index >= calls.get(source, 0) for source, index in find_sources(node)):
                return name
            calls[name] += 1
    return None


def find_calls(layers: list[JSON]) -> Iterator[tuple[str, list[JSON]]]:
    """Yield the name and the calls of each layer; a layer of a Sequential has none."""
    for layer in layers:
        name, nodes = (layer.get(key) for key in ("name", "inbound_nodes")) if isinstance(layer, Mapping) else (0, 0)
        if isinstance(name, str) and isinstance(nodes, list | tuple):
            yield name, list(nodes)


def find_sources(node: JSON) -> Iterator[tuple[str, int]]:
    """Yield the layer, and the number of its call, of each tensor among a call's arguments, as Keras counts them."""
    if not isinstance(node, list):
        yield from _find_tensors(node)
        return
    for item in node:  # as Keras 2 wrote it: the tensors of the first argument, each with the keywords of the call
        if isinstance(item, list) and len(item) in (3, 4) and isinstance(item[0], str) and isinstance(item[1], int):
            yield item[0], item[1]


def is_of_keras2(layers: list[JSON]) -> bool:
    """Return whether a call of one of the *layers* is in the form of Keras 2."""
    return any(isinstance(node, list) for _, nodes in find_calls(layers) for node in nodes)


def _find_tensors(node: JSON) -> Iterator[tuple[str, int]]:
    """Yield what :func:`find_sources` does, of a call or a part of one, in the form of Keras 3."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _find_tensors(item)
    if not isinstance(node, Mapping):
        return
    inner = node.get("config")
    if node.get("class_name") == KERAS_TENSOR and isinstance(inner, Mapping):
        history = inner.get("keras_history")
        if isinstance(history, list | tuple) and len(history) == 3:
            source, index, _ = history
            if isinstance(source, str) and isinstance(index, int):
                yield source, index
        return
    for key in sorted(node):
        yield from _find_tensors(node[key])
