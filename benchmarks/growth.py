"""How construction, saving and loading grow: with the layers of a model, and with the shared activations in it."""

import math
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence

import keras
import numpy as np

import serialactivation as sa
from benchmarks.counting import count_calls
from benchmarks.models import make_mlp
from benchmarks.rows import Row, print_rows

LAYERS = (10, 30, 100, 300, 900)
SHARED = (5, 15, 50, 150)
FLAT = 5_000


def make_shared(number: int) -> keras.Model:
    """Return an MLP in which each of *number* activations serves two layers."""
    outputs = inputs = keras.Input((8,))
    for _ in range(number):
        activation = keras.layers.PReLU()
        for _ in range(2):
            outputs = sa.layers.Dense(8, activation=activation)(outputs)
    return keras.Model(inputs, outputs)


def make_flat(layers: int, per_block: int) -> keras.Model:
    """Return a Sequential of Sequentials with so many *layers* in all."""
    blocks = [
        keras.Sequential([sa.layers.Dense(4, activation=keras.layers.LeakyReLU()) for _ in range(per_block)])
        for _ in range(layers // per_block)
    ]
    return keras.Sequential([keras.Input((4,)), *blocks])


def count_flat(model: keras.Model) -> int:
    """Return the number of layers in the blocks of *model*."""
    return sum(len(block.layers) for block in model.layers)


def fit(sizes: Sequence[int], counts: Sequence[int]) -> float:
    """Return the exponent of the power of *sizes* that *counts* follow, by least squares on the logarithms."""
    slope, _ = np.polyfit([math.log(size) for size in sizes], [math.log(count) for count in counts], 1)
    return float(slope)


def count_all(make: Callable[[int], keras.Model], sizes: Sequence[int]) -> dict[str, list[int]]:
    """Return the calls of each step for each size."""
    counts: dict[str, list[int]] = {"construction": [], "saving": [], "loading": []}
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "model.keras")
        for size in sizes:
            model = make(size)
            counts["construction"].append(count_calls(lambda size=size: make(size)))  # type: ignore[misc]
            counts["saving"].append(count_calls(lambda model=model: sa.save_model(model, path)))  # type: ignore[misc]
            counts["loading"].append(count_calls(lambda: sa.load_model(path)))
    return counts


def measure() -> Iterator[Row]:
    """Yield the exponents, stock Keras's beside ours where stock Keras can do it."""
    stock = count_all(lambda size: make_mlp(keras.layers, size), LAYERS)
    ours = count_all(lambda size: make_mlp(sa.layers, size), LAYERS)
    for step in ours:
        what = f"{step}, {LAYERS[0]} to {LAYERS[-1]} layers"
        a, b = fit(LAYERS, stock[step]), fit(LAYERS, ours[step])
        yield Row(what, f"n^{a:.2f}", f"n^{b:.2f}", f"{ours[step][-1] / stock[step][-1]:.2f} at the end", "n^1")
    for step, counts in count_all(make_shared, SHARED).items():
        what = f"{step}, {SHARED[0]} to {SHARED[-1]} shared activations"
        yield Row(what, "cannot", f"n^{fit(SHARED, counts):.2f}", "", "n^1")
    yield _measure_flat()


def _measure_flat() -> Row:
    """Return whether a model of 5,000 layers, in a Sequential of Sequentials, goes there and back."""
    model = make_flat(FLAT, 50)
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "model.keras")
        sa.save_model(model, path)
        layers = count_flat(sa.load_model(path))
    what = f"{FLAT} layers in blocks of 50, saved and loaded, recursion limit {sys.getrecursionlimit()}"
    return Row(what, "", f"{layers} layers", "comes back" if layers == FLAT else "LOST", "comes back")


if __name__ == "__main__":
    print_rows(measure())
