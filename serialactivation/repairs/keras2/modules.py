"""The repair ``locate``: the modules of Keras's classes, as Keras 3 finds them. Keras-free.

tf_keras, Keras 2 and TensorFlow name modules that Keras 3 lacks, such as ``tf_keras.src.engine.functional``. Old files
name none for the layer in a wrapper and the cell in a recurrent layer, which Keras 3 then does not find.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from serialactivation.catalog.classes import NEWEST, find_signature
from serialactivation.repairs.keras2.make_repair import make_repair
from serialactivation.repairs.repair import IN_LAYERS, Edit, update
from serialactivation.rules.configs.keywords import check_strings
from serialactivation.tree.classes import find_module
from serialactivation.tree.nodes import Node
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = ["LOCATE", "LOCATE_MODEL"]

_OLD: Final = re.compile(r"(tf_keras|tensorflow(\.python)?\.keras|keras)(\.(?P<rest>.*))?")
_PARTS: Final = (
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "optimizers",
    "regularizers",
)
_MODELS: Final[Mapping[str, Mapping[str, JSON]]] = {
    "Functional": {"module": "keras.src.models.functional", "registered_name": "Functional"},
    "Model": {"module": "keras.src.models.model", "registered_name": "Model"},
    "Sequential": {"module": "keras", "registered_name": None},
}
_WRAPPED: Final = ("backward_layer", "cell", "cells", "layer")


def _find_old_modules(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        stored, module = node.stored, node.stored.get("module") if isinstance(node.stored, dict) else None
        if not node.is_object or not isinstance(stored, dict) or not isinstance(module, str):
            continue
        name = str(stored["class_name"])
        found = _find_place(name, module, node)
        if found is not None and module != found["module"]:
            what = f"module of {name} renamed from {module!r} to {found['module']!r}"
            yield update(config.find_steps(node), found, what)


def _find_place(name: str, module: str, node: Node) -> Mapping[str, JSON] | None:
    """Return where Keras 3 has a class that an older Keras, or tf_keras, has in *module*, or None."""
    matched = _OLD.fullmatch(module)
    if matched is None or (node.of is not None and node.of.signature is not None):
        return None
    if name in _MODELS:
        return _MODELS[name]
    parts = (matched["rest"] or "").split(".")
    for part in [one for one in _PARTS if one in parts]:
        if part == "mixed_precision" and find_signature("optimizers", name):
            return {"module": "keras.optimizers", "registered_name": None}
        if find_signature(part, name):
            return {"module": f"keras.{part}", "registered_name": None}
    return None


def _find_missing_modules(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        stored = node.stored
        if not node.is_object or not isinstance(stored, dict) or stored.get("module") or not _is_wrapped(node):
            continue
        name = str(stored["class_name"])
        if ">" not in name and (name in _MODELS or find_signature("layers", name)):
            found = _MODELS.get(name, IN_LAYERS)
            what = f"module {found['module']!r} added to {name}"
            yield update(config.find_steps(node), found, what)


def _find_misread_strings(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that name the module of layers in which Keras would take a string for one of its functions."""
    for node in config.nodes:
        if node.is_object and node.of is not None and any(check_strings(node, NEWEST)):
            what = f"module 'keras.layers' added to {node.of.name}, so that its strings are read as strings"
            yield update(config.find_steps(node), IN_LAYERS, what)


def _is_wrapped(node: Node) -> bool:
    """Return whether an object is the layer of a wrapper, or a cell of a recurrent layer."""
    steps = node.steps
    key = steps[-1] if steps else ""
    if isinstance(key, int) and len(steps) > 1:
        key = steps[-2]
    return key in _WRAPPED and find_module(str(key)) == "layers"


def _find_inner_optimizers(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that name the module of the optimizer in a LossScaleOptimizer."""
    for node in config.nodes:
        stored = node.stored
        if node.key != "inner_optimizer" or not isinstance(stored, dict) or stored.get("module"):
            continue
        name = str(stored.get("class_name"))
        if find_signature("optimizers", name):
            what = f"module 'keras.optimizers' added to {name}"
            yield update(config.find_steps(node), {"module": "keras.optimizers", "registered_name": None}, what)


LOCATE: Final = make_repair(
    "locate", _find_old_modules, _find_missing_modules, _find_inner_optimizers, _find_misread_strings
)
"""The repair."""


def _locate_model(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edit that names the module of a model: Keras 3 needs it in JSON, but not in an HDF5 file."""
    stored = config.config
    name = stored.get("class_name") if isinstance(stored, dict) and not stored.get("module") else None
    if isinstance(name, str) and name in _MODELS:
        yield update((), _MODELS[name], f"module {_MODELS[name]['module']!r} added to {name}")


LOCATE_MODEL: Final = make_repair("locate", _locate_model)
"""The repair of a config that is alone in a file."""
