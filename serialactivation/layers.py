"""Keras's layers that take an activation, ready-made to keep it: same names, signatures and docstrings."""

import keras

from serialactivation.mixin import SerializableActivationMixin
from serialactivation.notation import PACKAGE

__all__ = [
    "GRU",
    "LSTM",
    "Activation",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "EinsumDense",
    "GRUCell",
    "LSTMCell",
    "SeparableConv1D",
    "SeparableConv2D",
    "SimpleRNN",
    "SimpleRNNCell",
]


class _Quantizable:
    """Lets a twin be quantized: Keras refuses a subclass, whose ``call`` it cannot know; a twin's is Keras's own."""

    def quantize(self, mode: str | None = None, type_check: bool = True, **options: object) -> None:
        """Quantize the weights; see the Keras layer. A subclass of the twin is refused, as Keras refuses it."""
        is_twin = type(self).__module__ == __name__
        super().quantize(mode, type_check=type_check and not is_twin, **options)  # type: ignore[misc]  # a mixin's super


class Activation(SerializableActivationMixin, keras.layers.Activation, package=PACKAGE):
    __doc__ = keras.layers.Activation.__doc__


class Conv1D(SerializableActivationMixin, keras.layers.Conv1D, package=PACKAGE):
    __doc__ = keras.layers.Conv1D.__doc__


class Conv1DTranspose(SerializableActivationMixin, keras.layers.Conv1DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv1DTranspose.__doc__


class Conv2D(SerializableActivationMixin, keras.layers.Conv2D, package=PACKAGE):
    __doc__ = keras.layers.Conv2D.__doc__


class Conv2DTranspose(SerializableActivationMixin, keras.layers.Conv2DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv2DTranspose.__doc__


class Conv3D(SerializableActivationMixin, keras.layers.Conv3D, package=PACKAGE):
    __doc__ = keras.layers.Conv3D.__doc__


class Conv3DTranspose(SerializableActivationMixin, keras.layers.Conv3DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv3DTranspose.__doc__


class ConvLSTM1D(SerializableActivationMixin, keras.layers.ConvLSTM1D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM1D.__doc__


class ConvLSTM2D(SerializableActivationMixin, keras.layers.ConvLSTM2D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM2D.__doc__


class ConvLSTM3D(SerializableActivationMixin, keras.layers.ConvLSTM3D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM3D.__doc__


class Dense(_Quantizable, SerializableActivationMixin, keras.layers.Dense, package=PACKAGE):
    __doc__ = keras.layers.Dense.__doc__


class DepthwiseConv1D(SerializableActivationMixin, keras.layers.DepthwiseConv1D, package=PACKAGE):
    __doc__ = keras.layers.DepthwiseConv1D.__doc__


class DepthwiseConv2D(SerializableActivationMixin, keras.layers.DepthwiseConv2D, package=PACKAGE):
    __doc__ = keras.layers.DepthwiseConv2D.__doc__


class EinsumDense(_Quantizable, SerializableActivationMixin, keras.layers.EinsumDense, package=PACKAGE):
    __doc__ = keras.layers.EinsumDense.__doc__


class GRU(SerializableActivationMixin, keras.layers.GRU, package=PACKAGE):
    __doc__ = keras.layers.GRU.__doc__


class GRUCell(SerializableActivationMixin, keras.layers.GRUCell, package=PACKAGE):
    __doc__ = keras.layers.GRUCell.__doc__


class LSTM(SerializableActivationMixin, keras.layers.LSTM, package=PACKAGE):
    __doc__ = keras.layers.LSTM.__doc__


class LSTMCell(SerializableActivationMixin, keras.layers.LSTMCell, package=PACKAGE):
    __doc__ = keras.layers.LSTMCell.__doc__


class SeparableConv1D(SerializableActivationMixin, keras.layers.SeparableConv1D, package=PACKAGE):
    __doc__ = keras.layers.SeparableConv1D.__doc__


class SeparableConv2D(SerializableActivationMixin, keras.layers.SeparableConv2D, package=PACKAGE):
    __doc__ = keras.layers.SeparableConv2D.__doc__


class SimpleRNN(SerializableActivationMixin, keras.layers.SimpleRNN, package=PACKAGE):
    __doc__ = keras.layers.SimpleRNN.__doc__


class SimpleRNNCell(SerializableActivationMixin, keras.layers.SimpleRNNCell, package=PACKAGE):
    __doc__ = keras.layers.SimpleRNNCell.__doc__
