"""Keras's small objects made without Keras's copy of the registry are what Keras makes of the same config."""

import re

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.codec import codec
from serialactivation.direct import make_directly
from serialactivation.errors import ActivationConfigError
from serialactivation.keras_api.scopes import sharing_scope

OBJECTS = {
    "ELU": lambda: keras.layers.ELU(alpha=0.5),
    "LeakyReLU": lambda: keras.layers.LeakyReLU(negative_slope=0.3, name="bent"),
    "ReLU": lambda: keras.layers.ReLU(max_value=6.0, dtype="float16"),
    "Softmax": lambda: keras.layers.Softmax(axis=[1, 2]),
    "PReLU": lambda: keras.layers.PReLU(
        alpha_initializer=keras.initializers.RandomNormal(0.0, 0.1, seed=3),
        alpha_regularizer=keras.regularizers.L1L2(0.1, 0.2),
        alpha_constraint="non_neg",
        shared_axes=[1],
        dtype="mixed_bfloat16",
        trainable=False,
    ),
    "BatchNormalization": lambda: keras.layers.BatchNormalization(gamma_initializer="zeros", momentum=0.5),
    "Dropout": lambda: keras.layers.Dropout(0.3, seed=4),
}


def read_by_keras(config):
    return keras.saving.deserialize_keras_object(config)


def test_what_is_nested_too_deep_is_left_to_keras():
    """No stack is exhausted on the way to the error that says so."""
    config = keras.saving.serialize_keras_object(keras.layers.PReLU())
    for _ in range(2000):
        config = {**config, "config": {"alpha_initializer": config}}

    assert make_directly(config) is None
    with pytest.raises(ActivationConfigError):
        sa.layers.Dense.decode_activation(sa.activation_fields(sa.layers.Dense)[0], config)


@pytest.mark.parametrize("name", OBJECTS)
def test_the_same_object_is_made(name):
    """Of the same class, with the same config, and the same policy as an object of its own."""
    config = keras.saving.serialize_keras_object(OBJECTS[name]())
    made, expected = make_directly(config), read_by_keras(config)
    assert type(made) is type(expected)
    assert made.get_config() == expected.get_config()
    assert made.dtype_policy == expected.dtype_policy
    assert (made.dtype_policy is keras.config.dtype_policy()) is (expected.dtype_policy is keras.config.dtype_policy())
    assert made.built is expected.built


@pytest.fixture
def leaky():
    return keras.saving.serialize_keras_object(keras.layers.LeakyReLU())


def test_what_has_one_number_is_one_object(leaky):
    """In a load, Keras's objects and these are found under the same numbers."""
    config = {**leaky, "shared_object_id": 7}
    assert make_directly(config) is not make_directly(config)
    with sharing_scope():
        made = make_directly(config)
        assert make_directly(config) is read_by_keras(config) is made
    with sharing_scope():
        expected = read_by_keras(config)
        assert make_directly(config) is expected


@keras.saving.register_keras_serializable(package="direct")
class Halves(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return 0.5 * keras.ops.ones(shape, dtype)


def test_what_is_not_so_simple_is_left_to_keras(leaky):
    """A class of somebody's, within it too; what a layer was built or compiled with; another registered name."""
    prelu = keras.layers.PReLU(alpha_initializer=Halves())
    assert make_directly(keras.saving.serialize_keras_object(prelu)) is None
    assert isinstance(codec.decode(keras.saving.serialize_keras_object(prelu)).alpha_initializer, Halves)
    for more in ({"build_config": {"input_shape": [None, 3]}}, {"registered_name": "direct>Halves"}, {"module": "os"}):
        assert make_directly({**leaky, **more}) is None
    assert make_directly({**leaky, "config": "LeakyReLU"}) is None


def test_a_registered_class_of_the_name_comes_first(leaky, restore_registry):
    """As Keras has it."""
    config = {**leaky, "registered_name": "LeakyReLU"}
    assert type(make_directly(config)) is keras.layers.LeakyReLU

    class LeakyReLU(keras.layers.ReLU):
        pass

    keras.saving.get_custom_objects()["LeakyReLU"] = LeakyReLU
    assert make_directly(config) is None
    with keras.saving.custom_object_scope({"LeakyReLU": LeakyReLU}):
        assert make_directly(config) is None


def test_what_is_wrong_is_told_as_keras_tells_it(leaky):
    """An argument that the class does not take; one that it refuses."""
    for inner in ({"slope": 1.0}, {"negative_slope": -1.0}):
        with pytest.raises(ActivationConfigError):
            codec.decode({**leaky, "config": inner})


LAYERS = {
    "Dense": ({"units": 3}, (None, 4)),
    "Conv2D": ({"filters": 3, "kernel_size": 2}, (None, 5, 5, 4)),
    "SeparableConv1D": ({"filters": 3, "kernel_size": 2, "pointwise_initializer": "he_normal"}, (None, 5, 4)),
    "EinsumDense": ({"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, (None, 4)),
    "LSTM": ({"units": 3}, (None, 5, 4)),
    "GRUCell": ({"units": 3}, (None, 4)),
}
POLICIES = ["float32", "mixed_bfloat16", "int8_from_float32"]


def make_again(library, name, config, shape):
    """Return a layer from its config, built, after the seed has been set."""
    keras.utils.set_random_seed(5)
    layer = getattr(library, name).from_config(config)
    layer.build(shape)
    return layer


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", LAYERS)
def test_a_ready_made_layer_is_made_of_its_config_as_keras_makes_it(name, policy):
    """With the same initializers, regularizers, constraints and policy; under one seed, the same weights are drawn."""
    arguments, shape = LAYERS[name]
    if policy == "int8_from_float32" and name not in ("Dense", "EinsumDense"):
        policy = keras.DTypePolicy("mixed_float16")
    others = {"bias_initializer": keras.initializers.RandomUniform(), "bias_constraint": "max_norm"}
    stock = getattr(keras.layers, name)(**arguments, **others, activation="tanh", bias_regularizer="l2", dtype=policy)
    config = stock.get_config()
    expected = make_again(keras.layers, name, config, shape)
    made = make_again(sa.layers, name, config, shape)
    assert made.get_config() == expected.get_config()
    assert made.dtype_policy == expected.dtype_policy
    for ours, theirs in zip(made.weights, expected.weights, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(*(keras.ops.convert_to_numpy(weight) for weight in (ours, theirs)))


def test_a_config_that_is_wrong_is_told_as_keras_tells_it():
    """An initializer that does not exist, and a policy."""
    for key, value in (
        ("kernel_initializer", {"module": "keras.initializers", "class_name": "Nothing", "config": {}}),
        ("dtype", {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float31"}}),
    ):
        config = {**keras.layers.Dense(3).get_config(), key: value}
        with pytest.raises((TypeError, ValueError)) as expected:
            keras.layers.Dense.from_config(config)
        with pytest.raises(type(expected.value), match=re.escape(str(expected.value).partition("\n")[0])[:40]):
            sa.layers.Dense.from_config(config)
