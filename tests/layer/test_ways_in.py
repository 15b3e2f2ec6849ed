"""The mixin and the decorator: two doors, one room."""

import functools
import json
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
from tests.helpers.round_trips import revive
from tests.matrix.values import bent

X = np.random.default_rng(3).normal(size=(4, 5)).astype("float32")

pytestmark = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def round_trip(layer):
    """Return *layer*, built and with random weights, after its config went through JSON."""
    layer(X)
    for variable in layer.variables:
        variable.assign(np.random.default_rng(1).uniform(0.1, 1.0, variable.shape))
    revived = revive(layer)
    revived(X)
    revived.set_weights(layer.get_weights())
    assert json.dumps(revived.get_config()) == json.dumps(layer.get_config())
    return revived


def assert_equal(layer):
    revived = round_trip(layer)
    assert np.array_equal(keras.ops.convert_to_numpy(layer(X)), keras.ops.convert_to_numpy(revived(X)))
    return revived


def test_no_get_config_is_needed(form):
    """Plain values, Keras objects and activations come back without a word from the author."""

    class Whole(*form.bases, keras.layers.Layer):
        def __init__(self, units, activation="relu", regularizer=None, sizes=(1, 2), **kwargs):
            super().__init__(**kwargs)
            self.units, self.sizes = units, sizes
            self.regularizer = keras.regularizers.get(regularizer)
            self.activation = keras.activations.get(activation)

        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], self.units), regularizer=self.regularizer)

        def call(self, inputs):
            return self.activation(inputs @ self.kernel) * sum(self.sizes)

    layer_class = form.apply(Whole)
    layer = layer_class(3, keras.layers.PReLU(), keras.regularizers.L2(0.5), sizes=[3, 4], name="whole")
    revived = assert_equal(layer)

    assert (revived.units, list(revived.sizes), revived.name) == (3, [3, 4], "whole")
    assert revived.regularizer.l2 == pytest.approx(0.5)


def test_an_own_get_config_is_kept(form):
    """It may leave the activation out, or put it in as it likes."""

    class Leaves(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, gate_activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)
            self.gate_activation = gate_activation

        def call(self, inputs):
            return self.activation(inputs) + keras.activations.get(self.gate_activation)(inputs)

        def get_config(self):
            return {**super().get_config(), "gate_activation": self.gate_activation}

    assert_equal(form.apply(Leaves)(keras.ops.gelu, functools.partial(bent, amount=2.0)))


@pytest.mark.parametrize(
    "read",
    [keras.activations.deserialize, keras.saving.deserialize_keras_object, keras.activations.get],
    ids=["activations.deserialize", "deserialize_keras_object", "activations.get"],
)
@pytest.mark.parametrize(
    "activation",
    ["relu", keras.ops.gelu, bent, functools.partial(keras.activations.leaky_relu, negative_slope=0.4)],
    ids=["name", "ops", "registered", "partial"],
)
def test_an_own_from_config_is_kept(form, read, activation):
    """Whichever of Keras's readers an author uses, the layer gets what was stored."""

    class Reads(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

        def get_config(self):
            return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}

        @classmethod
        def from_config(cls, config):
            return cls(**{**config, "activation": read(config["activation"])})

    assert_equal(form.apply(Reads)(activation))


