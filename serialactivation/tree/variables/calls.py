"""The calls in the graph of a Functional model, with the shapes of the tensors that they are given. Keras-free.

Source:
    ``deserialize_node`` of ``keras/src/models/functional.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.tree.graph_layers import Tensor, UnreadableGraphError, read_ends
from serialactivation.tree.variables.layer_arguments import Inputs
from serialactivation.tree.variables.shapes import NotKnownError, Shapes, flatten, read_shapes
from serialactivation.typing import JSON, Config

__all__ = ["Made", "find_sources", "list_nodes", "name_ends", "read_inputs", "select"]

Made: TypeAlias = Mapping[tuple[str, int], Shapes]
"""The shapes of what each call returned."""


class _History(NamedTuple):
    """A tensor in a call, and the shape that is stored with it."""

    tensor: Tensor
    shapes: Shapes


def find_sources(node: JSON) -> Iterator[tuple[str, int]]:
    """Yield the calls that make what a call is given."""
    tensors = map(_read_reference, node) if isinstance(node, list) else (one.tensor for one in _walk(node))
    for tensor in tensors:
        yield tensor.layer, tensor.call


def _walk(value: JSON) -> Iterator[_History]:
    found = _read_tensor(value)
    if found is not None:
        yield found
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _walk(item)


def _read_tensor(value: JSON) -> _History | None:
    """Return the tensor that a value is in a call of Keras 3, or None."""
    if not isinstance(value, dict) or value.get("class_name") != KERAS_TENSOR:
        return None
    inner = value.get("config")
    stored = inner if isinstance(inner, dict) else {}
    return _make_history(stored.get("keras_history"), read_shapes(stored.get("shape")))


def _make_history(history: JSON, shapes: Shapes) -> _History:
    try:
        (tensor,) = read_ends(history)
    except (UnreadableGraphError, ValueError) as error:
        raise NotKnownError from error
    return _History(tensor, shapes)


def read_inputs(node: JSON, made: Made) -> Inputs:
    """Return the shapes of what a call is given."""
    if isinstance(node, list):
        return _read_list(node, made)
    if not isinstance(node, dict):
        raise NotKnownError
    arguments, keywords = node.get("args"), node.get("kwargs")
    if not isinstance(arguments, list) or not isinstance(keywords, dict):
        raise NotKnownError
    ordered = [_find_shapes(item, made) for item in arguments]
    named = {name: _find_shapes(item, made) for name, item in keywords.items()}
    numbered = {str(place): shapes for place, shapes in enumerate(ordered) if place}
    return Inputs(ordered[0] if ordered else named.get("query", named.get("inputs")), {**named, **numbered})


def _read_list(node: list[JSON], made: Made) -> Inputs:
    """Return the shapes in a call of Keras 2: the tensors of its first argument, each with the keywords of the call."""
    given = [select(_read_reference(item), made) for item in node]
    last = node[-1] if node else None
    keywords = last[3] if isinstance(last, list) and len(last) == 4 else None
    named: dict[str, Shapes] = dict.fromkeys(keywords) if isinstance(keywords, dict) else {}
    return Inputs(given[0] if len(given) == 1 else given, named)


def _read_reference(value: JSON) -> Tensor:
    """Return a tensor in a call of Keras 2."""
    return _make_history(value[:3] if isinstance(value, list) else None, None).tensor


def _find_shapes(value: JSON, made: Made) -> Shapes:
    """Return the shapes of the tensors in an argument, as nested as they are."""
    found = _read_tensor(value)
    if found is not None:
        shapes = select(found.tensor, made)
        return found.shapes if shapes is None else shapes
    if isinstance(value, list):
        return [_find_shapes(item, made) for item in value]
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _find_shapes(item, made) for key, item in value.items()}
    return None


def select(tensor: Tensor, made: Made) -> Shapes:
    """Return the shape of one output of a call."""
    outputs = flatten(made.get((tensor.layer, tensor.call)))
    return outputs[tensor.output] if -len(outputs) <= tensor.output < len(outputs) else None


def name_ends(value: JSON, find: Callable[[Tensor], Shapes]) -> Shapes:
    """Return the shapes of the inputs or outputs of a model, as nested as they are."""
    if isinstance(value, dict):
        return {key: name_ends(item, find) for key, item in value.items()}
    if isinstance(value, list) and value and not isinstance(value[0], str):
        return [name_ends(item, find) for item in value]
    return find(_make_history(value, None).tensor)


def list_nodes(stored: Config) -> list[JSON]:
    """Return the calls of a layer."""
    nodes = stored.get("inbound_nodes")
    if not isinstance(nodes, list):
        raise NotKnownError
    return nodes
