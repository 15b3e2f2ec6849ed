"""What ``check_model`` takes, against one save and one load of the same model with Keras's own functions."""

import pathlib
import tempfile
from collections.abc import Iterator
from typing import Any, Final

import keras
import numpy as np

import serialactivation as sa
from benchmarks.models import make_convnet, make_mlp
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from benchmarks.values import VALUES

ASKED: Final = "at most 1.5"


def make_wide(library: Any) -> keras.Model:
    """Return a model of few layers, and 34 million weights."""
    layers = [library.Dense(2048, activation="gelu") for _ in range(8)]
    return keras.Sequential([keras.Input((2048,)), *layers])


MODELS: Final = {
    "an MLP of 100 `LeakyReLU`": lambda library: make_mlp(library, 100),
    "a ConvNet of 50 layers": lambda library: make_convnet(library, 50, VALUES["a name"]),
    "a model of 34 million weights": make_wide,
}


def measure() -> Iterator[Row]:
    """Yield a row for each model, of Keras's layers and of this package's; each is compiled and has been called."""
    for name, make in MODELS.items():
        for title, library in (("stock", keras.layers), ("ours", sa.layers)):
            model = make(library)
            model.compile("adam", "mse")
            model(np.zeros((2, *model.inputs[0].shape[1:]), "float32"))
            pair = time_pair(
                lambda model=model: _save_and_load(model),
                lambda model=model: sa.check_model(model).raise_if_lost(),
                rounds=7,
            )
            stock, ours = f"{pair.stock * 1e3:.0f} ms", f"{pair.ours * 1e3:.0f} ms"
            yield Row(f"`check_model` of {name}, layers: {title}", stock, ours, str(pair), ASKED)


def _save_and_load(model: keras.Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.keras")
        model.save(path)
        keras.models.load_model(path)


if __name__ == "__main__":
    print_rows(measure())