def test_old_style_super_works(form):
    """``super(Old, self)`` needs the name to mean the class that was defined."""

    class Old(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super(defined[0], self).__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    defined = [Old]
    defined[0] = form.apply(Old)
    assert_equal(defined[0](keras.ops.gelu))


def test_raw_attributes_stay_strings(form):
    """A constructor that compares what it gets still gets the string, in life and after a load."""

    class Compares(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            return inputs * 2 if self.activation == "relu" else inputs

    revived = assert_equal(form.apply(Compares)("relu"))
    assert revived.activation == "relu"


def test_resolved_fields_arrive_as_callables(form):
    """A field that asks for it gets a function, whatever was given."""

    class Calls(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            return self.activation(inputs)

    layer_class = form.apply(Calls, fields=[sa.ActivationField(name="activation", resolve=True)])
    for given in (None, "tanh", keras.ops.gelu):
        assert_equal(layer_class(given))


@pytest.mark.parametrize(
    "given", [["relu", "tanh"], ("relu", keras.ops.gelu), {"a": "relu", "b": None}, [["relu"], []]]
)
def test_containers_come_back(form, given):
    """Lists, tuples and dicts of activations are one field, and stay what they are."""

    class Many(*form.bases, keras.layers.Layer):
        def __init__(self, activations=(), **kwargs):
            super().__init__(**kwargs)
            self.kind = type(activations)
            self.activations = activations

        def call(self, inputs):
            for activation in keras.tree.flatten(self.activations):
                inputs = keras.activations.get(activation)(inputs)
            return inputs

    layer = form.apply(Many)(given)
    revived = assert_equal(layer)
    assert revived.kind is type(given)


def test_lists_of_layers_with_weights_come_back(form):
    """Each of several stateful activations is built with its owner, at its own shape."""

    class Steps(*form.bases, keras.layers.Layer):
        def __init__(self, activations=(), **kwargs):
            super().__init__(**kwargs)
            self.activations = list(activations)

        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], 3))

        def call(self, inputs):
            return self.activations[1](self.activations[0](inputs) @ self.kernel)

    layer = form.apply(Steps)([keras.layers.PReLU(), keras.layers.PReLU()])
    layer.build((None, 5))
    assert [tuple(w.shape) for w in layer.weights] == [(5, 3), (5,), (3,)]
    assert_equal(form.apply(Steps)([keras.layers.PReLU(), keras.layers.PReLU()]))


