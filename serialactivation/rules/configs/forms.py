"""The checks of the form of a config: whether each part of it is what Keras reads there. Keras-free.

Source:
    ``deserialize_keras_object`` of ``keras/src/saving/serialization_lib.py``, ``from_config`` of
    ``keras/src/models/sequential.py`` and ``functional.py``, and ``compile_from_config`` of
    ``keras/src/trainers/trainer.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.catalog.values.value_kinds import DTYPE, NAME, NULL, SIZE, items, takes
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG, TRAINING_CONFIG
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.issue import Issue, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import Steps
from serialactivation.tree.classes import KERAS, find_module
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON, Config

__all__ = ["FORMS", "check_forms", "check_training"]

WRONG_FORM: Final = Rule(
    code="SA236",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("save the model again, with Keras",),
    meaning="A part of the config does not have the form that Keras reads there.",
    why="The config was written or changed by hand or by another program.",
    example='"class_name": 3, or a number among the layers of a model',
    cure="Save the model again, with Keras.",
)

FORMS: Final = (WRONG_FORM,)
"""The rules on forms."""

_LAYERS: Final = "keras.layers."
_INPUT: Final = "keras.layers.InputLayer"
"""The layer that is built as it is made, so that Keras does not build it again."""
_MODELS: Final = "keras.models."
_PLACED: Final = ("layers", "optimizers")
"""Where Keras looks at the module of an object, if it has one; elsewhere the name of its class alone decides."""
_WITH_LAYERS: Final = ("keras.models.Functional", "keras.models.Model", "keras.models.Sequential")
_COLLECTIONS: Final = ("metrics", "weighted_metrics")
_STRICT_NAMES: Final = "3.15"
"""The first Keras that refuses a registered name of another object for a class of its own."""

_Fault = tuple[Steps, str]
"""The steps that lead to a part of an object, and what is wrong with it."""


def check_forms(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with the form of an object of Keras, and of its parts."""
    stored = node.stored
    if node.of is None or not isinstance(stored, dict) or node.of.package not in (KERAS, None):
        return
    for steps, evidence in _find_faults(node, stored, target):
        yield make_issue(node, WRONG_FORM, evidence, inner=steps)


def _find_faults(node: Node, stored: Config, target: str) -> Iterator[_Fault]:
    owner = "" if node.of is None or node.of.signature is None else node.of.signature.owner
    is_placed = node.hint in _PLACED and ("module" in stored or node.hint != "layers")
    is_placed |= COMPILE_CONFIG in node.steps  # which Keras reads as a whole
    yield from _check_names(stored, is_placed=is_placed, is_strict=not is_newer(_STRICT_NAMES, target))
    if owner.startswith(_MODELS):
        yield from _check_model(stored, node.config)
    else:
        yield from _check_objects(node.config)
    yield from _check_calls(stored, is_of_layer=owner.startswith((_LAYERS, _MODELS)))
    if owner in _WITH_LAYERS:
        yield from _check_layers(node.config)
    if node.config.get("layers") == [] and (stored.get("build_config") or node.config.get("build_input_shape")):
        yield ("config", "layers"), "it has no layers, and a shape that it was built with"
    if owner.startswith(_LAYERS) and owner != _INPUT:
        yield from _check_built(stored)


def _check_names(stored: Config, *, is_placed: bool, is_strict: bool) -> Iterator[_Fault]:
    """Yield what is wrong with where an object says that its class is.

    Args:
        stored: The object.
        is_placed: Whether Keras looks at its module.
        is_strict: Whether Keras refuses a registered name of another object for one of its own classes.
    """
    module, registered = stored.get("module"), stored.get("registered_name")
    if is_placed and not isinstance(module, str | None):
        yield ("module",), f"its module is {show(module)}"
    is_own = is_placed and is_strict and isinstance(module, str) and ".src." not in module
    if (is_placed and isinstance(registered, list | dict)) or (
        is_own and registered and registered != stored["class_name"]
    ):
        yield ("registered_name",), f"its registered name is {show(registered)}"


def _check_objects(config: Config) -> Iterator[_Fault]:
    """Yield the arguments that are objects, except for the names of their classes."""
    for key, value in config.items():
        for one in value if isinstance(value, list) else (value,):
            if key == "cells" and not isinstance(one, dict):
                yield ("config", key), f"{show(one)} is no cell"
            class_name = one.get("class_name", "") if isinstance(one, dict) else ""
            if find_module(key) is not None and not isinstance(class_name, str):
                yield ("config", key), f"the class of its {key} is {show(class_name)}"


