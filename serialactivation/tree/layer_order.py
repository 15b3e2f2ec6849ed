"""The order of a Functional model's layers, computed from its calls as Keras computes it. Keras-free.

Keras names the groups of a ``.keras`` file by that order, and the variables of an optimizer have that order. A config
may list the layers in another order; a config that Keras wrote lists them in this one.

Source:
    ``map_graph`` and ``_build_map`` of ``keras/src/ops/function.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from serialactivation.catalog.graphs import find_calls, find_sources, is_functional
from serialactivation.typing import JSON

__all__ = ["find_order", "find_outputs"]

Call: TypeAlias = tuple[str, int]
"""A layer, and the number of its call."""

Sources: TypeAlias = Mapping[Call, list[Call]]
"""For each call, the calls that made its inputs."""


def find_order(config: Mapping[str, JSON]) -> tuple[str, ...] | None:
    """Return the names of a model's layers in Keras's order, or None if the config has no known graph.

    Args:
        config: What ``get_config`` of a Functional model returned.
    """
    layers = config.get("layers")
    if not isinstance(layers, list):
        return None
    sources = dict(_find_graph(layers))
    outputs = list(_find_ends(config.get("output_layers"), layers))
    walk = _Walk(sources, {}, {})
    if any(call not in sources for calls in (outputs, *sources.values()) for call in calls):
        return None
    for output in outputs:
        walk.visit(output)
    inputs = [name for name, _ in find_outputs(config.get("input_layers")) if (name, 0) in sources]
    return tuple(_sort(walk, inputs))


def find_outputs(value: JSON) -> Iterator[Call]:
    """Yield the layer and the number of the call of each input or output of a model, in Keras's order."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], int):
        yield value[0], value[1]
    elif isinstance(value, list):
        for item in value:
            yield from find_outputs(item)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from find_outputs(value[key])


def _find_graph(layers: list[JSON]) -> Iterator[tuple[Call, list[Call]]]:
    for name, nodes in find_calls(layers):
        for number, node in enumerate(nodes or [None]):  # an input is not called, but has an output
            yield (name, number), list(find_sources(node))


def _find_ends(value: JSON, layers: list[JSON]) -> Iterator[Call]:
    """Yield the calls that make the outputs; calls of a Functional model inside the model are counted from one."""
    models = {layer["name"] for layer in layers if isinstance(layer, Mapping) and is_functional(layer)}
    for name, number in find_outputs(value):
        yield name, number - 1 if name in models else number


class _Walk(NamedTuple):
    """A walk from a model's outputs back to its inputs.

    Attributes:
        sources: The graph.
        finished: The visited calls, each after the calls that it depends on.
        seen: The layers, in the order in which they were first visited.
    """

    sources: Sources
    finished: dict[Call, None]
    seen: dict[str, int]

    def visit(self, output: Call) -> None:
        """Visit *output* and all that it depends on; without recursion, because a model may be deep."""
        path = [(output, iter(self._enter(output)))]
        entered = {output}
        while path:
            call, left = path[-1]
            source = next(left, None)
            if source is None:
                self.finished.setdefault(call)
                path.pop()
            elif source not in entered:
                entered.add(source)
                path.append((source, iter(self._enter(source))))

    def _enter(self, call: Call) -> list[Call]:
        if call in self.finished:
            return []
        self.seen.setdefault(call[0], len(self.seen))
        return self.sources[call]


def _sort(walk: _Walk, inputs: list[str]) -> list[str]:
    """Return the visited layers and the unused *inputs*, those that are furthest from the outputs first."""
    calls: dict[Call, int] = {}
    layers: dict[str, int] = {}
    for call in reversed(walk.finished):
        depth = max(calls.get(call, 0), layers.get(call[0], 0))
        calls[call] = layers[call[0]] = depth
        for source in walk.sources[call]:
            calls[source] = max(depth + 1, calls.get(source, 0))
    met = {**dict.fromkeys(inputs, -1), **walk.seen}
    for name in inputs:
        layers.setdefault(name, 0)
    return sorted(layers, key=lambda name: (-layers[name], met[name]))
