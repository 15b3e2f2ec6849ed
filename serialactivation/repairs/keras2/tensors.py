"""The repair ``tensors``: calls whose tensors Keras 3 does not find in the form of Keras 2. Keras-free.

Keras 2 stored tensors among a call's keywords as the layer, the call and the output, which Keras 3 passes on as a
list. It stored the initial states of a recurrent layer as further inputs, which Keras 3 refuses.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.catalog.layer_kinds import RECURRENT
from serialactivation.repairs.keras2.calls import find_layers
from serialactivation.repairs.keras2.make_repair import make_repair
from serialactivation.repairs.repair import Edit, replace
from serialactivation.tree.activations import Steps
from serialactivation.tree.graph_layers import is_reference
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON, Config

__all__ = ["TENSORS", "make_call", "make_tensor"]

_STATES: Final = "initial_state"

_TAKEN_OVER: Final = (_STATES, "constants")
"""Keywords that ``Bidirectional`` of Keras 2 stored as null, because it passed their tensors as inputs."""


def make_tensor(reference: list[Any]) -> JSON:
    """Return a tensor as Keras 3 stores it, which reads only where it comes from: the shape is that of any vector."""
    config: dict[str, JSON] = {"shape": [None], "dtype": "float32", "keras_history": list(reference[:3])}
    return {"class_name": KERAS_TENSOR, "config": config}


def make_call(args: list[JSON], kwargs: Mapping[str, JSON]) -> JSON:
    """Return a call as Keras 3 stores it."""
    return {"args": args, "kwargs": dict(kwargs)}


def _convert(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        if "input_layers" in node.config and isinstance(node.config.get("layers"), list):
            yield from _convert_model((*steps, "config"), node.config)


def _convert_model(steps: Steps, model: Config) -> Iterator[Edit]:
    layers = find_layers(model)
    for place, layer in layers.values():
        calls = layer.get("inbound_nodes")
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            if not isinstance(call, list) or not call or not all(_has_references(one, layers) for one in call):
                continue
            new = _convert_call(call, layer, layers)
            if new is not None:
                at = (*steps, "layers", place, "inbound_nodes")
                yield replace((*at, number), copy.deepcopy(new[0]), new[1])


def _convert_call(call: list[Any], layer: Config, layers: Mapping[str, object]) -> tuple[JSON, str] | None:
    """Return a call in the form of Keras 3, and what was done, or None if Keras 3 reads it as it is."""
    references = [one for one in call if is_reference(one, layers)]
    kwargs: dict[str, JSON] = {}
    for reference in references:
        kwargs.update(reference[3] if len(reference) > 3 and isinstance(reference[3], dict) else {})
    tensors: list[JSON] = _write_tensors(call, layers)
    if len(call) > 1 and _takes_states(layer) and kwargs.get(_STATES) is None:
        kept = {key: value for key, value in kwargs.items() if value is not None or key not in _TAKEN_OVER}
        states = {**_write_tensors(kept, layers), _STATES: tensors[1:]}
        return make_call(tensors[:1], states), "the inputs after the first passed as the initial state"
    written = _write_tensors(kwargs, layers)
    if written == kwargs or len(references) < len(call):
        return None
    args: list[JSON] = [tensors[0] if len(tensors) == 1 else list(tensors)]
    return make_call(args, written), "tensors among the keywords written as Keras 3 finds them"


def _has_references(value: JSON, layers: Mapping[str, object]) -> bool:
    """Return whether *value* is a tensor, or a list of tensors, such as the states of one cell of several."""
    if is_reference(value, layers):
        return True
    return isinstance(value, list) and bool(value) and all(_has_references(one, layers) for one in value)


def _write_tensors(value: Any, layers: Mapping[str, object]) -> Any:
    if is_reference(value, layers):
        return make_tensor(value)
    if isinstance(value, list):
        return [_write_tensors(one, layers) for one in value]
    if isinstance(value, dict):
        return {key: _write_tensors(one, layers) for key, one in value.items()}
    return copy.copy(value)


def _takes_states(layer: Config) -> bool:
    """Return whether a layer is recurrent, or goes both ways with such a layer, and gets no constants."""
    inner: Any = layer.get("config")
    if layer.get("class_name") == "Bidirectional" and isinstance(inner, dict):
        wrapped = inner.get("layer")
        layer = wrapped if isinstance(wrapped, dict) else {}
        inner = layer.get("config")
    has_constants = isinstance(inner, dict) and bool(inner.get("num_constants"))
    return layer.get("class_name") in RECURRENT and not has_constants


TENSORS: Final = make_repair("tensors", _convert)
"""The repair."""
