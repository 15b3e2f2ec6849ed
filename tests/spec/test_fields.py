"""What a field is, and which fields a constructor has."""

import attrs
import keras
import pytest

import serialactivation as sa
from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.errors import ActivationFieldError
from serialactivation.spec.fields import ActivationField


@pytest.mark.parametrize(
    "name", ["activation", "gate_activation", "activations", "activation_fn", "inner_activation_function"]
)
def test_names_that_hold_activations(name):
    """The names that layers in the wild use."""
    assert looks_like_activation(name, None)


@pytest.mark.parametrize(
    "name", ["activate", "activation_rate", "deactivation_", "activity_regularizer", "preactivation"]
)
def test_names_that_do_not(name):
    """Names that only sound like it."""
    assert not looks_like_activation(name, None)


@pytest.mark.parametrize("default", [True, False, 0, 1.5])
def test_a_flag_or_a_number_is_no_field(default):
    """``use_gated_activation=True``."""
    assert not looks_like_activation("use_gated_activation", default)


def test_fields_are_found_in_any_layer():
    """Stock or ours, class or instance; what goes up in ``**kwargs`` is found too."""

    class Passes(keras.layers.LSTM):
        def __init__(self, out_activation=None, **kwargs):
            super().__init__(**kwargs)

    names = [field.name for field in sa.activation_fields(Passes)]
    assert names == ["out_activation", "activation", "recurrent_activation"]
    assert sa.activation_fields(keras.layers.Dense(3)) == (ActivationField(name="activation"),)
    assert sa.activation_fields(sa.layers.Dense) == sa.activation_fields(keras.layers.Dense)
    assert sa.activation_fields(keras.layers.Flatten) == ()


@pytest.mark.parametrize("fields", [None, ["activation"]], ids=["found", "declared"])
def test_a_default_is_understood(fields):
    """A string that Keras does not know, which the layer takes care of; another such string is refused as ever."""

    @sa.serializable_activation(package="fields", fields=fields)
    class Quick(keras.layers.Layer):
        def __init__(self, activation="quick_gelu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            if self.activation == "quick_gelu":
                return inputs * keras.ops.sigmoid(1.702 * inputs)
            return keras.activations.get(self.activation)(inputs)

    for layer in (Quick(), Quick(activation="quick_gelu")):
        assert Quick.from_config(layer.get_config()).activation == "quick_gelu"
    assert sa.activation_fields(Quick) == (ActivationField(name="activation", names=("quick_gelu",)),)
    with pytest.raises(sa.errors.UnknownActivationError):
        Quick(activation="quick_gelo")


def test_a_default_that_keras_knows_is_checked_as_ever():
    """It may be shadowed, or newer than the Keras that is installed."""
    assert sa.activation_fields(keras.layers.GRU)[0] == ActivationField(name="activation")


@pytest.mark.parametrize("wrong", [3, "Dense", object])
def test_only_layers_have_fields(wrong):
    """Anything else is refused."""
    with pytest.raises(ActivationFieldError):
        sa.activation_fields(wrong)


def test_a_field_is_a_value():
    """Frozen, hashable, equal by what it says."""
    field = ActivationField(name="gate", aliases=["old"])

    assert field == ActivationField(name="gate", key="gate", aliases=("old",))
    assert hash(field) == hash(attrs.evolve(field))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        field.name = "other"


@pytest.mark.parametrize(
    "arguments", [{"name": "not a name"}, {"name": 3}, {"name": "a", "aliases": "old"}, {"name": "class"}]
)
def test_wrong_fields_are_refused(arguments):
    """A name that no argument can have, and a lone string where several are meant."""
    with pytest.raises(ActivationFieldError):
        ActivationField(**arguments)
