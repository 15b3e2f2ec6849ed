"""Models of large networks, and what is done with a whole one: made, saved, loaded, cloned, written as JSON."""

import functools
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, Final

import keras

import serialactivation as sa
from benchmarks.values import VALUES, Value

__all__ = ["BUDGETS", "make_convnet", "make_mlp", "make_resnet", "make_steps"]

_MEMORY = pathlib.Path("/dev/shm")  # files there are no disk's, whose turns come as they will

BUDGETS: Final = {
    "make": 1.05,
    "make, with all its weights": 1.05,
    "save, `model.save`": 1.10,
    "load, `keras.models.load_model`": 1.10,
    "save, `sa.save_model`": 0.75,
    "load, `sa.load_model`": 0.85,
    "clone, `keras.models.clone_model`": 1.10,
    "clone, `sa.clone_model`": 1.10,
    "to JSON, `model.to_json`": 1.25,
    "to JSON, `sa.model_to_json`": 1.25,
    "from JSON, `keras.models.model_from_json`": 1.10,
    "from JSON, `sa.model_from_json`": 1.10,
}
"""The most that each of the steps may take, by what stock Keras takes for the same."""


def make_mlp(library: Any, depth: int = 900, value: Value = VALUES["`LeakyReLU`"]) -> keras.Model:
    """Return an MLP with an activation of its own for each layer."""
    outputs = inputs = keras.Input((8,))
    for _ in range(depth):
        outputs = library.Dense(8, activation=value.make_for(library))(outputs)
    return keras.Model(inputs, outputs)


def make_convnet(library: Any, depth: int = 200, value: Value = VALUES["a name"]) -> keras.Model:
    """Return a convolutional net with a normalization after each convolution."""
    outputs = inputs = keras.Input((16, 16, 4))
    for _ in range(depth):
        outputs = library.Conv2D(4, 3, padding="same", activation=value.make_for(library))(outputs)
        outputs = keras.layers.BatchNormalization()(outputs)
    return keras.Model(inputs, outputs)


def make_resnet(library: Any, value: Value = VALUES["a name"]) -> keras.Model:
    """Return a model with the layers of Keras's ResNet152V2, of *library* where it has them, and without its weights.

    Its ``Activation`` layers get an activation of their own each.
    """

    def make_layer(layer: keras.Layer) -> keras.Layer:
        kind = getattr(library, type(layer).__name__, type(layer))
        if isinstance(layer, keras.layers.Activation):
            activation: keras.Layer = kind(value.make_for(library), name=layer.name)
            return activation
        made: keras.Layer = kind.from_config(layer.get_config())
        return made

    return keras.models.clone_model(_resnet(), clone_function=make_layer)


@functools.cache
def _resnet() -> keras.Model:
    model: keras.Model = keras.applications.ResNet152V2(weights=None, classes=10, input_shape=(64, 64, 3))
    return model


def _build_activations(model: keras.Model) -> None:
    """Give the activations of a stock model their weights, which they get at its first call otherwise."""
    for layer in model.layers:
        activation = getattr(layer, "activation", None)
        if isinstance(activation, keras.Layer):
            activation.build(layer.output.shape)


Step = tuple[Callable[[], object], Callable[[], object]]


def make_steps(make: Callable[[Any], keras.Model]) -> Iterator[tuple[str, Step]]:
    """Yield what is done with the model that *make* makes: its name, stock Keras's function and ours.

    Both models have been called once, as those have been that somebody saves: before that, activations of stock Keras's
    model are without their weights, and there is less to store of it. Files lie in a folder that is gone when all is
    done, in memory where the system has one there. The steps of stock Keras's on our model come first.
    """
    yield "make", (lambda: make(keras.layers), lambda: make(sa.layers))
    yield "make, with all its weights", (lambda: _build_activations(make(keras.layers)), lambda: make(sa.layers))
    stock, ours = make(keras.layers), make(sa.layers)
    for model in (stock, ours):
        model(keras.ops.ones((1, *model.inputs[0].shape[1:])))
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
