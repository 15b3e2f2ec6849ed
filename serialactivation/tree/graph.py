"""The graph in a Functional model's config, followed as Keras follows it, to where it breaks. Keras-free.

Source:
    ``functional_from_config`` and ``deserialize_node`` of ``keras/src/models/functional.py``, and ``map_graph`` of
    ``keras/src/ops/function.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from serialactivation.catalog.layer_kinds import RECURRENT
from serialactivation.catalog.versions import OLDEST, is_newer
from serialactivation.tree.activations import Steps
from serialactivation.tree.graph_arguments import find_argument_fault, find_odd_argument
from serialactivation.tree.graph_layers import (
    KEYS,
    MANY,
    Call,
    GraphLayer,
    Tensor,
    UnreadableGraphError,
    is_reference,
    read_ends,
    read_layers,
)
from serialactivation.typing import JSON, Config

__all__ = ["Fault", "find_graph_faults"]

_TAKE_STATES: Final = frozenset(["Bidirectional", *RECURRENT])

_Position: TypeAlias = tuple[str, int]
"""A layer, and the number of one of its calls."""


class Fault(NamedTuple):
    """Where Keras cannot follow a graph.

    Attributes:
        steps: The keys and indices that lead there from the config of the model.
        evidence: What is wrong there, as a clause that starts in lower case.
        since: The first Keras that refuses it.
        until: The last Keras that refuses it, or None.
        is_uncallable: Whether a Keras that reads it makes a model of it that cannot be called.
        is_odd: Whether it is not known what Keras makes of it.
    """

    steps: Steps
    evidence: str
    since: str = OLDEST
    until: str | None = None
    is_uncallable: bool = False
    is_odd: bool = False

    def is_refused(self, target: str) -> bool:
        """Return whether Keras *target* certainly refuses it."""
        return (
            not self.is_odd
            and not is_newer(self.since, target)
            and (self.until is None or not is_newer(target, self.until))
        )


def find_graph_faults(config: Config, is_known: Callable[[JSON], bool]) -> Iterator[Fault]:
    """Yield the first place where Keras cannot follow the graph of a Functional model, or how its ends do not fit.

    Args:
        config: What ``get_config`` of the model returned.
        is_known: Tells whether the class of a stored layer is one of Keras's, whose calls are all in the graph.
    """
    lacks = [key for key in KEYS if key not in config]
    if lacks:
        yield Fault((), f"the config of a graph lacks {', '.join(lacks)}")
        return
    layers: dict[str, GraphLayer] = {}
    for steps, name, layer in read_layers(config["layers"], is_known):
        if isinstance(layer, str) or (name in layers and layers[name].calls):
            yield Fault(steps, layer if isinstance(layer, str) else f"two layers of the graph have the name {name!r}")
            return
        layers[name] = layer
    fault = _find_refused(layers) or _find_unmade(layers)
    yield from _find_loose_ends(config, layers) if fault is None else (fault,)
    yield from _find_odd(layers) if fault is None else ()


def _find_refused(layers: Mapping[str, GraphLayer]) -> Fault | None:
    """Return the first call that Keras refuses, whatever calls there are before it."""
    for layer in layers.values():
        for number, call in enumerate(layer.calls):
            evidence = _check_call(call, layer, layers)
            if evidence is not None:
                return Fault((*layer.steps, "inbound_nodes", number), evidence)
    return None


def _find_odd(layers: Mapping[str, GraphLayer]) -> Iterator[Fault]:
    """Yield the first call with an argument that Keras does not write so."""
    for layer in layers.values():
        for number, call in enumerate(layer.calls):
            name = None if layer.first == MANY else find_odd_argument(layer.stored, call.node)
            if name is not None:
                evidence = f"the argument {name!r} of the call holds a value that Keras does not write there"
                yield Fault((*layer.steps, "inbound_nodes", number), evidence, is_odd=True)
                return


def _check_call(call: Call, layer: GraphLayer, layers: Mapping[str, GraphLayer]) -> str | None:
    unknown = next((one.layer for one in call.tensors if one.layer not in layers), None)
    if unknown is not None:
        return f"there is no layer {unknown!r}, which the call names"
    if layer.first == MANY:
        return None
    if layer.first == 1:
        return "an InputLayer is called, which Keras refuses"
    if call.listed > 1 and str(layer.stored.get("class_name")) in _TAKE_STATES:
        return "the initial states stand in a list with the input, as Keras 2 wrote them: Keras 3 takes them for inputs"
    if _holds_reference(call.keywords, layers):
        return "a keyword of the call is a tensor, as Keras 2 wrote it: Keras 3 takes it for a list"
    return find_argument_fault(layer.stored, call.node)


def _holds_reference(value: JSON, names: Container[str]) -> bool:
    """Return whether there is a tensor, as Keras 2 wrote it, in *value*, the keywords of a call."""
    if is_reference(value, names):
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds_reference(item, names) for item in items)


def _find_unmade(layers: Mapping[str, GraphLayer]) -> Fault | None:
    """Return the first call that Keras cannot make, since it needs calls that are never made."""
    made = {name: layer.first for name, layer in layers.items()}
    done = dict.fromkeys(layers, 0)
    waiting: dict[str, list[str]] = {}
    ready = list(layers)
    while ready:
        name = ready.pop()
        layer = layers[name]
        while done[name] < len(layer.calls):
            missing = _find_missing(layer.calls[done[name]], layers, made)
            if missing is not None:
                waiting.setdefault(missing, []).append(name)
                break
            done[name] += 1
            made[name] += 1
            ready += waiting.pop(name, ())
    for name, layer in layers.items():
        if done[name] < len(layer.calls):
            return Fault((*layer.steps, "inbound_nodes", done[name]), _describe(layer.calls[done[name]], layers, made))
    return None


def _find_missing(call: Call, layers: Mapping[str, GraphLayer], made: Mapping[str, int]) -> str | None:
    """Return a layer of which another call has to be made first, or None."""
    return next((one.layer for one in call.tensors if not layers[one.layer].has(one, made[one.layer])), None)


def _describe(call: Call, layers: Mapping[str, GraphLayer], made: Mapping[str, int]) -> str:
    for one in call.tensors:
        if not layers[one.layer].has(one, layers[one.layer].total):
            return _describe_missing(one, layers[one.layer].total)
    return f"the call waits for {_find_missing(call, layers, made)!r}, which waits for it in turn"


def _describe_missing(one: Tensor, total: int) -> str:
    if -total <= one.call < total:
        return f"output {one.output} of {one.layer!r} does not exist"
    return f"call {one.call} of {one.layer!r} does not exist: Keras 3 has {total}, and counts from 0"


def _find_loose_ends(config: Config, layers: Mapping[str, GraphLayer]) -> Iterator[Fault]:
    """Yield what is wrong with the inputs and outputs of the model, and with what lies between."""
    ends: dict[str, list[_Position]] = {}
    for key in ("input_layers", "output_layers"):
        try:
            ends[key] = [_find_position(one, layers) for one in read_ends(config[key])]
        except UnreadableGraphError as broken:
            yield Fault((key,), str(broken))
            return
        if not ends[key]:
            yield Fault((key,), "the model has none")
            return
    inputs = frozenset(ends["input_layers"])
    reached = _find_reached(ends["output_layers"], inputs, layers)
    yield from _find_missing_inputs(reached, inputs, layers)
    yield from _find_unused_inputs(inputs, layers)
    yield from _find_namesakes(reached, layers)


def _find_position(end: Tensor, layers: Mapping[str, GraphLayer]) -> _Position:
    """Return the call that makes an input or an output."""
    layer = layers.get(end.layer)
    if layer is None:
        raise UnreadableGraphError(f"there is no layer {end.layer!r}")
    counted = end._replace(call=end.call - layer.is_model)
    if not layer.has(counted, layer.total):
        raise UnreadableGraphError(_describe_missing(counted, layer.total))
    return end.layer, counted.call % layer.total


def _find_reached(
    outputs: Sequence[_Position], inputs: frozenset[_Position], layers: Mapping[str, GraphLayer]
) -> dict[_Position, None]:
    """Return the calls that the outputs depend on, back to the inputs of the model."""
    left, seen = list(outputs), dict.fromkeys(inputs)
    while left:
        position = left.pop()
        if position in seen:
            continue
        seen[position] = None
        layer = layers[position[0]]
        place = position[1] - layer.first
        if 0 <= place < len(layer.calls):
            for one in layer.calls[place].tensors:
                left.append((one.layer, one.call % layers[one.layer].total))
    return seen


def _find_missing_inputs(
    reached: Iterable[_Position], inputs: frozenset[_Position], layers: Mapping[str, GraphLayer]
) -> Iterator[Fault]:
    """Yield an input layer that the outputs depend on, and that is not among the inputs of the model."""
    for name, number in reached:
        if layers[name].first == 1 and number == 0 and (name, number) not in inputs:
            evidence = f"the outputs depend on {name!r}, which is not one of the inputs"
            yield Fault(("input_layers",), evidence, since="3.14", is_uncallable=True)
            return


def _find_unused_inputs(inputs: Iterable[_Position], layers: Mapping[str, GraphLayer]) -> Iterator[Fault]:
    """Yield an input that no layer is called with."""
    used = {one.layer for layer in layers.values() for call in layer.calls for one in call.tensors}
    for name, _ in inputs:
        if name not in used:
            yield Fault(("input_layers",), f"no layer is called with the input {name!r}", since="3.10", until="3.13")
            return


def _find_namesakes(reached: Iterable[_Position], layers: Mapping[str, GraphLayer]) -> Iterator[Fault]:
    """Yield a layer whose own name is that of another layer."""
    names: dict[str, str] = {}
    for name, _ in reached:
        inner = layers[name].stored.get("config")
        own = inner.get("name") if isinstance(inner, dict) else None
        if isinstance(own, str) and names.setdefault(own, name) != name:
            evidence = f"the name {own!r} in the config of the layer is also that of {names[own]!r}"
            yield Fault(layers[name].steps, evidence)
            return
