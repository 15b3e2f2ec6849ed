"""Keras's layers that take an activation, in versions that keep it: same names, signatures and docstrings."""

from collections.abc import MutableMapping

import keras

from serialactivation import errors
from serialactivation.catalog.marks import PACKAGE
from serialactivation.codec.checks.refusals import ANY_ACTIVATION
from serialactivation.keras_api.calibrated import write_calibrated
from serialactivation.mixin import SerializableActivationMixin
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.nested import is_single

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


class _Single:
    """Makes a twin accept only single activations, not lists, dicts or numbers; a subclass may accept others."""

    @classmethod
    def validate_activation(cls, field: ActivationField, activation: object) -> None:
        if cls.__module__ == __name__ and not is_single(activation):
            raise errors.UncallableActivationError(activation, "it is not an activation", ANY_ACTIVATION)
        super().validate_activation(field, activation)  # type: ignore[misc]  # a mixin's super


class _Quantizable:
    """Makes a twin quantizable, and what it became loadable.

    Keras refuses to quantize subclasses, which may override ``call``; a twin has Keras's ``call``.
    """

    def quantize(self, mode: str | None = None, type_check: bool = True, **options: object) -> None:
        """Quantize the weights; see the Keras layer. Subclasses of the twin are refused, as in Keras."""
        is_twin = type(self).__module__ == __name__
        super().quantize(mode, type_check=type_check and not is_twin, **options)  # type: ignore[misc]  # a mixin's super

    def save_own_variables(self, store: MutableMapping[str, object]) -> None:
        """Write the variables, with the zero points that Keras leaves out; see the Keras layer."""
        if not write_calibrated(self, store):
            super().save_own_variables(store)  # type: ignore[misc]  # a mixin's super


class Activation(_Single, SerializableActivationMixin, keras.layers.Activation, package=PACKAGE):
    __doc__ = keras.layers.Activation.__doc__


class Conv1D(_Single, SerializableActivationMixin, keras.layers.Conv1D, package=PACKAGE):
    __doc__ = keras.layers.Conv1D.__doc__


class Conv1DTranspose(_Single, SerializableActivationMixin, keras.layers.Conv1DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv1DTranspose.__doc__


class Conv2D(_Single, SerializableActivationMixin, keras.layers.Conv2D, package=PACKAGE):
    __doc__ = keras.layers.Conv2D.__doc__


class Conv2DTranspose(_Single, SerializableActivationMixin, keras.layers.Conv2DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv2DTranspose.__doc__


class Conv3D(_Single, SerializableActivationMixin, keras.layers.Conv3D, package=PACKAGE):
    __doc__ = keras.layers.Conv3D.__doc__


class Conv3DTranspose(_Single, SerializableActivationMixin, keras.layers.Conv3DTranspose, package=PACKAGE):
    __doc__ = keras.layers.Conv3DTranspose.__doc__


class ConvLSTM1D(_Single, SerializableActivationMixin, keras.layers.ConvLSTM1D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM1D.__doc__


class ConvLSTM2D(_Single, SerializableActivationMixin, keras.layers.ConvLSTM2D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM2D.__doc__


class ConvLSTM3D(_Single, SerializableActivationMixin, keras.layers.ConvLSTM3D, package=PACKAGE):
    __doc__ = keras.layers.ConvLSTM3D.__doc__


class Dense(_Quantizable, _Single, SerializableActivationMixin, keras.layers.Dense, package=PACKAGE):
    __doc__ = keras.layers.Dense.__doc__


class DepthwiseConv1D(_Single, SerializableActivationMixin, keras.layers.DepthwiseConv1D, package=PACKAGE):
    __doc__ = keras.layers.DepthwiseConv1D.__doc__


class DepthwiseConv2D(_Single, SerializableActivationMixin, keras.layers.DepthwiseConv2D, package=PACKAGE):
    __doc__ = keras.layers.DepthwiseConv2D.__doc__


class EinsumDense(_Quantizable, _Single, SerializableActivationMixin, keras.layers.EinsumDense, package=PACKAGE):
    __doc__ = keras.layers.EinsumDense.__doc__


class GRU(_Single, SerializableActivationMixin, keras.layers.GRU, package=PACKAGE):
    __doc__ = keras.layers.GRU.__doc__


class GRUCell(_Single, SerializableActivationMixin, keras.layers.GRUCell, package=PACKAGE):
    __doc__ = keras.layers.GRUCell.__doc__


class LSTM(_Single, SerializableActivationMixin, keras.layers.LSTM, package=PACKAGE):
    __doc__ = keras.layers.LSTM.__doc__


class LSTMCell(_Single, SerializableActivationMixin, keras.layers.LSTMCell, package=PACKAGE):
    __doc__ = keras.layers.LSTMCell.__doc__


class SeparableConv1D(_Single, SerializableActivationMixin, keras.layers.SeparableConv1D, package=PACKAGE):
    __doc__ = keras.layers.SeparableConv1D.__doc__


class SeparableConv2D(_Single, SerializableActivationMixin, keras.layers.SeparableConv2D, package=PACKAGE):
    __doc__ = keras.layers.SeparableConv2D.__doc__


class SimpleRNN(_Single, SerializableActivationMixin, keras.layers.SimpleRNN, package=PACKAGE):
    __doc__ = keras.layers.SimpleRNN.__doc__


class SimpleRNNCell(_Single, SerializableActivationMixin, keras.layers.SimpleRNNCell, package=PACKAGE):
    __doc__ = keras.layers.SimpleRNNCell.__doc__


if hasattr(keras.layers, "TernaryDense"):  # since Keras 3.16
    __all__ += ["TernaryDense"]

    class TernaryDense(_Quantizable, _Single, SerializableActivationMixin, keras.layers.TernaryDense, package=PACKAGE):
        __doc__ = keras.layers.TernaryDense.__doc__
