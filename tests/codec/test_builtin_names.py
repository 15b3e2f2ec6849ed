"""Custom objects that have a built-in's name: a stored name means the built-in, as it does to Keras."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import UnserializableActivationError

pytestmark = pytest.mark.usefixtures("restore_registry")

X = np.linspace(-3.0, 3.0, 12, dtype="float32").reshape(4, 3)


def sevenfold(x):
    return x * 7.0


class Fivefold(keras.layers.Layer):
    def call(self, x):
        return x * 5.0


NAMES = ("swish", "hard_swish", "silu", "relu", "gelu", "sin", "leaky_relu", "softmax", "log_softmax", "linear", "tanh")
OBJECTS = {
    **dict.fromkeys(NAMES, sevenfold),
    **dict.fromkeys(("LeakyReLU", "PReLU", "Zeros"), Fivefold),
}
GIVEN = {
    "second name": "swish",
    "other second name": "hard_swish",
    "name": "relu",
    "function": keras.activations.relu,
    "operation": keras.ops.sin,
    "operation with its default": keras.ops.gelu,
    "partial": functools.partial(keras.activations.softmax, axis=1),
    "partial of an operation": functools.partial(keras.activations.leaky_relu, negative_slope=0.3),
    "layer": keras.layers.LeakyReLU(0.3),
}
TUPLE = {"tuple": functools.partial(keras.ops.log_softmax, axis=(0, 1))}  # Keras 3.6 cannot trace it


def dense(activation):
    return sa.layers.Dense(3, activation=activation)


@sa.serializable_activation(package="builtin_names")
class Gated(keras.layers.Layer):
    """It makes a layer by a name of its own choice, and resolves what it is handed."""

    def __init__(self, activation="relu", gate_activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)
        self.inner = sa.layers.Dense(3, activation="swish")

    def call(self, x):
        return self.activation(self.inner(x)) * self.gate_activation(x)


@sa.serializable_activation(package="builtin_names")
class Deserializes(keras.layers.Layer):
    """Its author's ``from_config`` asks Keras, which takes the custom object for the built-in."""

    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def call(self, x):
        return self.activation(x)

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "activation": keras.activations.deserialize(config["activation"])})


# Whoever asks Keras for an operation while a class has its name gets an error of Keras's own.
OPERATIONS = dict.fromkeys(("Gelu", "Sin", "LeakyRelu"), Fivefold)
OWNERS = {"Keras's": dense, "constructor": Gated, "from_config": Deserializes}


def load_in_scope(load, objects):
    with keras.saving.custom_object_scope(objects):
        return load()


def load_registered(load, objects):
    keras.saving.get_custom_objects().update(objects)
    try:
        return load()
    finally:
        for name in objects:
            del keras.saving.get_custom_objects()[name]


@pytest.mark.parametrize("known", [load_in_scope, load_registered])
@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
def test_a_stored_name_means_the_builtin(owner, known, tmp_path):
    """Every loader reads the name as the built-in, in every form in which Keras's activations are stored."""
    objects = OBJECTS if owner is Deserializes else {**OBJECTS, **OPERATIONS}
    for label, given in ({**GIVEN, **TUPLE} if owner is dense else GIVEN).items():
        model = keras.Sequential([keras.Input((3,)), owner(given)])
        expected = keras.ops.convert_to_numpy(model(X))
        path, old = tmp_path / "model.keras", tmp_path / "model.h5"
        model.save(path)
        sa.save_model(model, old)
        text, config, weights = model.to_json(), model.get_config(), model.get_weights()
        ways = {
            "keras": lambda path=path: keras.models.load_model(path),
            "h5": lambda old=old: keras.models.load_model(old, compile=False),
            "ours": lambda path=path: sa.load_model(path),
            "ours, h5": lambda old=old: sa.load_model(old, compile=False),
            "json": lambda text=text: keras.models.model_from_json(text),
            "ours, json": lambda text=text: sa.model_from_json(text),
            "config": lambda config=config: keras.Sequential.from_config(config),
            "clone": lambda model=model: keras.models.clone_model(model),
            "ours, clone": lambda model=model: sa.clone_model(model),
            "layer": lambda model=model: keras.Sequential(
                [keras.Input((3,)), type(model.layers[0]).from_config(model.layers[0].get_config())]
            ),
        }
        for way, load in ways.items():
            revived = known(load, objects)
            revived.set_weights(weights)
            found = keras.ops.convert_to_numpy(revived(X))
            assert np.array_equal(found, expected), (label, way)


def test_custom_objects_of_a_loader(tmp_path):
    """The standing advice in old threads: ``custom_objects={"swish": f}``."""
    model = keras.Sequential([keras.Input((3,)), dense("swish")])
    expected = keras.ops.convert_to_numpy(model(X))
    model.save(tmp_path / "model.keras")
    for load in (keras.models.load_model, sa.load_model):
        revived = load(tmp_path / "model.keras", custom_objects=OBJECTS)
        assert np.array_equal(keras.ops.convert_to_numpy(revived(X)), expected)
    for name in ("swish", "hard_swish", "relu"):
        builtin = keras.activations.get(name)
        assert sa.deserialize(name, custom_objects=OBJECTS) is builtin
        with keras.saving.custom_object_scope(OBJECTS):
            assert sa.deserialize(name) is builtin


@pytest.mark.parametrize("name", ["swish", "hard_swish", "relu"])
def test_the_name_is_refused_where_it_is_given(name):
    """To a reader of the code it may mean either; the cure is the built-in, and comes back as it."""
    with keras.saving.custom_object_scope({name: sevenfold}):
        with pytest.raises(UnserializableActivationError, match="hides the built-in") as caught:
            dense(name)
        layer = dense(eval(caught.value.cure))
        assert layer.activation is keras.activations.get(name)
        assert type(layer).from_config(layer.get_config()).activation is layer.activation


def test_a_function_with_a_second_name_of_a_builtin_comes_back():
    """As in Keras, which stores the built-in by its first name: the second is the function's where it is registered."""

    def swish(x):
        return x * 7.0

    with keras.saving.custom_object_scope({"swish": swish}):
        for layer_class in (keras.layers.Dense, sa.layers.Dense):
            layer = layer_class(3, activation=swish)
            assert layer_class.from_config(layer.get_config()).activation is swish
    keras.saving.get_custom_objects()["swish"] = swish
    layer = dense(swish)
    assert type(layer).from_config(layer.get_config()).activation is swish


def test_a_function_with_the_name_of_a_builtin_is_refused():
    """Keras would store it as the built-in."""

    def relu(x):
        return x * 7.0

    with (
        keras.saving.custom_object_scope({"relu": relu}),
        pytest.raises(UnserializableActivationError, match="would load"),
    ):
        dense(relu)
