"""An activation follows its owner's dtype policy, unless it has one of its own."""

import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationDTypeError


@pytest.fixture
def restore_policy():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "bfloat16"])
@pytest.mark.parametrize(
    "make",
    [
        keras.layers.LeakyReLU,
        keras.layers.PReLU,
        lambda: sa.layers.Activation(keras.layers.LeakyReLU()),
        lambda: keras.Sequential([keras.layers.LeakyReLU(), keras.layers.PReLU()]),
    ],
    ids=["LeakyReLU", "PReLU", "Activation", "Sequential"],
)
def test_the_output_has_the_owners_dtype(policy, make):
    """What the layer's spec says is what it returns, after a round trip too."""
    layer = sa.layers.Dense(3, activation=make(), dtype=policy)
    revived = sa.layers.Dense.from_config(json.loads(json.dumps(layer.get_config())))
    inputs = np.ones((2, 4), "float32")
    for each in (layer, revived):
        assert keras.backend.standardize_dtype(each(inputs).dtype) == each.compute_dtype
        assert each.activation.dtype_policy.name == policy


def test_an_activation_with_a_policy_of_its_own_keeps_it():
    """In life, and after a round trip."""
    layer = sa.layers.Dense(3, activation=keras.layers.ReLU(dtype="float32"), dtype="mixed_bfloat16")
    revived = sa.layers.Dense.from_config(json.loads(json.dumps(layer.get_config())))

    assert layer.activation.dtype_policy.name == revived.activation.dtype_policy.name == "float32"


@pytest.mark.usefixtures("restore_policy")
def test_a_changed_global_policy_changes_nothing():
    """A file made under one global policy comes back under another with the owner's."""
    layer = sa.layers.Dense(3, activation=keras.layers.ReLU())
    config = json.loads(json.dumps(layer.get_config()))
    keras.config.set_dtype_policy("mixed_bfloat16")
    revived = sa.layers.Dense.from_config(config)

    assert (revived.dtype_policy.name, revived.activation.dtype_policy.name) == ("float32", "float32")


def test_owners_of_different_policies_are_refused():
    """One activation cannot follow two."""
    shared = keras.layers.PReLU()
    sa.layers.Dense(3, activation=shared)
    with pytest.raises(ActivationDTypeError, match=r"'float32' and 'mixed_bfloat16'"):
        sa.layers.Dense(3, activation=shared, dtype="mixed_bfloat16")


def test_a_quantized_policy_is_not_handed_on():
    """The activation takes the policy that the owner was quantized from."""
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=keras.layers.ReLU(), dtype="bfloat16")])
    model.layers[0].quantize("int8")
    revived = keras.models.model_from_json(model.to_json())

    assert revived.layers[0].dtype_policy.name == "int8_from_bfloat16"
    assert revived.layers[0].activation.dtype_policy.name == "bfloat16"
