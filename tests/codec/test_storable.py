"""Objects as activations: stored as what they are, or refused."""

import dataclasses
import functools
import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import UnserializableActivationError
from tests.matrix.values import bent, relu, unregistered


@keras.saving.register_keras_serializable(package="storable")
class HoldsActivation(keras.layers.Layer):
    """Stores its argument as Keras's own pages show it, under an attribute of another name."""

    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.act = keras.activations.get(activation)

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.act)}


@keras.saving.register_keras_serializable(package="storable")
class HoldsFunction:
    """An object that is no layer, written alike."""

    def __init__(self, function):
        self.function = keras.activations.get(function)

    def __call__(self, inputs):
        return self.function(inputs)

    def get_config(self):
        return {"function": keras.activations.serialize(self.function)}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def zeros(shape, dtype=None):
    """A user's initializer that happens to be called like Keras's."""
    return keras.ops.ones(shape, dtype)


@pytest.mark.parametrize(
    "make",
    [
        lambda: HoldsActivation(keras.ops.gelu),
        lambda: HoldsActivation(relu),
        lambda: HoldsFunction(keras.ops.gelu),
        lambda: keras.layers.PReLU(alpha_initializer=zeros),
        lambda: keras.Sequential([HoldsActivation(keras.ops.gelu)]),
        lambda: keras.layers.ELU(alpha=np.float32(0.3)),
        lambda: keras.layers.ReLU(activity_regularizer=unregistered),
        lambda: functools.reduce(lambda inner, _: keras.Sequential([inner]), range(40), keras.layers.PReLU()),
    ],
    ids=["ops.gelu", "relu", "object", "initializer", "inside", "NumPy's number", "regularizer", "40 deep"],
)
def test_what_an_object_would_store_as_another_is_refused(make):
    """A function that its config calls by a name which means another, under whatever attribute."""
    with pytest.raises(UnserializableActivationError):
        sa.get(make())


@pytest.mark.parametrize("make", [HoldsActivation, lambda: HoldsActivation(bent), lambda: HoldsFunction("gelu")])
def test_what_an_object_stores_faithfully_is_accepted(make):
    """Keras's own function, or a registered one."""
    assert sa.deserialize(json.loads(json.dumps(sa.serialize(make())))) is not None


@keras.saving.register_keras_serializable(package="storable")
@dataclasses.dataclass
class Swish:
    """A registered dataclass: it compares by value, and has no hash."""

    beta: float = 1.0

    def __call__(self, x):
        return x * keras.ops.sigmoid(self.beta * x)

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def test_an_object_without_a_hash_survives():
    """An object without a hash comes back: this package asks for no hash."""
    assert sa.deserialize(sa.serialize(Swish(2.0))) == Swish(2.0)
