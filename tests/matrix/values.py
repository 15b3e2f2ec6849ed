"""What may be given as an activation, one case each, and what must be refused."""

import functools
from collections.abc import Callable

import attrs
import keras
import numpy as np

import serialactivation as sa
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.typing import Shape
from tests.helpers.natives import BACKEND, LIBRARY, native


@attrs.frozen
class Value:
    """One value; made afresh for each cell, for the shape of the tensor that it is called with."""

    id: str
    make: Callable[[Shape], object]
    refused: bool = False


@keras.saving.register_keras_serializable(package="matrix")
def bent(x, amount=0.3):
    """A registered function: the identity, bent."""
    return x + amount * keras.ops.sqrt(x * x + 1.0)


@keras.saving.register_keras_serializable(package="matrix")
class Scaled(keras.layers.Layer):
    """A registered layer with weights, one a channel."""

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, inputs):
        return keras.ops.tanh(inputs) * self.scale

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="matrix")
class Cubed:
    """A registered object with ``get_config`` that is no layer."""

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, x):
        return x + self.weight * x**3

    def get_config(self):
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Plain:
    """A callable that tells nothing of itself."""

    def __call__(self, x):
        return keras.ops.tanh(x)

    def method(self, x):
        return keras.ops.tanh(x)


def unregistered(x):
    return keras.ops.tanh(x)


def relu(x):
    """A user's function that happens to be called like a built-in."""
    return keras.ops.leaky_relu(x, negative_slope=0.5)


def make_closure():
    amount = 0.5

    def closure(x):
        return keras.ops.tanh(x) * amount

    return closure


def make_functional(shape):
    inputs = keras.Input(shape[1:])
    hidden = keras.layers.PReLU()(inputs)
    return keras.Model(inputs, keras.layers.Add()([inputs, hidden]))


# Before 3.10, a layer of Keras could not read the layer that it had written as its activation.
OLD = is_newer(OBJECTS_SINCE, keras.__version__)
# Up to 3.15, Keras stores a function by its name alone; since 3.16, it looks for it in its module, if that is Keras's.
BY_NAME = is_newer("3.16", keras.__version__)

NESTING = sa.layers.Activation if OLD else keras.layers.Activation
"""An Activation around a layer that can be read again."""


def _always(value: object) -> Callable[[Shape], object]:
    return lambda _: value


leaky = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)

GELU, LEAKY = ("gelu", "leaky_relu") if OLD else (keras.ops.gelu, leaky)
"""Operations, where a stock layer reads them again."""

# Functions of each backend, and their keywords: only the running one's can be called.
NATIVE = {
    "jax": [("gelu", {}), ("silu", {}), ("mish", {}), ("elu", {"alpha": 0.6})],
    "torch": [
        *((name, {}) for name in ("gelu", "leaky_relu", "hardtanh", "softplus", "mish", "rrelu")),
        ("gelu", {"approximate": "tanh"}),
        ("hardtanh", {"min_val": -0.5}),
        ("softmax", {"dim": 1}),
    ],
    "tensorflow": [
        *((name, {}) for name in ("gelu", "leaky_relu", "silu", "softmax")),
        ("leaky_relu", {"alpha": 0.6}),
        ("silu", {"beta": 1.7}),
    ],
}[BACKEND]

NATIVE_BARE = [Value(f"{LIBRARY}.{name}", _always(native(name))) for name, keywords in NATIVE if not keywords]
NATIVE_PARTIALS = [
    Value(f"partial({LIBRARY}.{name})", _always(functools.partial(native(name), **keywords)))
    for name, keywords in NATIVE
    if keywords
]

