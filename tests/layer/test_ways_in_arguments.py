"""The mixin and the decorator: how the arguments of a constructor that are no activations come back."""

import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.forms import FORMS
from tests.helpers.round_trips import X, assert_equal

pytestmark = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def test_undecorated_subclasses_keep_their_arguments(form):
    """A subclass that is not decorated keeps its activations and its own arguments."""

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


def test_a_constructor_without_kwargs_works(form):
    """Name, trainable and dtype come back, even if the constructor does not take them."""

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


def test_a_list_that_the_constructor_changes_is_stored_as_it_was(form):
    """A list that the constructor changes is stored as it was given, also in another argument."""

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
    """Tuples of activations come back from HDF5, where Keras has its own mark for tuples."""

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


def test_pass_through_constructors_lose_nothing(form):
    """Arguments that go through ``*args`` are stored by the names of the parent."""

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
    """The config has the argument of the subclass, and not what it passed to its parent."""

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
    """The config has what the class was given, where stock Keras's get_config has what the parent was given."""

    class Wide(*form.bases, keras.layers.Dense):
        def __init__(self, units, **kwargs):
            super().__init__(units * 2, **kwargs)

    layer = form.apply(Wide)(3, activation=keras.ops.gelu)
    assert assert_equal(layer).units == 6
    assert layer.get_config()["units"] == 3


def test_arguments_among_further_keywords_come_back(form):
    """Tuples, Keras objects and nested lists in ``**options`` come back."""

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
    """What Keras's own from_config of a wrapper reads is left to it."""

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


def test_numbers_and_flags_are_no_fields(form):
    """An argument whose default is a number or a bool is not a field, whatever its name is."""

    class Flags(*form.bases, keras.layers.Layer):
        def __init__(self, use_gated_activation=True, num_activations=2, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.flags = (use_gated_activation, num_activations)

        def call(self, inputs):
            return inputs * self.flags[1]

    layer_class = form.apply(Flags)
    assert [field.name for field in sa.activation_fields(layer_class)] == ["activation"]
    assert assert_equal(layer_class(False, 3)).flags == (False, 3)