def _check_built(stored: Config) -> Iterator[_Fault]:
    """Yield what is wrong with the shapes that a layer was built with."""
    built = stored.get("build_config")
    if built and isinstance(built, int | float):
        yield ("build_config",), f"its build_config is {show(built)}"


def _check_model(stored: Config, config: Config) -> Iterator[_Fault]:
    """Yield what is wrong with the name of a model, and with what it was compiled with."""
    name, compiled = config.get("name"), stored.get(COMPILE_CONFIG)
    if name is not None and not NAME.has(name):
        yield ("config", "name"), f"the name of the model is {show(name)}, and not a text without a slash"
    if compiled and not isinstance(compiled, dict):
        yield (COMPILE_CONFIG,), f"its {COMPILE_CONFIG} is {show(compiled)}"
    elif isinstance(compiled, dict):
        optimizer = compiled.get("optimizer", "")
        if not isinstance(optimizer.get("class_name") if isinstance(optimizer, dict) else optimizer, str):
            yield (COMPILE_CONFIG, "optimizer"), f"its optimizer is {show(optimizer)}"
        for key in _COLLECTIONS:
            if isinstance(compiled.get(key), str | int | float) and compiled[key]:
                yield (COMPILE_CONFIG, key), f"its {key} are {show(compiled[key])}"


def check_training(compiled: JSON) -> Iterator[Finding]:
    """Yield the finding on what an HDF5 file says of how its model was compiled, if Keras cannot read it."""
    if compiled is not None and not (isinstance(compiled, dict) and "optimizer_config" in compiled):
        evidence = f"how the model was compiled is {show(compiled)}, which has no optimizer_config"
        yield make_finding(WRONG_FORM, (), (TRAINING_CONFIG,), evidence, *WRONG_FORM.advice)


def _check_layers(config: Config) -> Iterator[_Fault]:
    """Yield the first layer of a model that is not an object."""
    layers = config.get("layers")
    for index, layer in enumerate(layers if isinstance(layers, list) else ()):
        if not isinstance(layer, dict) or not isinstance(layer.get("class_name"), str) or "config" not in layer:
            yield ("config", "layers", index), f"{show(layer)} is not the config of a layer"
            return


def _check_calls(stored: Config, *, is_of_layer: bool) -> Iterator[_Fault]:
    """Yield what is wrong with the calls of a layer, or of an operation, which takes numbers beside tensors."""
    calls = stored.get("inbound_nodes")
    for index, call in enumerate(calls if isinstance(calls, list) else ()):
        if not isinstance(call, dict):
            continue
        if "args" in call and not isinstance(call["args"], list):
            yield ("inbound_nodes", index, "args"), f"the arguments of a call are {show(call['args'])}"
            return
        if "kwargs" in call and not isinstance(call["kwargs"], dict):
            yield ("inbound_nodes", index, "kwargs"), f"the keywords of a call are {show(call['kwargs'])}"
        for key in ("args", "kwargs"):
            for tensor in _find_tensors(_leave_out_plain(call.get(key))):
                if (is_of_layer or _is_named_tensor(tensor)) and not _is_tensor(tensor):
                    yield ("inbound_nodes", index, key), f"{show(tensor)} is not a tensor of the graph"
                    return


def _find_tensors(value: JSON) -> Iterator[JSON]:
    """Yield the tensors among the arguments of a call, and what stands beside a tensor in a list."""
    left = [value]
    while left:
        one = left.pop()
        beside = one if isinstance(one, list) else _find_values(one)
        is_of_tensors = isinstance(one, list) and any(map(_is_named_tensor, beside))
        yield from (item for item in beside if is_of_tensors or _is_named_tensor(item))
        left += beside


def _leave_out_plain(arguments: JSON) -> JSON:
    """Return the arguments of a call without null, numbers and texts behind the first."""
    if not isinstance(arguments, list):
        return arguments
    return [one for place, one in enumerate(arguments) if place == 0 or isinstance(one, dict | list)]


def _find_values(value: JSON) -> list[JSON]:
    """Return the values of a plain dict."""
    return list(value.values()) if isinstance(value, dict) and "class_name" not in value else []


def _is_named_tensor(value: JSON) -> bool:
    return isinstance(value, dict) and value.get("class_name") == KERAS_TENSOR


def _is_tensor(value: JSON) -> bool:
    if isinstance(value, list):
        return any(map(_is_tensor, value))
    inner = value.get("config") if isinstance(value, dict) and _is_named_tensor(value) else None
    if not isinstance(inner, dict) or not isinstance(inner.get("shape"), list | dict) or "dtype" not in inner:
        return False
    return takes((DTYPE, NULL), inner["dtype"]) and (not inner["shape"] or takes((items(of=SIZE),), inner["shape"]))
