"""What the mixin and the decorator refuse, with the layer, the field and the cure."""

import functools
from typing import NamedTuple

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import (
    ActivationBuildError,
    ActivationFieldError,
    LayerArgumentError,
    UnserializableActivationError,
)
from tests.helpers.forms import FORMS
from tests.helpers.round_trips import X, assert_equal

pytestmark = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def test_a_refusal_names_layer_field_value_and_cure(form):
    """A refusal names the layer, the field, the value and the cure, in its message and in its attributes."""

    class Strict(*form.bases, keras.layers.Layer):
        def __init__(self, gate_activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(UnserializableActivationError) as caught:
        form.apply(Strict)(gate_activation=np.tanh, name="head")

    assert (caught.value.layer, caught.value.field, caught.value.value) == ("Strict 'head'", "gate_activation", np.tanh)
    assert str(caught.value) == (
        "Strict 'head'(gate_activation=...) cannot take <ufunc 'tanh'>: a NumPy function computes outside the "
        "Keras backend, so a saved model would not restore it.\nWrite instead:\n    keras.ops.tanh"
    )


@pytest.mark.parametrize(
    "stored",
    [
        {"class_name": "function", "module": "m", "config": "lost>fn", "registered_name": "lost>fn"},
        functools.reduce(lambda inner, _: [inner], range(5000), "relu"),
        "reluu",
    ],
    ids=["lost", "deep", "mistyped"],
)
def test_a_config_that_cannot_be_read_raises_our_error(form, stored):
    """A config that cannot be read raises our error, where Keras makes a TypeError of any error in a constructor."""

    class Damaged(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(sa.ActivationError):
        form.apply(Damaged).from_config({"activation": stored})


def test_a_lost_reassignment_is_refused_with_its_place(form):
    """``get_config`` refuses what was assigned after construction and would be lost, with the layer and the field."""

    class Assigned(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

    layer = form.apply(Assigned)(name="mine")
    object.__setattr__(layer, "activation", np.tanh)  # past the check of what is assigned
    with pytest.raises(UnserializableActivationError) as caught:
        layer.get_config()
    assert (caught.value.layer, caught.value.field) == ("Assigned 'mine'", "activation")


def test_a_default_that_would_be_lost_is_refused(form):
    """A default of the constructor that would be lost is refused."""

    class Defaults(*form.bases, keras.layers.Layer):
        def __init__(self, activation=np.tanh, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(UnserializableActivationError):
        form.apply(Defaults)()


def test_arguments_that_no_config_can_hold_are_refused_at_construction(form):
    """A layer without get_config that could not be saved is refused before it is trained."""

    class Holds(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, stream=None, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError, match="stream"):
        form.apply(Holds)(stream=open)


@pytest.mark.parametrize("fields", ["activation", ["nothing"], ["activation", "activation"], [3], 3])
def test_wrong_fields_are_refused(form, fields):
    """A lone string, an unknown argument, one that is named twice, and what is no field are refused."""

    class Wrong(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(ActivationFieldError):
        form.apply(Wrong, fields=fields)


def test_load_model_raises_our_error(form, tmp_path):
    """``load_model`` of Keras raises our error for a file whose activation cannot be found."""

    class Loaded(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    def fleeting(x):
        return x

    with keras.saving.custom_object_scope({"fleeting": fleeting}):
        model = keras.Sequential([keras.Input((5,)), form.apply(Loaded)(fleeting)])
        model.save(tmp_path / "model.keras")
    with pytest.raises(sa.ActivationError, match="fleeting"):
        keras.models.load_model(tmp_path / "model.keras")


def test_nameless_arguments_are_refused(form):
    """Values for ``*args``, which a config cannot hold by name, are refused, unless the class stores them itself."""

    class Nameless(*form.bases, keras.layers.Layer):
        def __init__(self, *activations, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError, match="no names"):
        form.apply(Nameless)("relu", "tanh")


@pytest.mark.parametrize(
    "given",
    [keras.layers.Dense(5, activation=keras.ops.gelu), keras.layers.Dense(5, activation=np.tanh)],
    ids=["another", "lost"],
)
def test_layers_given_as_other_arguments_are_checked_too(form, given):
    """Layers that are other arguments follow the same rules."""

    class Holder(*form.bases, keras.layers.Layer):
        def __init__(self, inner=None, **kwargs):
            super().__init__(**kwargs)
            self.inner = inner

    with pytest.raises(UnserializableActivationError):
        form.apply(Holder)(given)


class Size(NamedTuple):
    height: float
    width: float


@pytest.mark.parametrize(
    "value",
    [{1: 5.0}, Size(3.0, 4.0), [Size(3.0, 4.0)], {"class_name": "Mine", "config": {}}, len],
    ids=["int keys", "namedtuple", "list of namedtuples", "like a config", "function"],
)
def test_arguments_that_would_come_back_changed_are_refused(form, value):
    """A dict with keys that are not strings, or a tuple of another type, is refused as an argument."""

    class TakesTable(*form.bases, keras.layers.Layer):
        def __init__(self, table=None, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError) as caught:
        form.apply(TakesTable)(value)
    assert caught.value.argument == "table"


def test_positional_only_arguments_are_refused(form):
    """A constructor with positional-only arguments is refused, because a config holds arguments by name."""

    class PositionalOnly(*form.bases, keras.layers.Layer):
        def __init__(self, factor, /, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError, match="no name"):
        form.apply(PositionalOnly)(3.0)


def test_an_activation_out_of_keras_sight_is_refused(form):
    """A function that closes over an activation with weights, which Keras would not see, is refused."""

    class HidesIt(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            activation = keras.activations.get(activation)
            self.function = lambda inputs: activation(inputs) * 2

        def call(self, inputs):
            return self.function(inputs)

    layer_class = form.apply(HidesIt)
    assert_equal(layer_class(keras.ops.gelu))
    with pytest.raises(ActivationBuildError, match="does not track it"):
        layer_class(keras.layers.PReLU())(X)
