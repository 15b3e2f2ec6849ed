"""Models of large networks, and what is done with a whole one: made, saved, loaded, cloned, written as JSON."""

import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import keras

import serialactivation as sa

__all__ = ["make_convnet", "make_mlp", "make_resnet", "make_steps"]

_MEMORY = pathlib.Path("/dev/shm")  # files there are no disk's, whose turns come as they will


def make_mlp(library: Any, depth: int = 900) -> keras.Model:
    """Return an MLP with a LeakyReLU of its own for each layer."""
    outputs = inputs = keras.Input((8,))
    for _ in range(depth):
        outputs = library.Dense(8, activation=keras.layers.LeakyReLU(negative_slope=0.1))(outputs)
    return keras.Model(inputs, outputs)


def make_convnet(library: Any, depth: int = 200) -> keras.Model:
    """Return a convolutional net with a normalization after each convolution."""
    outputs = inputs = keras.Input((16, 16, 4))
    for _ in range(depth):
        outputs = library.Conv2D(4, 3, padding="same", activation="relu")(outputs)
        outputs = keras.layers.BatchNormalization()(outputs)
    return keras.Model(inputs, outputs)


def make_resnet(library: Any) -> keras.Model:
    """Return Keras's ResNet152V2 without its weights, converted for ours."""
    model: keras.Model = keras.applications.ResNet152V2(weights=None, classes=10, input_shape=(64, 64, 3))
    return model if library is keras.layers else sa.convert(model)


Step = tuple[Callable[[], object], Callable[[], object]]


def make_steps(make: Callable[[Any], keras.Model]) -> Iterator[tuple[str, Step]]:
    """Yield what is done with the model that *make* makes: its name, stock Keras's function and ours.

    Files lie in a folder that is gone when all is done, in memory where the system has one there. The steps of stock
    Keras's on our model come first.
    """
    stock, ours = make(keras.layers), make(sa.layers)
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        paths = [str(pathlib.Path(folder) / name) for name in ("stock.keras", "ours.keras", "same.keras")]
        yield "save, `model.save`", (lambda: stock.save(paths[0]), lambda: ours.save(paths[1]))
        yield (
            "load, `keras.models.load_model`",
            (
                lambda: keras.models.load_model(paths[0]),
                lambda: keras.models.load_model(paths[1]),
            ),
        )
        yield "save, `sa.save_model`", (lambda: stock.save(paths[0]), lambda: sa.save_model(ours, paths[2]))
        yield "load, `sa.load_model`", (lambda: keras.models.load_model(paths[0]), lambda: sa.load_model(paths[2]))
    clone, read = keras.models.clone_model, keras.models.model_from_json
    yield "clone, `keras.models.clone_model`", (lambda: clone(stock), lambda: clone(ours))
    yield "clone, `sa.clone_model`", (lambda: clone(stock), lambda: sa.clone_model(ours))
    yield "to JSON, `model.to_json`", (stock.to_json, ours.to_json)
    yield "to JSON, `sa.model_to_json`", (stock.to_json, lambda: sa.model_to_json(ours))
    texts = stock.to_json(), ours.to_json(), sa.model_to_json(ours)
    yield "from JSON, `keras.models.model_from_json`", (lambda: read(texts[0]), lambda: read(texts[1]))
    yield "from JSON, `sa.model_from_json`", (lambda: read(texts[0]), lambda: sa.model_from_json(texts[2]))
