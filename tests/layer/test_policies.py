"""An activation follows its owner's dtype policy, unless it has one of its own."""

import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationDTypeError
from tests.helpers.policies import POLICIES, SERIES, parametrize_owners
from tests.helpers.round_trips import revive
from tests.matrix.layers import DecoratedNested


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
    """A layer returns the dtype that its spec says, also after a load."""
    layer = sa.layers.Dense(3, activation=make(), dtype=policy)
    revived = revive(layer)
    inputs = np.ones((2, 4), "float32")
    for each in (layer, revived):
        assert keras.backend.standardize_dtype(each(inputs).dtype) == each.compute_dtype
        assert each.activation.dtype_policy.name == policy


def test_an_activation_with_a_policy_of_its_own_keeps_it():
    """An activation with a policy of its own keeps it, also after a load."""
    layer = sa.layers.Dense(3, activation=keras.layers.ReLU(dtype="float32"), dtype="mixed_bfloat16")
    revived = revive(layer)

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
    """Owners with different policies cannot share an activation."""
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


@pytest.mark.parametrize("policy", POLICIES)
@parametrize_owners
def test_weights_of_an_activation_have_the_owners_variable_dtype(make, inputs, policy):
    """The alpha of a PReLU is float32 and computes in half precision, as the kernel does, also after a load."""
    layer = make(activation=keras.layers.PReLU(), dtype=policy)
    for each in (layer, revive(layer)):
        outputs = each(inputs)
        assert {weight.dtype for weight in each.weights} == {"float32"}
        calling = each.dense if isinstance(each, DecoratedNested) else each
        assert keras.backend.standardize_dtype(outputs.dtype) == calling.compute_dtype
        assert {inner.dtype_policy.name for inner in calling._flatten_layers()} == {calling.dtype_policy.name}


@sa.serializable_activation(package="policies")
class HandsOn(keras.layers.Layer):
    """Gives its activation to a twin that has a policy of its own."""

    def __init__(self, activation=None, inner_dtype=None, **kwargs):
        super().__init__(**kwargs)
        self.dense = sa.layers.Dense(3, activation=activation, dtype=inner_dtype)

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        return self.dense(inputs)


def test_an_activation_that_is_handed_on_follows_what_calls_it():
    """An activation that its owner passes to a sublayer has the policy of the sublayer, also after a load."""
    layer = HandsOn(keras.layers.PReLU(), inner_dtype="bfloat16", dtype="mixed_float16")
    for each in (layer, revive(layer)):
        outputs = each(SERIES)
        assert each.dense.activation.dtype_policy.name == "bfloat16"
        assert keras.backend.standardize_dtype(outputs.dtype) == "bfloat16"


def built(dtype=None):
    activation = keras.layers.PReLU(dtype=dtype)
    activation.build((None, 3))
    activation.alpha.assign([0.1, 0.2, 0.3])
    return activation


def test_weights_made_under_another_policy_are_refused():
    """An owner refuses a built activation whose float32 weights its policy would round in a load."""
    with pytest.raises(ActivationDTypeError) as caught:
        sa.layers.Dense(3, activation=built(), dtype="bfloat16")
    assert caught.value.built
    assert caught.value.policies == ("float32", "bfloat16")
    with pytest.raises(ActivationDTypeError):
        sa.layers.Dense(3, activation=keras.Sequential([keras.Input((3,)), built()]), dtype="float16")


def test_a_refused_activation_follows_nobody():
    """An activation that one layer refused can be given to a layer that it fits."""
    activation = built()
    with pytest.raises(ActivationDTypeError):
        sa.layers.Dense(3, activation=activation, dtype="bfloat16")
    layer = sa.layers.Dense(3, activation=activation)
    assert layer.activation.dtype_policy.name == "float32"


@pytest.mark.parametrize(
    ("own", "policy", "expected"),
    [
        (None, "mixed_bfloat16", "mixed_bfloat16"),
        (None, "float32", "float32"),
        ("float32", "bfloat16", "float32"),
        ("bfloat16", "float32", "bfloat16"),
    ],
)
def test_a_built_activation_keeps_its_weights_to_the_bit(own, policy, expected, tmp_path):
    """A built activation keeps its weights if the policies agree on their dtype, or if it has its own policy."""
    activation = built(own)
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=activation, dtype=policy)])
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras").layers[0].activation

    assert activation.dtype_policy.name == revived.dtype_policy.name == expected
    assert revived.alpha.dtype == activation.alpha.dtype
    assert np.array_equal(
        keras.ops.convert_to_numpy(revived.alpha).astype("float32"),
        keras.ops.convert_to_numpy(activation.alpha).astype("float32"),
    )
