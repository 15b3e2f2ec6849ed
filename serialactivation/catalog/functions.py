"""Which activation functions exist, their keywords, and what equals what. Keras-free data.

Each :class:`Function` is one public function of one library. Two functions compute the same, to the bit, when they lead
to the same :class:`Operation` with the same keywords; the tests prove every row numerically, on the backend that the
library belongs to.

``keras.activations.softmax`` and ``keras.activations.sigmoid`` lead to no operation: besides their result they leave
the logits on the tensor, and losses make use of them: ``keras.ops.softmax`` does not stand for them in training.

Source:
    Signatures of Keras 3.15.1, JAX 0.10, PyTorch 2.13 and TensorFlow 2.21.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.typing import JSON

__all__ = [
    "ALIASES",
    "LIBRARIES",
    "REQUIRED",
    "Function",
    "Operation",
    "find_activation",
    "find_activation_operation",
    "find_name",
    "find_operation",
]

REQUIRED: Final = "<required>"
"""Stands in :attr:`Function.defaults` for a keyword that has none."""

Keywords = Mapping[str, JSON]

_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})


class Operation(NamedTuple):
    """A ``keras.Operation`` class: the form in which stock Keras stores an activation with its keywords."""

    module: str
    class_name: str


class Function(NamedTuple):
    """One activation function of one library.

    Attributes:
        library: Where it is public: ``keras.activations``, ``keras.ops``, ``jax.nn``, ``torch.nn.functional``,
            ``tf.nn``.
        name: Its name there.
        defaults: Its keywords and their defaults.
        operation: The operation that computes the same, or None where there is none.
        renamed: Where a keyword has another name in the operation: its name there.
        revalued: Where a keyword's values mean something else in the operation: the value there, by the value here.
        dropped: Keywords that the operation does not have and that must hold their default.
        since: The first Keras that has it, for a function of Keras that 3.6 lacks.
        absent: Where None stands for a value: that value, by keyword.
        exact: Whether the operation computes the same to the bit, in every dtype. Where it does not, the function is
            stored by its name, and the operation stands for it on other backends only.
        builtin: The built-in name that computes the same, where Keras has no operation that does.
    """

    library: str
    name: str
    defaults: Keywords = _NONE
    operation: Operation | None = None
    renamed: Mapping[str, str] = _NONE
    revalued: Mapping[str, Mapping[JSON, JSON]] = _NONE
    dropped: frozenset[str] = frozenset()
    since: str | None = None
    absent: Keywords = _NONE
    exact: bool = True
    builtin: str | None = None

    @property
    def path(self) -> str:
        """The dotted name to import it by."""
        return f"{self.library}.{self.name}"

    def complete(self, keywords: Keywords) -> dict[str, JSON]:
        """Return *keywords* with the defaults filled in."""
        return {**self.defaults, **keywords}

    def translate(self, keywords: Keywords) -> dict[str, JSON] | None:
        """Return the keywords of the operation that computes the same, or None where none does."""
        complete = self.complete(keywords)
        if self.operation is None or not all(self._translatable(key, value) for key, value in complete.items()):
            return None
        kept = {key: value for key, value in complete.items() if key not in self.dropped}
        return {self.renamed.get(key, key): self._revalue(key, value) for key, value in kept.items()}

    def _translatable(self, key: str, value: JSON) -> bool:
        if key not in self.defaults or value == REQUIRED:
            return False
        if key in self.dropped:
            return value == self.defaults[key]
        return key not in self.revalued or (isinstance(value, str | bool) and value in self.revalued[key])

    def _revalue(self, key: str, value: JSON) -> JSON:
        if value is None and key in self.absent:
            return self.absent[key]
        return self.revalued[key][value] if key in self.revalued else value


_ACTIVATIONS = "keras.src.activations.activations"
_NN = "keras.src.ops.nn"
_NUMPY = "keras.src.ops.numpy"
_MATH = "keras.src.ops.math"

# Operation class, its module and its keywords, by the name of the function in keras.ops.
_OPERATIONS: Final[Mapping[str, tuple[str, str, Keywords]]] = {
    "abs": ("Absolute", _NUMPY, {}),
    "arcsinh": ("Arcsinh", _NUMPY, {}),
    "arctan": ("Arctan", _NUMPY, {}),
    "celu": ("Celu", _NN, {"alpha": 1.0}),
    "cos": ("Cos", _NUMPY, {}),
    "cosh": ("Cosh", _NUMPY, {}),
    "elu": ("Elu", _NN, {"alpha": 1.0}),
    "erf": ("Erf", _MATH, {}),
    "exp": ("Exp", _NUMPY, {}),
    "expm1": ("Expm1", _NUMPY, {}),
    "gelu": ("Gelu", _NN, {"approximate": True}),
    "glu": ("Glu", _NN, {"axis": -1}),
    "hard_shrink": ("HardShrink", _NN, {"threshold": 0.5}),
    "hard_sigmoid": ("HardSigmoid", _NN, {}),
    "hard_silu": ("HardSilu", _NN, {}),
    "hard_tanh": ("HardTanh", _NN, {}),
    "leaky_relu": ("LeakyRelu", _NN, {"negative_slope": 0.2}),
    "log1p": ("Log1p", _NUMPY, {}),
    "log_sigmoid": ("LogSigmoid", _NN, {}),
    "log_softmax": ("LogSoftmax", _NN, {"axis": -1}),
    "negative": ("Negative", _NUMPY, {}),
    "relu": ("Relu", _NN, {}),
    "relu6": ("Relu6", _NN, {}),
    "selu": ("Selu", _NN, {}),
    "sigmoid": ("Sigmoid", _NN, {}),
    "sign": ("Sign", _NUMPY, {}),
    "silu": ("Silu", _NN, {}),
    "sin": ("Sin", _NUMPY, {}),
    "sinh": ("Sinh", _NUMPY, {}),
    "soft_shrink": ("SoftShrink", _NN, {"threshold": 0.5}),
    "softmax": ("Softmax", _NN, {"axis": -1}),
    "softplus": ("Softplus", _NN, {}),
    "softsign": ("Softsign", _NN, {}),
    "sparse_plus": ("SparsePlus", _NN, {}),
    "sparse_sigmoid": ("SparseSigmoid", _NN, {}),
    "sparsemax": ("Sparsemax", _NN, {"axis": -1}),
    "sqrt": ("Sqrt", _NUMPY, {}),
    "square": ("Square", _NUMPY, {}),
    "squareplus": ("Squareplus", _NN, {"b": 4}),
    "tan": ("Tan", _NUMPY, {}),
    "tanh": ("Tanh", _NUMPY, {}),
    "tanh_shrink": ("TanhShrink", _NN, {}),
    "threshold": ("Threshold", _NN, {"threshold": REQUIRED, "default_value": REQUIRED}),
}

# Operations that keras.activations has and keras.ops has not.
_OWN_OPERATIONS: Final[Mapping[str, Operation]] = {"mish": Operation(_ACTIVATIONS, "Mish")}

# What keras.activations adds to, or changes of, the operations above.
_OWN_ACTIVATIONS: Final[Mapping[str, tuple[Operation | None, Keywords]]] = {
    "exponential": (Operation("keras.src.ops.numpy", "Exp"), {}),
    "gelu": (Operation(_NN, "Gelu"), {"approximate": False}),
    "linear": (None, {}),
    "mish": (_OWN_OPERATIONS["mish"], {}),
    "relu": (Operation(_ACTIVATIONS, "ReLU"), {"negative_slope": 0.0, "max_value": None, "threshold": 0.0}),
    "sigmoid": (None, {}),
    "softmax": (None, {"axis": -1}),
}

_SHARED_ACTIVATIONS: Final = [
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
"""Second names of activations, which Keras reads too."""


# The first Keras that has a function, where it is newer than 3.6; found by comparing release by release.
_SINCE: Final[Mapping[str, str]] = {
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
_SINCE_ACTIVATIONS: Final[Mapping[str, str]] = {**_SINCE, "log_sigmoid": "3.7"}


def _operation(name: str) -> Operation:
    if name in _OWN_OPERATIONS:
        return _OWN_OPERATIONS[name]
    class_name, module, _ = _OPERATIONS[name]
    return Operation(module, class_name)


def _keras_ops() -> Iterator[Function]:
    for name, (class_name, module, defaults) in _OPERATIONS.items():
        operation = Operation(module, class_name)
        yield Function(library="keras.ops", name=name, defaults=defaults, operation=operation, since=_SINCE.get(name))


def _keras_activations() -> Iterator[Function]:
    for name in _SHARED_ACTIVATIONS:
        yield Function(
            library="keras.activations",
            name=name,
            defaults=_OPERATIONS[name][2],
            operation=_operation(name),
            since=_SINCE_ACTIVATIONS.get(name),
        )
    for name, (operation, defaults) in _OWN_ACTIVATIONS.items():
        yield Function(library="keras.activations", name=name, defaults=defaults, operation=operation)


def _foreign(
    library: str, table: Mapping[str, str | tuple[str | None, Keywords, Mapping[str, object]]]
) -> Iterator[Function]:
    for name, row in table.items():
        equal, defaults, more = (row, {}, {}) if isinstance(row, str) else row
        yield Function(
            library=library,
            name=name,
            defaults=defaults,
            operation=_operation(equal) if equal else None,
            **more,  # type: ignore[arg-type]  # a row's third part holds the optional attributes by name
        )


_WHERE: Final = {"dropped": frozenset({"where"})}
_DIM: Final = {"renamed": {"dim": "axis"}, "dropped": frozenset({"dtype", "_stacklevel"})}
_INPLACE: Final = {"dropped": frozenset({"inplace"})}
_NAME: Final = {"dropped": frozenset({"name"})}
_NAMED_AXIS: Final = {**_NAME, "absent": {"axis": -1}}

# On a CPU, Keras computes float16 in float32, and PyTorch does not.
_UNLIKE_FLOAT16: Final = {**_DIM, "exact": False}

_JAX: Final[Mapping[str, str | tuple[str | None, Keywords, Mapping[str, object]]]] = {
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

_TORCH: Final[Mapping[str, str | tuple[str | None, Keywords, Mapping[str, object]]]] = {
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
    # One kernel, where Keras composes x * tanh(softplus(x)): they differ in the last bits.
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

_TENSORFLOW: Final[Mapping[str, str | tuple[str | None, Keywords, Mapping[str, object]]]] = {
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


def _by_name(functions: Iterator[Function]) -> Mapping[str, Function]:
    return MappingProxyType({function.name: function for function in functions})


LIBRARIES: Final[Mapping[str, Mapping[str, Function]]] = MappingProxyType(
    {
        "keras.activations": _by_name(_keras_activations()),
        "keras.ops": _by_name(_keras_ops()),
        "jax.nn": _by_name(_foreign("jax.nn", _JAX)),
        "torch.nn.functional": _by_name(_foreign("torch.nn.functional", _TORCH)),
        "tf.nn": _by_name(_foreign("tf.nn", _TENSORFLOW)),
    }
)
"""The closed list: every function that a file may name, by library and name."""

_PLAIN_RELU: Final = Operation(_NN, "Relu")

_NAMED: Final[Mapping[Operation, Function]] = MappingProxyType(
    {
        **{
            function.operation: function
            for function in LIBRARIES["keras.activations"].values()
            if function.operation is not None
        },
    }
)
_OPERATION_FUNCTIONS: Final[Mapping[Operation, Function]] = MappingProxyType(
    {
        **_NAMED,
        **{function.operation: function for function in LIBRARIES["keras.ops"].values() if function.operation},
    }
)


def find_activation(name: str) -> Function | None:
    """Return the activation of Keras that is called *name*, second names included, or None."""
    return LIBRARIES["keras.activations"].get(ALIASES.get(name, name))


_ACTIVATION_OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = MappingProxyType(
    {(operation.module, operation.class_name): operation for operation in _OPERATION_FUNCTIONS}
)


def find_operation(operation: Operation) -> Function | None:
    """Return the public Keras function that *operation* stands for, or None for one that is not an activation's."""
    return _OPERATION_FUNCTIONS.get(operation)


def find_activation_operation(module: str, class_name: str) -> Operation | None:
    """Return the operation of an activation by its module and class, or None."""
    return _ACTIVATION_OPERATIONS.get((module, class_name))


def find_name(operation: Operation, keywords: Keywords) -> str | None:
    """Return the built-in name that computes the same as *operation* with *keywords* (all of them), or None."""
    if operation == _PLAIN_RELU:
        return "relu"
    function = _NAMED.get(operation)
    if function is not None and dict(function.defaults) == dict(keywords):
        return function.name
    return None
