"""What Keras's objects keep in private attributes: each is read here, and nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras

__all__ = [
    "INPUT_SPEC",
    "VARIABLE_USES",
    "compile_arguments",
    "own_layers",
    "own_variables",
    "producer_of",
    "rematerialization_mode",
    "tensors_made_by",
    "tracker_of",
    "trained_variables",
]


INPUT_SPEC: Final = "_input_spec"
"""The attribute of a layer that says which shapes it accepts; a Functional model finds its own."""


VARIABLE_USES: Final = ("_maybe_autocast", "assign")
"""The methods of a variable that run where it is read, and where it is set."""


def own_layers(layer: keras.Layer) -> list[keras.Layer]:
    """Return the list in which Keras keeps the layers that *layer* itself holds; a new one before its constructor."""
    layers: list[keras.Layer] = getattr(layer, "_layers", [])
    return layers


def own_variables(layer: keras.Layer) -> list[keras.Variable]:
    """Return the variables of *layer* itself: the weights, and the states of its random generators."""
    states = [generator.state for generator in layer._seed_generators]
    return [*layer._trainable_variables, *layer._non_trainable_variables, *states]


def tracker_of(layer: keras.Layer) -> Any:
    """Return what notices what is assigned to attributes of *layer*; it is locked once the layer is built."""
    return layer._tracker


def rematerialization_mode(layer: keras.Layer) -> str | None:
    """Return what ``keras.RematScope`` asks of *layer*, or None where it is in none."""
    mode = layer._remat_mode
    return None if mode is None else mode.mode


def producer_of(tensor: keras.KerasTensor) -> keras.Operation:
    """Return the operation of a graph that makes *tensor*."""
    operation: keras.Operation = tensor._keras_history.operation
    return operation


def tensors_made_by(layer: keras.Layer) -> list[keras.KerasTensor]:
    """Return what the calls of *layer* in graphs make."""
    return [tensor for node in layer._inbound_nodes for tensor in node.output_tensors]


def compile_arguments(model: keras.Model) -> Mapping[str, Any]:
    """Return what a compiled *model* was compiled with."""
    arguments: Mapping[str, Any] = model._compile_config.config
    return arguments


def trained_variables(optimizer: keras.Optimizer) -> Sequence[keras.Variable]:
    """Return the variables that *optimizer* trains."""
    trained: Sequence[keras.Variable] = optimizer._trainable_variables
    return trained
