"""Access to private attributes of Keras's objects."""

import importlib
from collections.abc import Container, Sequence
from typing import Any, Final

import keras

__all__ = [
    "INPUT_SPEC",
    "LAYERS",
    "MAYBE_BUILD",
    "VARIABLE_USES",
    "attributes_of",
    "backend_errors",
    "compile_arguments",
    "has_mask",
    "is_compiled",
    "own_layers",
    "own_variables",
    "producer_of",
    "rematerialization_mode",
    "tensors_made_by",
    "tracker_of",
    "trained_variables",
]


INPUT_SPEC: Final = "_input_spec"
"""The attribute of a layer that says which shapes it accepts."""


LAYERS: Final = "_layers"
"""The attribute of a layer in which Keras lists the layers that it holds directly."""


MAYBE_BUILD: Final = "_maybe_build"
"""The method of a layer that builds it before its first call."""


VARIABLE_USES: Final = ("_maybe_autocast", "assign")
"""The methods of a variable that run when it is read, and when it is set."""


def own_layers(layer: keras.Layer) -> list[keras.Layer]:
    """Return Keras's own list of the layers that *layer* holds directly; an empty one before its constructor."""
    layers: list[keras.Layer] = getattr(layer, LAYERS, [])
    return layers


def own_variables(layer: keras.Layer) -> list[keras.Variable]:
    """Return the variables of *layer* without those of its sublayers: weights, and states of random generators."""
    states = [generator.state for generator in layer._seed_generators]
    return [*layer._trainable_variables, *layer._non_trainable_variables, *states]


def tracker_of(layer: keras.Layer) -> Any:
    """Return the tracker of *layer*'s attributes, which is locked once the layer is built."""
    return layer._tracker


def rematerialization_mode(layer: keras.Layer) -> str | None:
    """Return the mode of ``keras.RematScope`` for *layer*, or None outside such a scope."""
    mode = layer._remat_mode
    return None if mode is None else mode.mode


def producer_of(tensor: keras.KerasTensor) -> keras.Operation:
    """Return the operation of a graph that makes *tensor*."""
    operation: keras.Operation = tensor._keras_history.operation
    return operation


def tensors_made_by(layer: keras.Layer) -> list[keras.KerasTensor]:
    """Return the output tensors of all calls of *layer* in graphs."""
    return [tensor for node in layer._inbound_nodes for tensor in node.output_tensors]


def has_mask(tensor: keras.KerasTensor) -> bool:
    """Return whether a layer that is called on *tensor* receives a mask."""
    return getattr(tensor, "_keras_mask", None) is not None


def attributes_of(layer: keras.Layer) -> tuple[Container[str], ...]:
    """Return what holds the attributes of *layer*: PyTorch keeps those that are layers apart."""
    return vars(layer), getattr(layer, "_modules", ())


def is_compiled(model: keras.Model) -> bool:
    """Return whether *model* was compiled, and keeps the arguments."""
    return getattr(model, "compiled", False) and getattr(model, "_compile_config", None) is not None


def backend_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions of the running backend that are none of Python's own: TensorFlow has some."""
    if keras.config.backend() != "tensorflow":
        return ()
    errors: Any = importlib.import_module("tensorflow.errors")  # only there
    return (errors.OpError,)


def compile_arguments(model: keras.Model) -> dict[str, Any]:
    """Return the compile arguments of a compiled *model*: Keras's own, not a copy."""
    arguments: dict[str, Any] = model._compile_config.config
    return arguments


def trained_variables(optimizer: keras.Optimizer) -> Sequence[keras.Variable]:
    """Return the variables that *optimizer* trains."""
    trained: Sequence[keras.Variable] = optimizer._trainable_variables
    return trained
