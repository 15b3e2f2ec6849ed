"""The tables of the catalog of functions for each library: names, keywords with defaults, and equal functions.

Source:
    Signatures of Keras 3.15.1, JAX 0.10, PyTorch 2.13 and TensorFlow 2.21.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from serialactivation.typing import JSON

__all__ = [
    "ALIASES",
    "JAX",
    "NN",
    "OPERATIONS",
    "OWN_ACTIVATIONS",
    "OWN_OPERATIONS",
    "REQUIRED",
    "SHARED_ACTIVATIONS",
    "SINCE",
    "SINCE_ACTIVATIONS",
    "TENSORFLOW",
    "TORCH",
    "Keywords",
    "Operation",
    "Table",
]

REQUIRED: Final = "<required>"
"""Stands in :attr:`Function.defaults` for a keyword without a default."""

Keywords: TypeAlias = Mapping[str, JSON]
"""Keywords and their values."""

Table: TypeAlias = Mapping[str, str | tuple[str | None, Keywords, Mapping[str, object]]]
"""The functions of a library that is not Keras's, each as what equals it in ``keras.ops``, if anything does; its
keywords; and by name what else there is to say of it."""


class Operation(NamedTuple):
    """A ``keras.Operation`` class: the form in which stock Keras stores an activation with its keywords."""

    module: str
    class_name: str


_ACTIVATIONS: Final = "keras.src.activations.activations"
NN: Final = "keras.src.ops.nn"
_NUMPY: Final = "keras.src.ops.numpy"
_MATH: Final = "keras.src.ops.math"

# Operation class, its module and its keywords, by the name of the function in keras.ops.
OPERATIONS: Final[Mapping[str, tuple[str, str, Keywords]]] = {
    "abs": ("Absolute", _NUMPY, {}),
    "arcsinh": ("Arcsinh", _NUMPY, {}),
    "arctan": ("Arctan", _NUMPY, {}),
    "celu": ("Celu", NN, {"alpha": 1.0}),
    "cos": ("Cos", _NUMPY, {}),
    "cosh": ("Cosh", _NUMPY, {}),
    "elu": ("Elu", NN, {"alpha": 1.0}),
    "erf": ("Erf", _MATH, {}),
    "exp": ("Exp", _NUMPY, {}),
    "expm1": ("Expm1", _NUMPY, {}),
    "gelu": ("Gelu", NN, {"approximate": True}),
    "glu": ("Glu", NN, {"axis": -1}),
    "hard_shrink": ("HardShrink", NN, {"threshold": 0.5}),
    "hard_sigmoid": ("HardSigmoid", NN, {}),
    "hard_silu": ("HardSilu", NN, {}),
    "hard_tanh": ("HardTanh", NN, {}),
    "leaky_relu": ("LeakyRelu", NN, {"negative_slope": 0.2}),
    "log1p": ("Log1p", _NUMPY, {}),
    "log_sigmoid": ("LogSigmoid", NN, {}),
    "log_softmax": ("LogSoftmax", NN, {"axis": -1}),
    "negative": ("Negative", _NUMPY, {}),
    "relu": ("Relu", NN, {}),
    "relu6": ("Relu6", NN, {}),
    "selu": ("Selu", NN, {}),
    "sigmoid": ("Sigmoid", NN, {}),
    "sign": ("Sign", _NUMPY, {}),
    "silu": ("Silu", NN, {}),
    "sin": ("Sin", _NUMPY, {}),
    "sinh": ("Sinh", _NUMPY, {}),
    "soft_shrink": ("SoftShrink", NN, {"threshold": 0.5}),
    "softmax": ("Softmax", NN, {"axis": -1}),
    "softplus": ("Softplus", NN, {}),
    "softsign": ("Softsign", NN, {}),
    "sparse_plus": ("SparsePlus", NN, {}),
    "sparse_sigmoid": ("SparseSigmoid", NN, {}),
    "sparsemax": ("Sparsemax", NN, {"axis": -1}),
    "sqrt": ("Sqrt", _NUMPY, {}),
    "square": ("Square", _NUMPY, {}),
    "squareplus": ("Squareplus", NN, {"b": 4}),
    "tan": ("Tan", _NUMPY, {}),
    "tanh": ("Tanh", _NUMPY, {}),
    "tanh_shrink": ("TanhShrink", NN, {}),
    "threshold": ("Threshold", NN, {"threshold": REQUIRED, "default_value": REQUIRED}),
}

# Operations that keras.activations has, but keras.ops does not have.
OWN_OPERATIONS: Final[Mapping[str, Operation]] = {"mish": Operation(_ACTIVATIONS, "Mish")}

# The additions and changes of keras.activations to the operations above.
OWN_ACTIVATIONS: Final[Mapping[str, tuple[Operation | None, Keywords]]] = {
    "exponential": (Operation("keras.src.ops.numpy", "Exp"), {}),
    "gelu": (Operation(NN, "Gelu"), {"approximate": False}),
    "linear": (None, {}),
    "mish": (OWN_OPERATIONS["mish"], {}),
    "relu": (Operation(_ACTIVATIONS, "ReLU"), {"negative_slope": 0.0, "max_value": None, "threshold": 0.0}),
    "sigmoid": (None, {}),
    "softmax": (None, {"axis": -1}),
}

SHARED_ACTIVATIONS: Final = [
    "celu",
    "elu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "relu6",
    "selu",
    "silu",
    "soft_shrink",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "tanh",
    "tanh_shrink",
    "threshold",
]

ALIASES: Final[Mapping[str, str]] = MappingProxyType({"hard_swish": "hard_silu", "swish": "silu"})
"""Second names of activations, which Keras also reads."""

# The first Keras release that has a function, if newer than 3.6; found by comparing the releases.
SINCE: Final[Mapping[str, str]] = {
    "celu": "3.7",
    "glu": "3.7",
    "hard_shrink": "3.7",
    "hard_tanh": "3.7",
    "soft_shrink": "3.7",
    "sparse_plus": "3.8",
    "sparse_sigmoid": "3.10",
    "sparsemax": "3.8",
    "squareplus": "3.7",
    "tanh_shrink": "3.7",
    "threshold": "3.8",
}
SINCE_ACTIVATIONS: Final[Mapping[str, str]] = {**SINCE, "log_sigmoid": "3.7"}

_WHERE: Final = {"dropped": frozenset({"where"})}
_DIM: Final = {"renamed": {"dim": "axis"}, "dropped": frozenset({"dtype", "_stacklevel"})}
_INPLACE: Final = {"dropped": frozenset({"inplace"})}
_NAME: Final = {"dropped": frozenset({"name"})}
_NAMED_AXIS: Final = {**_NAME, "absent": {"axis": -1}}


# On a CPU, Keras computes float16 in float32, but PyTorch does not.
_UNLIKE_FLOAT16: Final = {**_DIM, "exact": False}

JAX: Final[Table] = {
    "celu": ("celu", {"alpha": 1.0}, {}),
    "elu": ("elu", {"alpha": 1.0}, {}),
    "gelu": ("gelu", {"approximate": True}, {}),
    "glu": ("glu", {"axis": -1}, {}),
    "hard_sigmoid": "hard_sigmoid",
    "hard_silu": "hard_silu",
    "hard_swish": "hard_silu",
    "hard_tanh": "hard_tanh",
    "identity": (None, {}, {"builtin": "linear"}),
    "leaky_relu": ("leaky_relu", {"negative_slope": 0.01}, {}),
    "log1mexp": (None, {}, {}),
    "log_sigmoid": "log_sigmoid",
    "log_softmax": ("log_softmax", {"axis": -1, "where": None}, _WHERE),
    "mish": "mish",
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "soft_sign": "softsign",
    "softmax": ("softmax", {"axis": -1, "where": None}, _WHERE),
    "softplus": "softplus",
    "sparse_plus": "sparse_plus",
    "sparse_sigmoid": "sparse_sigmoid",
    "squareplus": ("squareplus", {"b": 4}, {}),
    "standardize": (None, {"axis": -1, "epsilon": 1e-05}, {}),
    "swish": "silu",
    "tanh": "tanh",
}

TORCH: Final[Table] = {
    "celu": ("celu", {"alpha": 1.0, "inplace": False}, _INPLACE),
    "elu": ("elu", {"alpha": 1.0, "inplace": False}, _INPLACE),
    "gelu": ("gelu", {"approximate": "none"}, {"revalued": {"approximate": {"none": False, "tanh": True}}}),
    "glu": ("glu", {"dim": -1}, {"renamed": {"dim": "axis"}}),
    "hardshrink": ("hard_shrink", {"lambd": 0.5}, {"renamed": {"lambd": "threshold"}}),
    "hardsigmoid": ("hard_sigmoid", {"inplace": False}, _INPLACE),
    "hardswish": ("hard_silu", {"inplace": False}, _INPLACE),
    "hardtanh": (
        "hard_tanh",
        {"min_val": -1.0, "max_val": 1.0, "inplace": False},
        {"dropped": frozenset({"min_val", "max_val", "inplace"})},
    ),
    "gumbel_softmax": (None, {"tau": 1, "hard": False, "eps": 1e-10, "dim": -1}, {}),
    "leaky_relu": ("leaky_relu", {"negative_slope": 0.01, "inplace": False}, _INPLACE),
    "log_softmax": ("log_softmax", {"dim": REQUIRED, "_stacklevel": 3, "dtype": None}, _UNLIKE_FLOAT16),
    "logsigmoid": "log_sigmoid",
    # A single kernel; Keras computes x * tanh(softplus(x)), which differs in the last bits.
    "mish": ("mish", {"inplace": False}, {**_INPLACE, "exact": False}),
    "relu": ("relu", {"inplace": False}, _INPLACE),
    "relu6": ("relu6", {"inplace": False}, _INPLACE),
    "rrelu": (None, {"lower": 1 / 8, "upper": 1 / 3, "training": False, "inplace": False}, {}),
    "selu": ("selu", {"inplace": False}, _INPLACE),
    "sigmoid": "sigmoid",
    "silu": ("silu", {"inplace": False}, _INPLACE),
    "softmax": ("softmax", {"dim": REQUIRED, "_stacklevel": 3, "dtype": None}, _UNLIKE_FLOAT16),
    "softmin": (None, {"dim": REQUIRED, "_stacklevel": 3, "dtype": None}, {}),
    "softplus": (
        "softplus",
        {"beta": 1, "threshold": 20},
        {"dropped": frozenset({"beta", "threshold"})},
    ),
    "softshrink": ("soft_shrink", {"lambd": 0.5}, {"renamed": {"lambd": "threshold"}}),
    "softsign": "softsign",
    "tanh": "tanh",
    "tanhshrink": "tanh_shrink",
    "threshold": (
        "threshold",
        {"threshold": REQUIRED, "value": REQUIRED, "inplace": False},
        {**_INPLACE, "renamed": {"value": "default_value"}},
    ),
}

TENSORFLOW: Final[Table] = {
    "crelu": (None, {"axis": -1, "name": None}, {}),
    "elu": ("elu", {"name": None}, _NAME),
    "gelu": ("gelu", {"approximate": False, "name": None}, _NAME),
    "leaky_relu": ("leaky_relu", {"alpha": 0.2, "name": None}, {**_NAME, "renamed": {"alpha": "negative_slope"}}),
    "log_softmax": ("log_softmax", {"axis": None, "name": None}, _NAMED_AXIS),
    "relu": ("relu", {"name": None}, _NAME),
    "relu6": ("relu6", {"name": None}, _NAME),
    "selu": ("selu", {"name": None}, _NAME),
    "sigmoid": ("sigmoid", {"name": None}, _NAME),
    "silu": ("silu", {"beta": 1.0}, {"dropped": frozenset({"beta"})}),
    "softmax": ("softmax", {"axis": None, "name": None}, _NAMED_AXIS),
    "softplus": ("softplus", {"name": None}, _NAME),
    "softsign": ("softsign", {"name": None}, _NAME),
    "swish": ("silu", {"beta": 1.0}, {"dropped": frozenset({"beta"})}),
    "tanh": ("tanh", {"name": None}, _NAME),
}
