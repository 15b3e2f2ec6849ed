"""A layer as users write them: two activations, arguments of its own, and no ``get_config``."""

from typing import Any, cast

import keras

import serialactivation
from serialactivation.typing import ActivationLike, Shape, TensorT

__all__ = ["Gated", "PlainGated", "StockGated"]


class PlainGated(keras.layers.Layer):
    """A dense layer with a gate: ``activation(x @ kernel) * gate_activation(x @ gate_kernel)``.

    Args:
        units: Size of the last axis of its output.
        activation: Applied to its value.
        gate_activation: Applied to its gate.
        **kwargs: Keras's own layer arguments, such as ``name``.
    """

    def __init__(
        self,
        units: int,
        activation: ActivationLike = "relu",
        gate_activation: ActivationLike = "sigmoid",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)

    def build(self, input_shape: Shape) -> None:
        """Make both kernels."""
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.gate_kernel = self.add_weight(shape=(input_shape[-1], self.units), name="gate_kernel")

    def call(self, inputs: TensorT) -> TensorT:
        """Return the gated value."""
        value = self.activation(keras.ops.matmul(inputs, self.kernel))
        gate = self.gate_activation(keras.ops.matmul(inputs, self.gate_kernel))
        return cast("TensorT", value * gate)


@serialactivation.serializable_activation(package="serialactivation_demo")
class Gated(PlainGated):
    """The layer, decorated: one line."""


@keras.saving.register_keras_serializable(package="serialactivation_demo")
class StockGated(PlainGated):
    """The same layer, registered as Keras asks."""