ACCEPTED = [
    Value("None", _always(None)),
    Value("'relu'", _always("relu")),
    Value("'gelu'", _always("gelu")),
    Value("'swish'", _always("swish")),
    Value("activations.tanh", _always(keras.activations.tanh)),
    Value("activations.softmax", _always(keras.activations.softmax)),
    Value("ops.gelu", _always(keras.ops.gelu)),
    Value("ops.relu", _always(keras.ops.relu)),
    Value("ops.softmax", _always(keras.ops.softmax)),
    Value("ops.sin", _always(keras.ops.sin)),
    *NATIVE_BARE,
    Value("ReLU()", lambda _: keras.layers.ReLU(max_value=1.5)),
    Value("LeakyReLU()", lambda _: keras.layers.LeakyReLU(negative_slope=0.4)),
    Value("ELU()", lambda _: keras.layers.ELU(alpha=0.7)),
    Value("PReLU()", lambda _: keras.layers.PReLU()),
    Value(
        "PReLU(initializer, regularizer, constraint)",
        lambda _: keras.layers.PReLU("uniform", keras.regularizers.L2(0.1), keras.constraints.MaxNorm(2.0)),
    ),
    Value("Softmax(axis=1)", lambda _: keras.layers.Softmax(axis=1)),
    Value("Activation('tanh')", lambda _: keras.layers.Activation("tanh")),
    Value("Sequential", lambda _: keras.Sequential([keras.layers.PReLU(), keras.layers.Activation("tanh")])),
    Value("Functional", make_functional),
    Value("BatchNormalization()", lambda _: keras.layers.BatchNormalization()),
    Value("Dropout()", lambda _: keras.layers.Dropout(0.5)),
    Value("LayerNormalization()", lambda _: keras.layers.LayerNormalization()),
    Value("registered layer", lambda _: Scaled()),
    Value("registered function", _always(bent)),
    Value("'package>name'", _always("matrix>bent")),
    Value("object with get_config", lambda _: Cubed(0.2)),
    Value("Operation", lambda _: keras.src.ops.nn.Gelu(approximate=True)),
    Value("short config", _always({"class_name": "relu", "config": {}})),
    Value("partial(gelu)", _always(functools.partial(keras.activations.gelu, approximate=True))),
    Value("partial(leaky_relu)", _always(leaky)),
    Value("partial(softmax)", _always(functools.partial(keras.activations.softmax, axis=1))),
    Value(
        "partial of partial",
        _always(functools.partial(functools.partial(keras.activations.relu, negative_slope=0.1), max_value=1.5)),
    ),
    Value("partial(registered function)", _always(functools.partial(bent, amount=0.8))),
    *NATIVE_PARTIALS,
    Value("partial(layer)", lambda _: functools.partial(keras.layers.BatchNormalization(), training=False)),
]

REFUSED = [
    Value("lambda", lambda _: lambda x: keras.ops.tanh(x), refused=True),
    Value("closure", lambda _: make_closure(), refused=True),
    Value("bound method", lambda _: Plain().method, refused=True),
    Value("plain callable", lambda _: Plain(), refused=True),
    Value("NumPy ufunc", _always(np.tanh), refused=True),
    Value("unregistered function", _always(unregistered), refused=True),
    Value("a function called relu", _always(relu), refused=True),
    Value("a class", _always(keras.layers.ReLU), refused=True),
    Value("a mistyped name", _always("reluu"), refused=True),
    Value("Activation(ops.gelu)", lambda _: keras.layers.Activation(keras.ops.gelu), refused=True),
    Value("Lambda()", lambda _: keras.layers.Lambda(lambda x: x), refused=True),
    Value("partial(lambda)", lambda _: functools.partial(lambda x, a: x * a, a=2.0), refused=True),
]

_NESTED = [
    Value(
        "Activation(LeakyReLU())",
        lambda _: keras.layers.Activation(keras.layers.LeakyReLU(negative_slope=0.4)),
        refused=OLD,
    ),
    Value("Activation(PReLU())", lambda _: keras.layers.Activation(keras.layers.PReLU()), refused=OLD),
]
(REFUSED if OLD else ACCEPTED).extend(_NESTED)

VALUES = {value.id: value for value in (*ACCEPTED, *REFUSED)}
