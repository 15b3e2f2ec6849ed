"""The formulas of Keras's activation functions in NumPy, one for each function. Keras-free.

Source:
    ``keras.ops`` and ``keras.activations`` of Keras 3.15.1; the tests compare each formula with the function.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np

__all__ = ["FORMULAS", "NOT_OF_ONE_VALUE", "Array", "Formula", "prelu"]

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

Formula: TypeAlias = Callable[..., Array]
"""A function of an array, and of the keywords of the function in Keras."""

_SELU_ALPHA: Final = 1.6732632423543772
_SELU_SCALE: Final = 1.0507009873554805
_erf: Final = np.vectorize(math.erf, otypes=[np.float64])


def prelu(x: Array, alpha: float) -> Array:
    """Return what ``keras.layers.PReLU`` computes with one of its weights."""
    return np.where(x >= 0, x, alpha * x)


def _relu(x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Array:
    positive = np.where(x > threshold, x, 0.0)
    if max_value is not None:
        positive = np.clip(positive, 0.0, max_value)
    return positive - negative_slope * np.maximum(threshold - x, 0.0)


def _elu(x: Array, alpha: float = 1.0) -> Array:
    return np.where(x >= 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def _celu(x: Array, alpha: float = 1.0) -> Array:
    return np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0) / alpha)


def _gelu(x: Array, approximate: bool = True) -> Array:
    if approximate:
        return 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1.0 + np.asarray(_erf(x / math.sqrt(2.0))))


def _sigmoid(x: Array) -> Array:
    return np.reciprocal(1.0 + np.exp(-x))


def _softplus(x: Array) -> Array:
    return np.asarray(np.logaddexp(x, 0.0))


def _hard_sigmoid(x: Array) -> Array:
    return np.clip(x / 6.0 + 0.5, 0.0, 1.0)


def _leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    return np.where(x >= 0, x, negative_slope * x)


def _hard_shrink(x: Array, threshold: float = 0.5) -> Array:
    return np.where(np.abs(x) > threshold, x, 0.0)


def _soft_shrink(x: Array, threshold: float = 0.5) -> Array:
    return np.where(x > threshold, x - threshold, np.where(x < -threshold, x + threshold, 0.0))


def _sparse_plus(x: Array) -> Array:
    return np.where(x <= -1, 0.0, np.where(x < 1, 0.25 * (x + 1) ** 2, x))


def _squareplus(x: Array, b: float = 4.0) -> Array:
    return 0.5 * (x + np.sqrt(x**2 + b))


def _threshold(x: Array, threshold: float, default_value: float) -> Array:
    return np.where(x > threshold, x, default_value)


FORMULAS: Final[Mapping[str, Formula]] = MappingProxyType(
    {
        "abs": np.abs,
        "arcsinh": np.arcsinh,
        "arctan": np.arctan,
        "celu": _celu,
        "cos": np.cos,
        "cosh": np.cosh,
        "elu": _elu,
        "erf": _erf,
        "exp": np.exp,
        "expm1": np.expm1,
        "exponential": np.exp,
        "gelu": _gelu,
        "hard_shrink": _hard_shrink,
        "hard_sigmoid": _hard_sigmoid,
        "hard_silu": lambda x: x * _hard_sigmoid(x),
        "hard_tanh": lambda x: np.clip(x, -1.0, 1.0),
        "leaky_relu": _leaky_relu,
        "linear": np.array,
        "log1mexp": lambda x: np.log(-np.expm1(-x)),
        "log1p": np.log1p,
        "log_sigmoid": lambda x: -_softplus(-x),
        "mish": lambda x: x * np.tanh(_softplus(x)),
        "negative": np.negative,
        "relu": _relu,
        "relu6": lambda x: np.clip(x, 0.0, 6.0),
        "selu": lambda x: _SELU_SCALE * _elu(x, _SELU_ALPHA),
        "sigmoid": _sigmoid,
        "sign": np.sign,
        "silu": lambda x: x * _sigmoid(x),
        "sin": np.sin,
        "sinh": np.sinh,
        "soft_shrink": _soft_shrink,
        "softplus": _softplus,
        "softsign": lambda x: x / (1.0 + np.abs(x)),
        "sparse_plus": _sparse_plus,
        "sparse_sigmoid": lambda x: np.clip(0.5 * (x + 1.0), 0.0, 1.0),
        "sqrt": np.sqrt,
        "square": np.square,
        "squareplus": _squareplus,
        "tan": np.tan,
        "tanh": np.tanh,
        "tanh_shrink": lambda x: x - np.tanh(x),
        "threshold": _threshold,
    }
)
"""The formulas by the name of the function in Keras; ``log1mexp`` is a function of JAX that has no equal there."""

_SEVERAL: Final = "each of its outputs depends on several inputs"

NOT_OF_ONE_VALUE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("glu", "log_softmax", "softmax", "sparsemax"), _SEVERAL),
        **dict.fromkeys(("crelu", "softmin", "standardize"), _SEVERAL),
        "gumbel_softmax": "its outputs are random",
        "rrelu": "its outputs are random in training",
    }
)
"""Why a function has no curve, by its name: those of Keras, then those of the backends that have no equal in Keras."""