def test_numbers_and_flags_are_no_fields(form):
    """An argument that only sounds like one is left alone."""

    class Flags(*form.bases, keras.layers.Layer):
        def __init__(self, use_gated_activation=True, num_activations=2, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.flags = (use_gated_activation, num_activations)

        def call(self, inputs):
            return inputs * self.flags[1]

    layer_class = form.apply(Flags)
    assert [field.name for field in sa.activation_fields(layer_class)] == ["activation"]
    assert assert_equal(layer_class(False, 3)).flags == (False, 3)


def test_undecorated_subclasses_keep_their_arguments(form):
    """A subclass that nobody decorated loses nothing, its own arguments included."""

    class Parent(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    class Child(form.apply(Parent)):
        def __init__(self, factor=1.0, gate_activation=None, **kwargs):
            super().__init__(**kwargs)
            self.factor, self.gate_activation = factor, gate_activation

        def call(self, inputs):
            return super().call(inputs) * self.factor

    revived = assert_equal(Child(3.0, keras.ops.gelu, activation=keras.ops.sin))
    assert revived.factor == 3.0


def test_subclasses_may_be_decorated_again(form):
    """Twice is once."""

    class FirstParent(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    class SecondChild(form.apply(FirstParent)):
        pass

    assert_equal(sa.serializable_activation(package=f"again_{form.id}")(SecondChild)(keras.ops.gelu))


def test_a_subclass_of_a_keras_layer_needs_no_get_config(form):
    """Its own arguments are added to what Keras's get_config says."""

    class Doubled(*form.bases, keras.layers.Dense):
        def __init__(self, units, factor=2.0, **kwargs):
            super().__init__(units, **kwargs)
            self.factor = factor

        def call(self, inputs):
            return super().call(inputs) * self.factor

    revived = assert_equal(form.apply(Doubled)(3, factor=5.0, activation=keras.layers.PReLU(), use_bias=False))
    assert (revived.factor, revived.use_bias) == (5.0, False)


def test_a_constructor_without_kwargs_works(form):
    """Name, trainable and dtype come back even where the constructor does not take them."""

    class Closed(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu"):
            super().__init__()
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    layer = form.apply(Closed)(keras.ops.gelu)
    layer.name, layer.trainable = "kept", False
    revived = assert_equal(layer)
    assert (revived.name, revived.trainable) == ("kept", False)


def test_a_model_keeps_its_activation(form, tmp_path):
    """A subclassed model that passes its activation to a sublayer comes back from a file."""

    class Network(*form.bases, keras.Model):
        def __init__(self, units=3, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation
            self.dense = keras.layers.Dense(units, activation=activation)

        def call(self, inputs):
            return self.dense(inputs)

    model = form.apply(Network)(activation=keras.ops.gelu)
    expected = keras.ops.convert_to_numpy(model(X))
    model.save(tmp_path / "model.keras")
    assert np.array_equal(keras.ops.convert_to_numpy(keras.models.load_model(tmp_path / "model.keras")(X)), expected)


def test_a_functional_subclass_works(form):
    """Keras changes the bases of such a class at its first instantiation."""

    class Graph(*form.bases, keras.Model):
        def __init__(self, units=3, activation="relu", **kwargs):
            inputs = keras.Input((5,))
            outputs = keras.layers.Dense(units, activation=activation)(inputs)
            super().__init__(inputs, outputs, **kwargs)
            self.units = units

    model = form.apply(Graph)(4, keras.ops.gelu)
    revived = revive(model)
    revived.set_weights(model.get_weights())
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


def test_reassigned_attributes_are_stored(form):
    """What is assigned after construction is what comes back."""

    class Simple(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    layer = form.apply(Simple)()
    layer.activation = keras.ops.gelu
    assert_equal(layer)


def test_what_a_constructor_wraps_is_not_wrapped_again(form):
    """What is stored is what was given, not what the constructor made of it: nothing nests deeper at each reload."""

    class Wraps(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.layers.Activation(activation)

        def call(self, inputs):
            return self.activation(inputs)

    layer = form.apply(Wraps)(keras.ops.sin)
    assert layer.get_config()["activation"]["class_name"] == "Sin"
    assert_equal(layer)


def test_a_refusal_names_layer_field_value_and_cure(form):
    """All that is needed to correct the line is in the message, and in the error's attributes."""

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
    """Keras makes a TypeError of everything that a constructor raises in a load; ours stays what it is."""

    class Damaged(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(sa.ActivationError):
        form.apply(Damaged).from_config({"activation": stored})


def test_a_lost_reassignment_is_refused_with_its_place(form):
    """What was assigned after construction is met by get_config, which names the layer and the field."""

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
    """A constructor's own default is held to the same rules."""

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
    """A lone string, an unknown argument, one named twice, and what is no field at all."""

    class Wrong(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(ActivationFieldError):
        form.apply(Wrong, fields=fields)


def test_names_that_the_layer_understands_are_handed_on(form):
    """A declared name of the layer's own is no mistyped one."""

    class OwnNames(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            return inputs * 2 if self.activation == "twice" else inputs

    layer_class = form.apply(OwnNames, fields=[sa.ActivationField(name="activation", names=["twice"])])
    assert assert_equal(layer_class("twice")).activation == "twice"
    with pytest.raises(sa.ActivationError):
        layer_class("thrice")


def test_keys_and_aliases(form):
    """A field may be stored under another key, and read from older ones."""

    class Renamed(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

    field = sa.ActivationField(name="activation", key="act", aliases=["fn"])
    layer_class = form.apply(Renamed, fields=[field])
    layer = layer_class(keras.ops.gelu)
    assert "activation" not in layer.get_config()
    assert_equal(layer)
    assert layer_class.from_config({"fn": "tanh"}).activation is keras.activations.tanh


def test_hooks_are_called_once_per_field(form):
    """Each of the hooks has its turn once, and what it returns is what counts."""
    calls = []

    class Hooked(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

        @classmethod
        def resolve_activation(cls, field, value):
            calls.append(("resolve", field.name))
            return keras.activations.tanh if value == "mine" else value

        @classmethod
        def validate_activation(cls, field, activation):
            calls.append(("validate", field.name))

        def encode_activation(self, field, activation):
            calls.append(("encode", field.name))
            return {"class_name": "mine", "config": {}}

        @classmethod
        def decode_activation(cls, field, config):
            calls.append(("decode", field.name))
            return config["class_name"]

    layer_class = form.apply(Hooked)
    config = layer_class("mine").get_config()
    assert calls == [("resolve", "activation"), ("validate", "activation"), ("encode", "activation")]
    calls.clear()
    assert layer_class.from_config(config).activation is keras.activations.tanh
    assert calls == [("decode", "activation"), ("resolve", "activation"), ("validate", "activation")]


def test_hooks_of_a_field(form):
    """One field may have hooks of its own."""

    class Two(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, gate_activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation, self.gate_activation = activation, gate_activation

        def call(self, inputs):
            return inputs

    own = sa.ActivationField(
        name="gate_activation",
        resolver=lambda value: value,
        encoder=lambda value: {"class_name": "number", "config": {"value": value}},
        decoder=lambda config: config["config"]["value"],
    )
    layer = form.apply(Two, fields=["activation", own])("relu", "anything")
    assert assert_equal(layer).gate_activation == "anything"


def test_load_model_raises_our_error(form, tmp_path):
    """A file whose activation cannot be found says so in one typed error, through Keras's own loader."""

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
    """Values for ``*args`` cannot be in a config by name; a class that stores them itself may take them."""

    class Nameless(*form.bases, keras.layers.Layer):
        def __init__(self, *activations, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError, match="no names"):
        form.apply(Nameless)("relu", "tanh")


def test_what_build_makes_of_an_activation_is_not_stored(form):
    """A layer that wraps its activation in build is given the same again, and wraps it once."""

    class WrapsLate(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def build(self, shape):
            inner = self.activation
            self.activation = lambda x: inner(x) * 2

        def call(self, inputs):
            return self.activation(inputs)

    layer = form.apply(WrapsLate)("tanh")
    layer(X)
    assert layer.get_config()["activation"] == "tanh"
    assert_equal(layer)


def test_a_list_that_the_constructor_changes_is_stored_as_it_was(form):
    """What is stored is what was given, not what was left of it; other arguments too."""

    class Pops(*form.bases, keras.layers.Layer):
        def __init__(self, activations, options=None, **kwargs):
            super().__init__(**kwargs)
            self.last = keras.activations.get(activations.pop())
            self.gain = options.pop("gain")

        def call(self, inputs):
            return self.last(inputs) * self.gain

    layer = form.apply(Pops)(["relu", "tanh"], options={"gain": 3.0})
    assert layer.get_config()["activations"] == ["relu", "tanh"]
    assert_equal(layer)


def test_an_author_who_writes_both_halves_may_name_the_field_otherwise(form):
    """Another key, and a from_config that reads it: nothing that it does not know is put in its way."""

    class OtherKey(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

        def get_config(self):
            return {**super().get_config(), "act": keras.activations.serialize(self.activation)}

        @classmethod
        def from_config(cls, config):
            config = dict(config)
            return cls(activation=keras.activations.deserialize(config.pop("act")), **config)

    for given in ("tanh", keras.ops.gelu, keras.layers.LeakyReLU(negative_slope=0.7)):
        assert_equal(form.apply(OtherKey)(given))


@pytest.mark.parametrize(
    "given",
    [keras.layers.Dense(5, activation=keras.ops.gelu), keras.layers.Dense(5, activation=np.tanh)],
    ids=["another", "lost"],
)
def test_layers_given_as_other_arguments_are_checked_too(form, given):
    """A layer without get_config stores them, and holds them to the same rules."""

    class Holder(*form.bases, keras.layers.Layer):
        def __init__(self, inner=None, **kwargs):
            super().__init__(**kwargs)
            self.inner = inner

    with pytest.raises(UnserializableActivationError):
        form.apply(Holder)(given)


def test_a_subclass_without_kwargs_of_a_keras_layer_works(form):
    """What Keras's own from_config adds is not handed to a constructor that does not take it."""

    class Bare(*form.bases, keras.layers.Dense):
        def __init__(self, units, activation=None):
            super().__init__(units, activation=activation)

    assert_equal(form.apply(Bare)(3, keras.ops.gelu))


def test_tuples_among_other_arguments_stay_tuples(form):
    """A constructor that asks ``isinstance(x, tuple)`` gets the same answer after a load."""

    class Sizes(*form.bases, keras.layers.Layer):
        def __init__(self, sizes=((1, 2), [3]), activation=None, **kwargs):
            super().__init__(**kwargs)
            self.factor = 2.0 if isinstance(sizes, tuple) and isinstance(sizes[0], tuple) else 1.0

        def call(self, inputs):
            return inputs * self.factor

    assert assert_equal(form.apply(Sizes)()).factor == 2.0


def test_tuples_of_activations_come_back_from_h5(form, tmp_path):
    """Keras's reader of that format has a mark for tuples of its own: ours is the same."""

    class Branches(*form.bases, keras.layers.Layer):
        def __init__(self, activations=("relu",), **kwargs):
            super().__init__(**kwargs)
            self.activations = activations

        def call(self, inputs):
            assert isinstance(self.activations, tuple)
            return sum(sa.get(activation)(inputs) for activation in self.activations)

    model = keras.Sequential([keras.Input((5,)), form.apply(Branches)(("relu", keras.ops.gelu))])
    expected = keras.ops.convert_to_numpy(model(X))
    model.save(tmp_path / "model.h5")
    assert np.array_equal(keras.ops.convert_to_numpy(keras.models.load_model(tmp_path / "model.h5")(X)), expected)


def test_a_functional_subclass_may_hold_its_activation(form):
    """The graph has built it already; there is no call to trace."""

    class HoldsGraph(*form.bases, keras.Model):
        def __init__(self, width=3, activation="relu", **kwargs):
            inputs = keras.Input((5,))
            super().__init__(inputs, sa.layers.Dense(width, activation=activation)(inputs), **kwargs)
            self.activation = activation

    model = form.apply(HoldsGraph)(activation=keras.layers.PReLU())
    assert len(model.weights) == 3


def test_pass_through_constructors_lose_nothing(form):
    """What goes through ``*args`` has the parent's names."""

    class Factors(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", factor=1.0, **kwargs):
            super().__init__(**kwargs)
            self.activation, self.factor = keras.activations.get(activation), factor

        def call(self, inputs):
            return self.activation(inputs) * self.factor

        def get_config(self):
            return {**super().get_config(), "factor": self.factor}

    class PassesOn(form.apply(Factors)):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    assert assert_equal(PassesOn("tanh", 3.0)).factor == 3.0


def test_a_subclass_may_change_what_it_hands_on(form):
    """Its own argument is stored, not what its parent made of it; what it passes on unchanged may change later."""

    class Offsets(*form.bases, keras.layers.Layer):
        def __init__(self, factor=1.0, offset=0.0, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation, self.factor, self.offset = keras.activations.get(activation), factor, offset

        def call(self, inputs):
            return self.activation(inputs) * self.factor + self.offset

        def get_config(self):
            return {**super().get_config(), "factor": self.factor, "offset": self.offset}

    class DoublesFactor(form.apply(Offsets)):
        def __init__(self, factor=1.0, offset=0.0, **kwargs):
            super().__init__(factor=factor * 2, offset=offset, **kwargs)

    layer = DoublesFactor(3.0, activation=keras.ops.gelu)
    layer.offset = 0.5
    revived = assert_equal(layer)
    assert (revived.factor, revived.offset) == (6.0, 0.5)


def test_a_subclass_of_keras_own_may_change_what_it_hands_on(form):
    """Stock Keras's get_config tells what the parent was given; what is stored is what the class was given."""

    class Wide(*form.bases, keras.layers.Dense):
        def __init__(self, units, **kwargs):
            super().__init__(units * 2, **kwargs)

    layer = form.apply(Wide)(3, activation=keras.ops.gelu)
    assert assert_equal(layer).units == 6
    assert layer.get_config()["units"] == 3


def test_a_property_or_method_of_the_fields_name_is_no_assignment(form):
    """What was given is stored, whatever the class shows under the name."""

    class ShowsNames(*form.bases, keras.layers.Layer):
        def __init__(self, activations=("relu",), gate_activation="relu", **kwargs):
            super().__init__(**kwargs)
            self._functions = [sa.get(activation) for activation in activations]
            self._gate = sa.get(gate_activation)

        @property
        def activations(self):
            return [str(function) for function in self._functions]

        def gate_activation(self, inputs):
            return self._gate(inputs)

        def call(self, inputs):
            for function in self._functions:
                inputs = function(inputs)
            return self.gate_activation(inputs)

    assert_equal(form.apply(ShowsNames)([keras.ops.gelu], gate_activation="tanh"))


class Size(NamedTuple):
    height: float
    width: float


@pytest.mark.parametrize(
    "value",
    [{1: 5.0}, Size(3.0, 4.0), [Size(3.0, 4.0)], {"class_name": "Mine", "config": {}}, len],
    ids=["int keys", "namedtuple", "list of namedtuples", "like a config", "function"],
)
def test_arguments_that_would_come_back_changed_are_refused(form, value):
    """A dict with other keys, a tuple of another type: not what was given."""

    class TakesTable(*form.bases, keras.layers.Layer):
        def __init__(self, table=None, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError) as caught:
        form.apply(TakesTable)(value)
    assert caught.value.argument == "table"


def test_positional_only_arguments_are_refused(form):
    """A config holds arguments by name."""

    class PositionalOnly(*form.bases, keras.layers.Layer):
        def __init__(self, factor, /, activation="relu", **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(LayerArgumentError, match="no name"):
        form.apply(PositionalOnly)(3.0)


def test_arguments_among_further_keywords_come_back(form):
    """Tuples and Keras objects in ``**options`` too, and nested lists as they were given."""

    class FurtherOptions(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **options):
            super().__init__(**{key: options.pop(key) for key in ("name", "dtype", "trainable") if key in options})
            self.activation = keras.activations.get(activation)
            self.options = dict(options)
            self.gain = float(sum(options["nested"]["gains"]))
            options["nested"]["gains"].pop()

        def call(self, inputs):
            return self.activation(inputs) * self.gain

    layer = form.apply(FurtherOptions)(
        sizes=(1, 2), regularizer=keras.regularizers.L2(0.5), nested={"gains": [3.0, 4.0]}
    )
    revived = assert_equal(layer)
    assert revived.options["sizes"] == (1, 2)
    assert revived.options["regularizer"].l2 == pytest.approx(0.5)
    assert revived.gain == 7.0


@pytest.mark.parametrize("wrapper", [keras.layers.Wrapper, keras.layers.TimeDistributed])
def test_a_wrapper_needs_no_get_config(form, wrapper):
    """What a from_config of Keras reads itself is left to it."""

    class WrapsLayer(*form.bases, wrapper):
        def __init__(self, layer, activation=None, **kwargs):
            super().__init__(layer, **kwargs)
            self.activation = sa.get(activation)

        def call(self, inputs):
            return self.activation(self.layer(inputs))

    layer = form.apply(WrapsLayer)(keras.layers.Dense(3), keras.ops.gelu)
    config = json.loads(json.dumps(layer.get_config()))
    revived = type(layer).from_config(config)
    assert (revived.layer.units, revived.get_config()) == (3, layer.get_config())


def test_a_model_without_a_constructor_is_made_as_keras_makes_it(form):
    """``Model(inputs, outputs)`` of a subclass that only trains in its own way."""

    class TrainsAlone(*form.bases, keras.Model):
        def train_step(self, *args):
            return super().train_step(*args)

    inputs = keras.Input((5,))
    model = form.apply(TrainsAlone)(inputs, sa.layers.Dense(3, activation=keras.ops.gelu)(inputs))
    revived = revive(model)
    revived.set_weights(model.get_weights())
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


def test_a_layer_that_makes_another_of_its_class_is_read_alone(form):
    """What was stored for the outer one is not given to the inner one."""

    class GrowsTree(*form.bases, keras.layers.Layer):
        def __init__(self, depth=0, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.depth, self.act = depth, keras.activations.get(activation)
            self.child = type(self)(depth - 1, activation="tanh") if depth else None

        def call(self, inputs):
            return self.act(self.child(inputs) if self.depth else inputs)

        def get_config(self):
            return {**super().get_config(), "depth": self.depth, "act": keras.activations.serialize(self.act)}

        @classmethod
        def from_config(cls, config):
            config = dict(config)
            return cls(activation=keras.activations.deserialize(config.pop("act")), **config)

    assert_equal(form.apply(GrowsTree)(1, "gelu"))


def test_an_activation_out_of_keras_sight_is_refused(form):
    """A function that closes over it hides its weights: they would be neither counted nor saved."""

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
