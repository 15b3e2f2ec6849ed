"""The call: the traced graphs, and the time of an eager and of a compiled one, on the running backend."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

import serialactivation as sa
from benchmarks.counting import count_calls
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows

BACKEND = keras.config.backend()
SHAPES: dict[str, tuple[dict[str, object], tuple[int, ...]]] = {
    "Dense": ({"units": 64}, (64, 64)),
    "Conv2D": ({"filters": 16, "kernel_size": 3}, (4, 32, 32, 8)),
    "LSTM": ({"units": 32}, (8, 16, 32)),
}
VALUES: dict[str, Callable[[], object]] = {
    "a name": lambda: "relu",
    "a function": lambda: keras.activations.silu,
    "a layer": keras.layers.LeakyReLU,
}


def make_pair(name: str, make: Callable[[], object]) -> tuple[keras.Layer, keras.Layer, Any]:
    """Return stock Keras's layer and ours, with the same weights, and an input."""
    arguments, shape = SHAPES[name]
    inputs = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=shape).astype("float32"))
    stock, ours = (getattr(library, name)(**arguments, activation=make()) for library in (keras.layers, sa.layers))
    stock(inputs)
    ours(inputs)
    for layer in (stock, ours):  # both: JAX takes another way to values that were put where they are
        layer.set_weights(stock.get_weights())
    return stock, ours, inputs


def make_call(layer: keras.Layer) -> Callable[[Any, Any, Any], Any]:
    """Return a call of *layer* as a function of its variables."""
    return lambda trained, others, inputs: layer.stateless_call(trained, others, inputs)[0]


def list_values(layer: keras.Layer) -> tuple[list[Any], list[Any]]:
    """Return the values of the variables of *layer*: those that are trained, and the others."""
    trained = [variable.value for variable in layer.trainable_variables]
    return trained, [variable.value for variable in layer.non_trainable_variables]


def trace(layer: keras.Layer, inputs: Any) -> tuple[str, str]:
    """Return the jaxpr and the StableHLO of a layer's call on JAX."""
    import jax

    arguments = (*list_values(layer), inputs)
    call = make_call(layer)
    return str(jax.make_jaxpr(call)(*arguments)), jax.jit(call).lower(*arguments).as_text()


def compile_call(layer: keras.Layer, inputs: Any) -> Callable[[], object]:
    """Return a compiled call of *layer* on JAX."""
    import jax

    arguments = (*list_values(layer), inputs)
    compiled = jax.jit(make_call(layer))
    return lambda: compiled(*arguments).block_until_ready()


def measure() -> Iterator[Row]:
    """Yield a row for each layer and value."""
    for name in SHAPES:
        for label, make in VALUES.items():
            stock, ours, inputs = make_pair(name, make)
            what = f"{BACKEND}: `{name}` with {label}"
            if BACKEND == "jax":
                equal = [a == b for a, b in zip(trace(stock, inputs), trace(ours, inputs), strict=True)]
                yield Row(f"{what}, jaxpr and StableHLO", "", "", "equal" if all(equal) else "DIFFERENT", "equal")
            counts = count_calls(lambda: stock(inputs)), count_calls(lambda: ours(inputs))  # noqa: B023  # called at once
            calls = (f"{count} calls" for count in counts)
            yield Row(f"{what}, eager", *calls, f"{counts[1] / counts[0]:.3f}", "1.02")
            yield _time_row(f"{what}, eager", lambda: stock(inputs), lambda: ours(inputs), "1.02")  # noqa: B023  # called at once
            if BACKEND == "jax":
                yield _time_row(f"{what}, jitted", compile_call(stock, inputs), compile_call(ours, inputs), "1.00")


def _time_row(what: str, stock: Callable[[], object], ours: Callable[[], object], asked: str) -> Row:
    pair = time_pair(stock, ours, rounds=21)
    return Row(what, f"{pair.stock * 1e6:.0f} µs", f"{pair.ours * 1e6:.0f} µs", str(pair), asked)


if __name__ == "__main__":
    print_rows(measure())
