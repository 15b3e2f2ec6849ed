"""The layers of the matrix: each with arguments and an input shape, stock and ours."""

import attrs
import keras

import serialactivation as sa
from serialactivation.typing import Shape


@attrs.frozen
class Case:
    """One layer of the matrix.

    Attributes:
        name: Class name, the same in ``keras.layers`` and in ours; or the name of one of the classes below.
        arguments: What it is made with, besides the activation.
        shape: Its input's shape, without the batch.
        slow: Whether it belongs to the large part of the matrix.
    """

    name: str
    arguments: dict[str, object]
    shape: Shape
    slow: bool = True

    def layer_class(self, library: str) -> type[keras.Layer]:
        """Return the class in *library*: ``stock`` or ``ours``."""
        own = OWN.get(self.name)
        if own is not None:
            return own[library]
        return getattr(keras.layers if library == "stock" else sa.layers, self.name)


class PlainGated(keras.layers.Layer):
    """A user's layer: a gate, and no get_config."""

    def __init__(self, units, activation="relu", gate_activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.gate = self.add_weight(shape=shape, name="gate")

    def call(self, inputs):
        gate = self.gate_activation(keras.ops.matmul(inputs, self.gate))
        return self.activation(keras.ops.matmul(inputs, self.kernel) * gate)


class PlainNested(keras.layers.Layer):
    """A user's layer that hands its activation to a sublayer, has no build, and a get_config without the activation."""

    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = keras.layers.Dense(units, activation=activation, name="inner")

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(package="matrix_stock")
class StockGated(PlainGated):
    pass


@sa.serializable_activation(package="matrix")
class DecoratedGated(PlainGated):
    pass


class MixedGated(sa.SerializableActivationMixin, PlainGated, package="matrix"):
    pass


@keras.saving.register_keras_serializable(package="matrix_stock")
class StockNested(PlainNested):
    pass


@sa.serializable_activation(package="matrix")
class DecoratedNested(PlainNested):
    pass


OWN = {
    "Gated": {"stock": StockGated, "ours": DecoratedGated},
    "GatedMixin": {"stock": StockGated, "ours": MixedGated},
    "Nested": {"stock": StockNested, "ours": DecoratedNested},
}

_CONV = {"filters": 3, "kernel_size": 2}

CASES = [
    Case("Dense", {"units": 3}, (4,), slow=False),
    Case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, 3), "bias_axes": "d"}, (4, 5)),
    Case("Activation", {}, (4, 3)),
    Case("Conv1D", _CONV, (6, 2)),
    Case("Conv2D", _CONV, (5, 5, 2), slow=False),
    Case("Conv3D", _CONV, (4, 4, 4, 2)),
    Case("Conv1DTranspose", _CONV, (6, 2)),
    Case("Conv2DTranspose", _CONV, (4, 4, 2)),
    Case("Conv3DTranspose", _CONV, (3, 3, 3, 2)),
    Case("DepthwiseConv1D", {"kernel_size": 2}, (6, 2)),
    Case("DepthwiseConv2D", {"kernel_size": 2}, (5, 5, 2)),
    Case("SeparableConv1D", _CONV, (6, 2)),
    Case("SeparableConv2D", _CONV, (5, 5, 2)),
    Case("Gated", {"units": 3}, (4,), slow=False),
    Case("GatedMixin", {"units": 3}, (4,)),
    Case("Nested", {"units": 3}, (4,), slow=False),
]

CASES_BY_NAME = {case.name: case for case in CASES}
