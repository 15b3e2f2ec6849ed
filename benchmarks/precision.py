"""Casts in a mixed-precision MLP whose layers have a policy of their own: a layer as activation against a name."""

from collections.abc import Iterator
from typing import Any

import jax
import keras
import numpy as np

import serialactivation as sa
from benchmarks.counting import count_operations
from benchmarks.rows import Row, print_rows

DEPTH, WIDTH = 20, 32
CAST = "convert_element_type"
POLICY = "mixed_bfloat16"


def make_model(library: Any, activation: Any) -> keras.Model:
    """Return an MLP; *activation* makes that of each layer."""
    outputs = inputs = keras.Input((WIDTH,))
    for _ in range(DEPTH):
        outputs = library.Dense(WIDTH, activation=activation(), dtype=POLICY)(outputs)
    return keras.Model(inputs, outputs)


def count_casts(model: keras.Model) -> tuple[int, int, int]:
    """Return the casts of the forward pass and of its gradient, and the bytes of one layer's output for one row."""
    weights = [variable.value for variable in model.trainable_variables]
    rows = np.ones((1, WIDTH), "float32")

    def call(weights: Any, rows: Any) -> Any:
        return model.stateless_call(weights, [], rows)[0]

    def loss(weights: Any, rows: Any) -> Any:
        return call(weights, rows).astype("float32").sum()

    forward = count_operations(jax.make_jaxpr(call)(weights, rows))[CAST]
    gradient = count_operations(jax.make_jaxpr(jax.grad(loss))(weights, rows))[CAST]
    return forward, gradient, model.layers[1](rows).nbytes


def measure() -> Iterator[Row]:
    """Yield the casts of stock Keras and ours, with a layer each, against the string."""
    name = count_casts(make_model(keras.layers, lambda: "leaky_relu"))
    stock = count_casts(make_model(keras.layers, keras.layers.LeakyReLU))
    ours = count_casts(make_model(sa.layers, keras.layers.LeakyReLU))
    labels = ("casts forward", "casts in the gradient", "bytes of a layer's output")
    for label, by_name, a, b in zip(labels, name, stock, ours, strict=True):
        yield Row(f"{DEPTH} layers, {label} (by name: {by_name})", str(a), str(b), f"{b / a:.2f}", f"{by_name}")


if __name__ == "__main__":
    print_rows(measure())
