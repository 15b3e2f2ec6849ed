"""Models in their own right, and as layers of other models. Keras-free.

Source:
    ``keras/src/models/sequential.py`` and ``keras/src/models/functional.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from serialactivation.catalog.graphs import is_functional
from serialactivation.tree.classes import is_operation
from serialactivation.tree.graph_layers import Tensor
from serialactivation.tree.layer_order import find_order, find_outputs
from serialactivation.tree.variables.calls import find_sources, list_nodes, name_ends, read_inputs, select
from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, Part
from serialactivation.tree.variables.shapes import NotKnownError, Shapes, UnfitError, flatten, read_shapes
from serialactivation.tree.weight_groups import to_snake_case
from serialactivation.typing import JSON, Config, Shape

__all__ = ["build_functional", "build_input", "build_sequential", "find_input_shape"]

_INPUT: Final = "InputLayer"
_OPERATIONS: Final = "keras.src.ops."
_CLASS_NAMES: Final = {"GroupQueryAttention": "GroupedQueryAttention", "Model": "Functional"}
"""The names of classes that are public under other names."""


def build_input(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``InputLayer``."""
    del inputs
    return Built(output=find_input_shape(given.config))


def find_input_shape(config: Config) -> Shapes:
    """Return the shape of an ``InputLayer``, or None."""
    stored = config.get("batch_shape", config.get("batch_input_shape"))
    return read_shapes(stored) if isinstance(stored, list) else None


def _read_layers(config: Config) -> list[Config]:
    layers = config.get("layers")
    if not isinstance(layers, list):
        raise NotKnownError
    found = [one for one in layers if isinstance(one, dict) and isinstance(one.get("class_name"), str)]
    if len(found) != len(layers):
        raise NotKnownError
    return found


def _place(layers: list[Config], built: Mapping[int, Built]) -> tuple[Part, ...]:
    """Return the layers of a model as its parts, where Keras stores them."""
    used: dict[str, int] = {}
    parts = []
    for stored in layers:
        class_name = str(stored["class_name"]).rpartition(">")[2]
        name = to_snake_case(_CLASS_NAMES.get(class_name, class_name))
        number = used[name] = used.get(name, -1) + 1
        paths = (f"layers/{name}_{number}" if number else f"layers/{name}",)
        parts.append(Part(paths, built.get(id(stored), Built(None, None)), stored))
    return tuple(parts)


def build_sequential(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Sequential``, from the shape of its ``InputLayer`` if it has one."""
    layers = _read_layers(given.config)
    head = layers[0] if layers and layers[0]["class_name"] == _INPUT else None
    first = _find_first_shape(given.config, head)
    stack = layers[1:] if head else layers
    built, output = _run_stack(given, stack, inputs.first if first is None else first)
    if first is not None and isinstance(inputs.first, tuple) and inputs.first != first:
        _, output = _run_stack(given, stack, inputs.first)
    return Built((), _place(stack, built), output)


def _find_first_shape(config: Config, head: Config | None) -> Shapes:
    if head is not None:
        inner = head.get("config")
        return find_input_shape(inner) if isinstance(inner, dict) else None
    stored = config.get("build_input_shape")
    return read_shapes(stored) if isinstance(stored, list) else None


def _run_stack(given: Arguments, stack: list[Config], shapes: Shapes) -> tuple[dict[int, Built], Shapes]:
    built: dict[int, Built] = {}
    for stored in stack:
        one = built[id(stored)] = given.build(stored, Inputs(shapes))
        shapes = one.output
    return built, shapes


class _Run(NamedTuple):
    """A run over a graph.

    Attributes:
        built: The layers, by their names, as they were built by their first call.
        made: What each call returned.
    """

    built: dict[str, Built]
    made: dict[tuple[str, int], Shapes]


def build_functional(given: Arguments, inputs: Inputs) -> Built:
    """Build a Functional model, from the shapes of its ``InputLayer`` objects."""
    config = given.config
    layers = _name_layers(config)
    run = last = _run_graph(given, layers, {})
    ends = list(find_outputs(config.get("input_layers")))
    called = flatten(inputs.first)
    _check_inputs([run.made.get(end) for end in ends], called)
    if inputs.first is not None and len(called) == len(ends) and called != [run.made.get(end) for end in ends]:
        last = _run_graph(given, layers, dict(zip(ends, called, strict=True)))
    return Built((), _order(config, layers, run), _find_output(config, layers, last))


def _check_inputs(own: list[Shapes], called: list[Shape | None]) -> None:
    """Refuse shapes that differ from those of the inputs of a model; Keras adds and drops axes of one."""
    for one, other in zip(own, called, strict=False):
        if not isinstance(one, tuple) or other is None or len(one) != len(other) or len(own) != len(called):
            continue
        if any(None not in pair and pair[0] != pair[1] for pair in zip(one, other, strict=True)):
            raise UnfitError(f"it has an input of the shape {one}, and is given the shape {other}")


def _name_layers(config: Config) -> dict[str, Config]:
    """Return the layers of a graph by their names, which have to be texts, and of one layer each."""
    found = _read_layers(config)
    named = {name: one for one in found if isinstance(name := one.get("name"), str)}
    if len(named) != len(found):
        raise NotKnownError
    return named


def _find_output(config: Config, layers: Mapping[str, Config], run: _Run) -> Shapes:
    """Return the shapes of what a model returns; in its ends, calls of a Functional model are counted from one."""
    models = {name for name, one in layers.items() if is_functional(one)}

    def find(end: Tensor) -> Shapes:
        return select(end._replace(call=end.call - (end.layer in models)), run.made)

    return name_ends(config.get("output_layers"), find)


def _order(config: Config, layers: Mapping[str, Config], run: _Run) -> tuple[Part, ...] | None:
    """Return the layers as parts, in Keras's order; operations are not among them."""
    names = find_order(config)
    if names is None:
        return None
    ordered = [layers[name] for name in names if not _is_operation(layers[name])]
    return _place(ordered, {id(layers[name]): one for name, one in run.built.items()})


def _is_operation(stored: Config) -> bool:
    module = stored.get("module")
    if isinstance(module, str):
        return module.startswith(_OPERATIONS)
    return is_operation(stored, str(stored["class_name"]), "layers")


def _run_graph(given: Arguments, layers: Mapping[str, Config], inputs: Mapping[tuple[str, int], Shapes]) -> _Run:
    """Make all calls that can be made, each after those that it depends on."""
    run = _Run({}, dict(inputs))
    nodes = {name: list_nodes(stored) for name, stored in layers.items()}
    done = dict.fromkeys(nodes, 0)
    waiting: dict[tuple[str, int], list[str]] = {}
    ready = list(reversed(nodes))
    while ready:
        name = ready.pop()
        if not nodes[name]:
            _build_input(given, name, layers[name], run)
            ready += waiting.pop((name, 0), ())
        while done[name] < len(nodes[name]):
            node = nodes[name][done[name]]
            missing = next((one for one in find_sources(node) if one not in run.made), None)
            if missing is not None:
                waiting.setdefault(missing, []).append(name)
                break
            _call(given, name, layers[name], node, run, done[name])
            ready += waiting.pop((name, done[name]), ())
            done[name] += 1
    return run


def _build_input(given: Arguments, name: str, stored: Config, run: _Run) -> None:
    run.built[name] = given.build(stored, Inputs())
    run.made.setdefault((name, 0), run.built[name].output)


def _call(given: Arguments, name: str, stored: Config, node: JSON, run: _Run, number: int) -> None:
    built = given.build(stored, read_inputs(node, run.made))
    run.built.setdefault(name, built)
    run.made[name, number] = built.output
