"""A config is read as Keras reads it: the same object is made, and what is wrong is reported alike."""

import re

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.codec import codec
from serialactivation.errors import ActivationConfigError

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


def test_a_wrong_argument_of_an_activation_is_told():
    """One that the class does not take; one that it refuses; another that is nested too deep for any stack."""
    leaky = keras.saving.serialize_keras_object(keras.layers.LeakyReLU())
    for inner in ({"slope": 1.0}, {"negative_slope": -1.0}):
        with pytest.raises(ActivationConfigError):
            codec.decode({**leaky, "config": inner})
    config = keras.saving.serialize_keras_object(keras.layers.PReLU())
    for _ in range(2000):
        config = {**config, "config": {"alpha_initializer": config}}
    with pytest.raises(ActivationConfigError):
        sa.layers.Dense.from_config({"units": 4, "activation": config})
