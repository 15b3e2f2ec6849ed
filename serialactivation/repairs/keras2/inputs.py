"""The repair ``input``: the shapes of inputs, in the form of Keras 3. Keras-free.

Keras 1 and 2 and tf_keras store the shape of a Sequential's input with its first layer, under ``batch_input_shape``.
Keras 3 reads it only at an ``InputLayer``: elsewhere it refuses the layer or, in an HDF5 file, takes it for the shape
of one sample.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final

from serialactivation.catalog.keras2 import BATCH_INPUT_SHAPE as OLD
from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.repair import IN_LAYERS, Edit, remove
from serialactivation.rules.configs.keywords import names_module
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = ["INPUT"]

_INPUT: Final = "InputLayer"
_SEQUENTIAL: Final = "Sequential"


def _add_inputs(config: StoredConfig) -> Iterator[Edit]:
    # the innermost Sequential first: a new layer moves all after it
    for steps, node in reversed(config.stock_objects):
        layers = node.config.get("layers")
        if node.of is None or node.of.name != _SEQUENTIAL or not isinstance(layers, list) or not layers:
            continue
        first = _make_input(layers[0])
        if first is not None:
            shape = first["config"]["batch_shape"]
            what = f"an InputLayer of shape {shape} added before the first layer"
            yield edit_at((*steps, "config", "layers"), what, _inserter(first), (0,))


def _inserter(first: JSON) -> Callable[[Any], None]:
    return lambda layers: layers.insert(0, copy.deepcopy(first))


def _make_input(layer: JSON) -> dict[str, Any] | None:
    """Return the InputLayer before the first *layer* of a Sequential, or None if it has one or no shape is stored."""
    if not isinstance(layer, dict) or layer.get("class_name") == _INPUT:
        return None
    shape = _find_shape(layer)
    if shape is None:
        return None
    inner: Any = layer["config"]
    dtype = inner.get("dtype")
    config = {
        "batch_shape": copy.deepcopy(shape),
        "dtype": dtype if isinstance(dtype, str) else "float32",
        "name": f"{inner.get('name', 'first')}_input",
    }
    placed = IN_LAYERS if "module" in layer else {}
    return {**placed, "class_name": _INPUT, "config": config}


def _find_shape(layer: Any) -> JSON:
    """Return the shape of the batches that a first layer gets: its own, or that of the first layer in a wrapper."""
    inner = layer.get("config")
    if not isinstance(inner, dict):
        return None
    shape = inner.get(OLD)
    if isinstance(shape, list) and shape:
        return shape
    layers = inner.get("layers")
    if isinstance(layers, list) and layers and isinstance(layers[0], dict):  # a model
        first = layers[0].get("config")
        stored = first.get(OLD) or first.get("batch_shape") if isinstance(first, dict) else None
        return stored if isinstance(stored, list) else None
    return None


def _rename_shapes(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        inner = node.config
        if OLD not in inner or node.of is None:
            continue
        if node.of.name == _INPUT:
            if names_module(node):
                yield edit_at((*steps, "config"), f"{OLD!r} renamed to 'batch_shape'", _rename, (OLD,))
        elif node.of.signature is not None and (names_module(node) or "input_shape" not in node.of.signature.keywords):
            yield remove(
                (*steps, "config", OLD),
                f"{OLD!r} removed: Keras 3 reads it at an InputLayer only",
            )


def _rename(inner: Any) -> None:
    inner["batch_shape"] = inner.pop(OLD)


INPUT: Final = make_repair("input", _add_inputs, _rename_shapes)
"""The repair."""
