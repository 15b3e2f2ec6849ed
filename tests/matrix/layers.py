"""The layers of the matrix: each with arguments and an input shape, stock and ours."""

from collections.abc import Callable

import attrs
import keras

import serialactivation as sa
from serialactivation.typing import Shape


def _bare(layer: keras.Layer) -> keras.Layer:
    return layer


@attrs.frozen(eq=False)  # there is one of each
class Case:
    """One layer of the matrix.

    Attributes:
        name: What the row is called: a class name, the same in ``keras.layers`` and in ours, or that with its wrapper.
        arguments: What it is made with, besides the activation.
        shape: Its input's shape, without the batch.
        slow: Whether it belongs to the large part of the matrix.
        layer: The class that is given the activation, where the row has another name.
        wrap: Puts the layer into another one of Keras's.
        called_with: The shape that the activation is called with, where it is not the shape of the output.
        copies: Whether the wrapper copies the layer, so that a layer given as an activation is not the one that runs.
    """

    name: str
    arguments: dict[str, object]
    shape: Shape
    slow: bool = True
    layer: str = attrs.field(kw_only=True, default=attrs.Factory(lambda self: self.name, takes_self=True))
    wrap: Callable[[keras.Layer], keras.Layer] = attrs.field(kw_only=True, default=_bare)
    called_with: Shape | None = attrs.field(kw_only=True, default=None)
    copies: bool = attrs.field(kw_only=True, default=False)

    def layer_class(self, library: str) -> type[keras.Layer]:
        """Return the class in *library* that is given the activation: ``stock`` or ``ours``."""
        own = OWN.get(self.layer)
        if own is not None:
            return own[library]
        return getattr(keras.layers if library == "stock" else sa.layers, self.layer)

    def make(self, library: str, activation: object, **more: object) -> keras.Layer:
        """Return the layer, in its wrapper; *more* goes to the layer."""
        return self.wrap(self.layer_class(library)(**self.arguments, activation=activation, name="layer", **more))


def holders(layer: keras.Layer) -> list[keras.Layer]:
    """Return the layers and cells inside *layer* that call the activation."""
    if isinstance(layer, keras.layers.Bidirectional):
        return [*holders(layer.forward_layer), *holders(layer.backward_layer)]
    if isinstance(layer, keras.layers.TimeDistributed):
        return holders(layer.layer)
    if isinstance(layer, keras.layers.RNN):
        return holders(layer.cell)
    if isinstance(layer, keras.layers.StackedRNNCells):
        return [layer.cells[0]]
    if isinstance(layer, PlainNested):
        return [layer.dense]
    return [layer]


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
    """A user's layer that passes its activation to a sublayer, has no build, and leaves the activation out."""

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
_RNN = {"units": 3}
_UNROLLED = {"units": 3, "unroll": True}  # a scan is compiled anew for each cell; one row of scans is enough


def _apply(cell: keras.layers.Layer) -> keras.layers.Layer:
    return keras.layers.RNN(cell, unroll=True)


def _stack(cell: keras.Layer) -> keras.Layer:
    return keras.layers.RNN(keras.layers.StackedRNNCells([cell, keras.layers.SimpleRNNCell(2)]), unroll=True)


def _both_ways(layer: keras.Layer) -> keras.Layer:
    return keras.layers.Bidirectional(layer, merge_mode="sum")


# Layers of one rank have outputs of one shape: what JAX has compiled for the activation of one is there for the others.
CASES = [
    Case("Dense", {"units": 3}, (4,), slow=False),
    Case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, 3), "bias_axes": "d"}, (5, 4)),
    Case("Activation", {}, (5, 3)),
    Case("Conv1D", _CONV, (6, 2)),
    Case("Conv2D", _CONV, (5, 5, 2), slow=False),
    Case("Conv3D", _CONV, (4, 4, 4, 2)),
    Case("Conv1DTranspose", _CONV, (4, 2)),
    Case("Conv2DTranspose", _CONV, (3, 3, 2)),
    Case("Conv3DTranspose", _CONV, (2, 2, 2, 2)),
    Case("DepthwiseConv1D", {"kernel_size": 2}, (6, 3)),
    Case("DepthwiseConv2D", {"kernel_size": 2}, (5, 5, 3)),
    Case("SeparableConv1D", _CONV, (6, 2)),
    Case("SeparableConv2D", _CONV, (5, 5, 2)),
    Case("SimpleRNN", _UNROLLED, (2, 2)),
    Case("LSTM", _RNN, (4, 2), slow=False),
    Case("GRU", {**_UNROLLED, "reset_after": False}, (2, 2)),
    Case("ConvLSTM1D", {**_CONV, "unroll": True}, (2, 6, 2)),
    Case("ConvLSTM2D", {**_CONV, "unroll": True}, (2, 5, 5, 2)),
    Case("ConvLSTM3D", {**_CONV, "unroll": True}, (2, 4, 4, 4, 2)),
    Case("RNN(SimpleRNNCell)", _RNN, (2, 2), layer="SimpleRNNCell", wrap=_apply),
    Case("RNN(LSTMCell)", _RNN, (2, 2), layer="LSTMCell", wrap=_apply),
    Case("RNN(GRUCell)", _RNN, (2, 2), layer="GRUCell", wrap=_apply),
    Case("RNN(StackedRNNCells(GRUCell))", _RNN, (2, 2), layer="GRUCell", wrap=_stack, called_with=(None, 3)),
    Case("Bidirectional(LSTM)", _UNROLLED, (2, 2), layer="LSTM", wrap=_both_ways, copies=True),
    Case(
        "TimeDistributed(Dense)",
        {"units": 3},
        (2, 4),
        layer="Dense",
        wrap=keras.layers.TimeDistributed,
        called_with=(None, 3),
    ),
    Case("Gated", {"units": 3}, (4,), slow=False),
    Case("GatedMixin", {"units": 3}, (4,)),
    Case("Nested", {"units": 3}, (4,), slow=False),
]

if hasattr(keras.layers, "TernaryDense"):  # since Keras 3.16
    CASES.append(Case("TernaryDense", {"units": 3}, (4,)))

CASES_BY_NAME = {case.name: case for case in CASES}
