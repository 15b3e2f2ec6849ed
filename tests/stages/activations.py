"""The activations that go through every stage, and the models that hold them."""

import functools
from collections.abc import Callable, Iterable
from typing import Final

import attrs
import keras
import numpy as np

import serialactivation as sa
from serialactivation.testing.numbers import randomize

WIDTH: Final = 4
LENGTH: Final = 2
X: Final = np.linspace(-2, 2, 3 * LENGTH * WIDTH, dtype="float32").reshape(3, LENGTH, WIDTH)
Y: Final = np.cos(X)
LIBRARIES: Final = {"stock": keras.layers, "ours": sa.layers}


@keras.saving.register_keras_serializable(package="stages")
def bent(x):
    return x + 0.3 * keras.ops.sqrt(x * x + 1.0)


def _one(make: Callable[[], object]) -> Callable[[], list[object]]:
    return lambda: [make()]


def _prelu() -> keras.Layer:
    return keras.layers.PReLU(alpha_initializer="ones")


ACTIVATIONS: Final[dict[str, Callable[[], list[object]]]] = {
    "'relu'": _one(lambda: "relu"),
    "keras.ops.gelu": _one(lambda: keras.ops.gelu),
    "partial(leaky_relu)": _one(lambda: functools.partial(keras.activations.leaky_relu, negative_slope=0.4)),
    "a registered function": _one(lambda: bent),
    "LeakyReLU()": _one(lambda: keras.layers.LeakyReLU(negative_slope=0.4)),
    "PReLU()": _one(_prelu),
    "one PReLU() in two layers": lambda: [_prelu()] * 2,
    "Sequential([PReLU(), ELU()])": _one(lambda: keras.Sequential([_prelu(), keras.layers.ELU()])),
}
"""What makes the activations of a chain of layers."""


@attrs.frozen
class Chain:
    """The layers between the model's input and one of its outputs, with what each was given."""

    layers: list[keras.Layer]
    given: list[object]

    def compute(self, inputs: np.ndarray) -> np.ndarray:
        """Return what the chain must compute as long as its kernels are floats: what was given, called by hand."""
        tensor = keras.ops.convert_to_tensor(inputs)
        for layer, activation in zip(self.layers, self.given, strict=True):
            kernel, bias = layer.get_weights()[:2]
            linear = keras.ops.add(keras.ops.matmul(tensor, kernel), bias)
            tensor = keras.activations.get(activation)(linear)
        return to_numpy(tensor)

    def activate(self, inputs: np.ndarray) -> np.ndarray:
        """Return what the activation that was given makes of *inputs*."""
        return to_numpy(keras.activations.get(self.given[0])(keras.ops.convert_to_tensor(inputs)))


def to_numpy(tensor: object) -> np.ndarray:
    return keras.ops.convert_to_numpy(tensor)


def layer_name(id_: str, number: int) -> str:
    return f"own_{list(ACTIVATIONS).index(id_)}_{number}"


def make_model(library: str, ids: Iterable[str]) -> tuple[keras.Model, dict[str, Chain]]:
    """Return a model with an output for each of the activations, and the chains that lead to them."""
    inputs = keras.Input((LENGTH, WIDTH))
    outputs, chains = [], {}
    for id_ in ids:
        chains[id_] = Chain([], ACTIVATIONS[id_]())
        tensor = inputs
        for number, activation in enumerate(chains[id_].given):
            layer = LIBRARIES[library].Dense(WIDTH, activation=activation, name=layer_name(id_, number))
            chains[id_].layers.append(layer)
            tensor = layer(tensor)
        outputs.append(tensor)
    model = keras.Model(inputs, outputs)
    model(X)  # stock Keras builds an activation with weights in the first call
    randomize(model, np.random.default_rng(3))
    return model, chains
