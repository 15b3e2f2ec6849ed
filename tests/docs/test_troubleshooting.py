"""The page of Keras's errors: real Keras says each of the texts that the page is searched for."""

import functools
import json
import pathlib
import re
import warnings

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.processes import run_python

VERSION = tuple(map(int, keras.__version__.split(".")[:2]))
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "how-to" / "troubleshooting.md"
# Keras writes some words as code, and breaks its lines where it likes.
TEXTS = re.findall(
    r"^### `(.+)`$|^(?:Keras 2|An older Keras) says `(.+)`\.$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


class Unregistered(keras.layers.Layer):
    """A layer as many write it: with an activation, and without a name that Keras knows."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)


class Raw(Unregistered):
    """A layer whose config holds the activation itself."""

    def get_config(self):
        return {**super().get_config(), "activation": self.activation}


def my_activation(x):
    return keras.ops.tanh(x) * 1.5


def model_of(*layers):
    return keras.Sequential([keras.Input((4,)), *layers])


def called(model):
    model(np.ones((1, 4), "float32"))
    return model


def with_prelu():
    return model_of(keras.layers.Dense(4, activation=keras.layers.PReLU()))


def save_and_load(layers, path="model.keras"):
    called(model_of(*layers)).save(path)
    keras.models.load_model(path)


def load_shared():
    prelu = keras.layers.PReLU()
    save_and_load([keras.layers.Dense(4, activation=prelu), keras.layers.Dense(4, activation=prelu)])


def load_weights():
    called(with_prelu()).save_weights("model.weights.h5")
    with_prelu().load_weights("model.weights.h5")


def load_without_the_package():
    model_of(sa.layers.Dense(4)).save("model.keras")
    code = """
import sys, keras
try:
    keras.models.load_model(sys.argv[1])
except TypeError as error:
    print(error)
"""
    raise TypeError(run_python(code, str(pathlib.Path("model.keras").resolve())))


def load_lambda(*layers):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save_and_load(layers)


def save_equal_names():
    activations = [keras.layers.PReLU(name="prelu") for _ in range(2)]
    layer = keras.layers.LSTM(3, activation=activations[0], recurrent_activation=activations[1])
    layer(np.ones((1, 5, 4), "float32"))
    keras.Sequential([keras.Input((5, 4)), layer]).save("model.h5")


def load_short_name():
    model = model_of(keras.layers.Dense(4))
    model.compile("adam", "mse")
    model.save("model.h5")
    keras.models.load_model("model.h5")


CASES = {
    "Could not interpret activation function identifier: leakyrelu": lambda: keras.layers.Dense(
        4, activation="leakyrelu"
    ),
    "The truth value of an array with more than one element is ambiguous": lambda: called(
        model_of(keras.layers.Dense(4, activation=keras.layers.ReLU))
    ),
    "The object being serialized includes a lambda": lambda: save_and_load(
        [keras.layers.Dense(4, activation=lambda x: x * 2)]
    ),
    "create dataset (name already exists)": save_equal_names,
    "could not be deserialized properly": lambda: save_and_load([keras.layers.Dense(4, activation=my_activation)]),
    "Cannot serialize object functools.partial": lambda: save_and_load(
        [keras.layers.Dense(4, activation=functools.partial(keras.activations.leaky_relu, negative_slope=0.4))]
    ),
    "created by passing non-serializable argument values in __init__()": lambda: save_and_load(
        [Unregistered(keras.layers.LeakyReLU())]
    ),
    "Object of type function is not JSON serializable": lambda: json.dumps(Raw("relu").get_config()),
    "Could not interpret activation function identifier: {'module': 'keras.layers'": lambda: save_and_load(
        [keras.layers.Dense(4, activation=keras.layers.LeakyReLU())]
    ),
    "Could not interpret activation function identifier: {'module': 'builtins', 'class_name': 'function'": (
        lambda: save_and_load([keras.layers.Dense(4, activation=my_activation)])
    ),
    "Unknown config as a dict": lambda: load_lambda(keras.layers.Dense(4, activation=lambda x: x * 2)),
    "of this Lambda layer is a Python lambda": lambda: load_lambda(keras.layers.Lambda(lambda x: x * 2)),
    "Could not locate function 'my_activation'": lambda: save_and_load(
        [keras.layers.Dense(4, activation=my_activation)]
    ),
    # What Keras 2 read an activation with is still in Keras 3.
    "Unknown activation function: 'my_activation'": lambda: keras.legacy.saving.deserialize_keras_object(
        {"class_name": "my_activation", "config": {}}, printable_module_name="activation function"
    ),
    "Could not interpret activation function identifier: {'value'": lambda: load_lambda(
        keras.layers.Dense(4, activation=lambda x: x * 2)
    ),
    "Could not locate class 'Dense'": load_without_the_package,
    "Unknown layer: 'MyLayer'": lambda: save_and_load([type("MyLayer", (Unregistered,), {})()], "model.h5"),
    "expected 1 variables, but received 0 variables during loading": load_shared,
    "was never built and thus it doesn't have any variables": load_weights,
    "with a weight list of length 3, but the layer was expecting 2 weights": lambda: with_prelu().set_weights(
        called(with_prelu()).get_weights()
    ),
    "Unrecognized keyword arguments passed to LSTM: {'time_major': False}": lambda: keras.layers.LSTM.from_config(
        {"units": 3, "time_major": False}
    ),
    "Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass": load_short_name,
    "Could not locate function 'mse'": load_short_name,
    "Unrecognized keyword arguments passed to Dense": lambda: keras.layers.Dense.from_config(
        {"units": 3, "of_a_newer_keras": None}
    ),
    "Requested the deserialization of a Lambda layer": lambda: load_lambda(keras.layers.Lambda(lambda x: x * 2)),
    "Layer 'p_re_lu' (of type 'PReLU') is not built yet": lambda: with_prelu().quantize("int8"),
}


# The first Keras that says a text, and the first that no longer does.
SINCE = {
    "Could not locate class 'Dense'": (3, 9),
    "Could not locate function 'my_activation'": (3, 10),
    "Could not interpret activation function identifier: {'value'": (3, 10),
    "expected 1 variables, but received 0 variables during loading": (3, 10),
    "Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass": (3, 12),
    "Requested the deserialization of a Lambda layer": (3, 12),
}
UNTIL = {
    "Could not interpret activation function identifier: {'module': 'keras.layers'": (3, 10),
    "Could not interpret activation function identifier: {'module': 'builtins', 'class_name': 'function'": (3, 10),
    "Unknown config as a dict": (3, 10),
    "Could not interpret activation function identifier: {'value'": (3, 16),
    "Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass": (3, 16),
    "Could not locate function 'mse'": (3, 12),
    "of this Lambda layer is a Python lambda": (3, 12),
}
SAID = [text for text in CASES if SINCE.get(text, (3,)) <= VERSION < UNTIL.get(text, (4,))]


def test_every_text_has_a_case():
    """The page says nothing that was not tried."""
    assert sorted(heading or other for heading, other in TEXTS) == sorted(CASES)


@pytest.mark.parametrize("text", SAID)
@pytest.mark.filterwarnings("ignore:Layer InputLayer does not have a `quantize` method:UserWarning")
def test_keras_says_so(text, tmp_path, monkeypatch):
    """Keras ends in an error, or gives a warning, with this text."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises((TypeError, ValueError, NotImplementedError, UserWarning)) as caught:
        CASES[text]()

    assert text in " ".join(str(caught.value).replace("`", "").split())
