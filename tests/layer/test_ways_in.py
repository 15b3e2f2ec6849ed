"""The mixin and the decorator: two doors, one room."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.spec.nested import flatten
from tests.helpers.forms import FORMS
from tests.helpers.round_trips import X, assert_equal, revive
from tests.matrix.values import bent

pytestmark = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


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
    """An author's get_config may leave the activation out, or contain it in any form."""

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


@pytest.mark.parametrize(
    "hold",
    [
        lambda one: [one, "tanh"],
        lambda one: (one, "tanh"),
        lambda one: ((one,), ("tanh", 3)),
        lambda one: {"first": (one, "tanh")},
    ],
    ids=["list", "tuple", "nested", "dict"],
)
@pytest.mark.parametrize("make", [lambda: keras.ops.gelu, keras.layers.PReLU], ids=["function", "layer"])
def test_an_own_from_config_reads_containers(form, hold, make):
    """An author's from_config may read a list, tuple or dict of activations by Keras's reader."""

    class Several(*form.bases, keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            for one in flatten(self.activation):
                inputs = keras.activations.get(one)(inputs)
            return inputs

        def get_config(self):
            return {**super().get_config(), "activation": keras.saving.serialize_keras_object(self.activation)}

        @classmethod
        def from_config(cls, config):
            return cls(**{**config, "activation": keras.saving.deserialize_keras_object(config["activation"])})

    layer = form.apply(Several)(hold(make()))
    assert type(assert_equal(layer).activation) is type(layer.activation)


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
    """A constructor that compares a string gets the string, also in a load."""

    class Compares(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            return inputs * 2 if self.activation == "relu" else inputs

    revived = assert_equal(form.apply(Compares)("relu"))
    assert revived.activation == "relu"


@pytest.mark.parametrize("own_config", [False, True], ids=["no get_config", "get_config"])
def test_functions_stay_functions(form, own_config):
    """A constructor that calls what it was given gets one of Keras's functions again, and not its name."""

    class CallsGiven(*form.bases, keras.layers.Layer):
        def __init__(self, activation=keras.activations.relu, activations=(), **kwargs):
            super().__init__(**kwargs)
            self.activation, self.activations = activation, list(activations)

        def call(self, inputs):
            for function in (self.activation, *self.activations):
                inputs = function(inputs)
            return inputs

        if own_config:

            def get_config(self):
                stored = [keras.activations.serialize(function) for function in (self.activation, *self.activations)]
                return {**super().get_config(), "activation": stored[0], "activations": stored[1:]}

    layer_class = form.apply(CallsGiven)
    layer = layer_class(keras.activations.tanh, [keras.activations.elu, keras.activations.softplus])
    revived = assert_equal(layer)
    assert revived.activation is keras.activations.tanh
    assert_equal(layer_class())
    old = layer_class.from_config({**layer.get_config(), "activation": "tanh"})  # as earlier versions wrote it
    assert old.activation == "tanh"


def test_resolved_fields_arrive_as_callables(form):
    """A constructor gets a callable for a field with ``resolve=True``, whatever was given."""

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
    """Lists, tuples and dicts of activations are one field, and keep their type."""

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


def test_subclasses_may_be_decorated_again(form):
    """Decorating a subclass again has the effect of decorating it once."""

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
    """The arguments of a subclass are added to the config of Keras's get_config."""

    class Doubled(*form.bases, keras.layers.Dense):
        def __init__(self, units, factor=2.0, **kwargs):
            super().__init__(units, **kwargs)
            self.factor = factor

        def call(self, inputs):
            return super().call(inputs) * self.factor

    revived = assert_equal(form.apply(Doubled)(3, factor=5.0, activation=keras.layers.PReLU(), use_bias=False))
    assert (revived.factor, revived.use_bias) == (5.0, False)


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
    """A Functional subclass, whose bases Keras changes at its first instance, comes back."""

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
    """An activation that was assigned after construction comes back."""

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
    """The config has what was given, and not what the constructor made of it, so nothing nests deeper in each load."""

    class Wraps(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.layers.Activation(activation)

        def call(self, inputs):
            return self.activation(inputs)

    layer = form.apply(Wraps)(keras.ops.sin)
    assert layer.get_config()["activation"]["class_name"] == "Sin"
    assert_equal(layer)


def test_names_that_the_layer_understands_are_handed_on(form):
    """A declared name of the layer's own is passed on."""

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
    """Each hook is called once per field, and what it returns is used."""
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


def test_what_build_makes_of_an_activation_is_not_stored(form):
    """A layer that wraps its activation in build gets the same one in a load, and wraps it once."""

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


def test_an_author_who_writes_both_halves_may_name_the_field_otherwise(form):
    """A get_config and a from_config that use another key for the field get no key that they do not know."""

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


def test_a_functional_subclass_may_hold_its_activation(form):
    """A Functional subclass may hold an activation that its graph has built."""

    class HoldsGraph(*form.bases, keras.Model):
        def __init__(self, width=3, activation="relu", **kwargs):
            inputs = keras.Input((5,))
            super().__init__(inputs, sa.layers.Dense(width, activation=activation)(inputs), **kwargs)
            self.activation = activation

    model = form.apply(HoldsGraph)(activation=keras.layers.PReLU())
    assert len(model.weights) == 3


def test_a_property_or_method_of_the_fields_name_is_no_assignment(form):
    """The config has what was given, whatever the class has under the name of the field."""

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


def test_a_model_without_a_constructor_is_made_as_keras_makes_it(form):
    """``Model(inputs, outputs)`` of a subclass without a constructor is made as in Keras."""

    class TrainsAlone(*form.bases, keras.Model):
        def train_step(self, *args):
            return super().train_step(*args)

    inputs = keras.Input((5,))
    model = form.apply(TrainsAlone)(inputs, sa.layers.Dense(3, activation=keras.ops.gelu)(inputs))
    revived = revive(model)
    revived.set_weights(model.get_weights())
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


def test_a_layer_that_makes_another_of_its_class_is_read_alone(form):
    """A layer that makes another one of its class does not pass it what was stored for itself."""

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
