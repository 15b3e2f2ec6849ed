"""What is refused while Keras runs a layer: the user sees the refusal, and not what Keras makes of it."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors

X = np.ones((2, 3), "float32")


class Late(sa.SerializableActivationMixin, keras.layers.Layer, package="refusals"):
    """Refuses in its call, once it is set to."""

    refuses = True

    def call(self, inputs):
        return self.refuse(inputs) if self.refuses else inputs


class Getting(Late, package="refusals"):
    def refuse(self, inputs):
        return sa.get(lambda x: x)(inputs)


class Misspelling(Late, package="refusals"):
    def refuse(self, inputs):
        return sa.get("reluu")(inputs)


class Making(Late, package="refusals"):
    def refuse(self, inputs):
        return sa.layers.Dense(3, activation=lambda x: x, name="head")(inputs)


class Assigning(Late, package="refusals"):
    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def refuse(self, inputs):
        self.activation = lambda x: x
        return inputs


class Reading(Late, package="refusals"):
    def refuse(self, inputs):
        return sa.deserialize({"class_name": "Nothing", "config": {}, "module": "nowhere"})(inputs)


class Saying(Late, package="refusals"):
    def refuse(self, inputs):
        raise sa.ActivationError("Saying takes no such activation: pass 'tanh'")


class UsersError(sa.ActivationError, ValueError):
    def __init__(self, layer, activation):
        super().__init__(layer, activation)
        self.layer = layer

    def __str__(self):
        return f"{self.layer} wants something else"


class SayingMore(Late, package="refusals"):
    def refuse(self, inputs):
        raise UsersError("SayingMore", "tanh")


# The class of the layer, of the error, and what its text names.
CASES = {
    "get": (Getting, errors.UnserializableActivationError, ("Getting", "<lambda>", "register_keras_serializable")),
    "unknown name": (Misspelling, errors.UnknownActivationError, ("Misspelling", "'reluu'", "'relu'")),
    "another layer": (Making, errors.UnserializableActivationError, ("Dense 'head'", "activation=", "<lambda>")),
    "assignment": (Assigning, errors.UnserializableActivationError, ("Assigning", "activation=", "<lambda>")),
    "config": (Reading, errors.ActivationConfigError, ("$", "Nothing")),
    "a plain error": (Saying, sa.ActivationError, ("Saying", "pass 'tanh'")),
    "a user's error": (SayingMore, UsersError, ("SayingMore wants something else",)),
}

WAYS = {
    "call": lambda layer: layer(X),
    "symbolic call": lambda layer: layer(keras.Input((3,))),
    "Sequential": lambda layer: keras.Sequential([keras.Input((3,)), layer]),
    "Sequential, called": lambda layer: keras.Sequential([layer])(X),
    "compute_output_spec": lambda layer: layer.compute_output_spec(keras.KerasTensor((None, 3))),
    "inside a layer": lambda layer: keras.layers.TimeDistributed(layer)(np.ones((2, 4, 3), "float32")),
    "predict": lambda layer: later(layer).predict(X, verbose=0),
}


def later(layer):
    """Return a model whose layer refuses once it is compiled."""
    layer.refuses = False
    model = keras.Sequential([keras.Input((3,)), layer, keras.layers.Dense(3)])
    model.compile("sgd", "mse")
    layer.refuses = True
    return model


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("layer_class", "kind", "facts"), CASES.values(), ids=CASES)
def test_the_refusal_reaches_the_user(layer_class, kind, facts, way):
    """The refusal keeps its class, and names layer, argument and cure; what Keras adds about the call is a note."""
    with pytest.raises(kind) as caught:
        way(layer_class(name="late"))
    error = caught.value
    assert type(error) is kind
    assert all(fact in str(error) for fact in facts)
    assert "\x1b" not in "".join([str(error), *error.__notes__])
    assert any("calling" in note or "infer" in note for note in error.__notes__)


@pytest.mark.parametrize(("layer_class", "kind", "facts"), CASES.values(), ids=CASES)
def test_the_text_of_a_refusal_in_training_is_the_same(layer_class, kind, facts):
    """Where Keras raises an error of its own in training, it has the text of the refusal."""
    with pytest.raises((kind, RuntimeError)) as caught:
        later(layer_class(name="late")).fit(X, X, verbose=0)
    assert all(fact in str(caught.value) for fact in facts)
    assert "\x1b" not in str(caught.value)


def test_the_note_says_what_the_call_was_given():
    """The note lists the arguments of the call, as Keras does for any error."""
    with pytest.raises(sa.ActivationError) as caught:
        Saying()(X)
    (note,) = caught.value.__notes__
    assert note.startswith("Exception encountered when calling Saying.call().\nArguments received by Saying.call():")
    assert "2, 3" in note


def test_the_whole_traceback_has_the_same_text():
    """The refusal has the same text if Keras does not filter the traceback."""
    keras.config.disable_traceback_filtering()
    try:
        with pytest.raises(errors.UnserializableActivationError) as caught:
            Making()(X)
    finally:
        keras.config.enable_traceback_filtering()
    assert "Dense 'head'" in str(caught.value)


class Building(sa.SerializableActivationMixin, keras.layers.Layer, package="refusals"):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.inner = sa.layers.Dense(3, activation=lambda x: x, name="inner")

    def call(self, inputs):
        return self.inner(inputs)


def test_a_refusal_in_build_is_its_own():
    """A refusal in a build keeps its text, whether the owner or the activation is built."""
    with pytest.raises(errors.UnserializableActivationError, match="Dense 'inner'"):
        Building()(X)
    shared = keras.layers.PReLU()
    keras.Sequential([keras.Input((3,)), sa.layers.Dense(3, activation=shared)])
    with pytest.raises(errors.ActivationBuildError, match=r"second\(activation=...\)"):
        sa.layers.Dense(4, activation=shared, name="second")(X)


@pytest.mark.once
def test_an_error_of_one_text_is_made_while_another_is_handled():
    """Only an error that contains the text of the refusal is taken for the refusal."""
    second, same = remake(errors.UnknownActivationError("reluu"), "my_reluu", "reluu")
    assert (second.name, same.name) == ("my_reluu", "reluu")
    second, same = remake(sa.ActivationError("one"), "other", "one")
    assert (second.args, same.args) == (("other",), ("one",))


def remake(error, *texts):
    """Return errors of the class of *error*, of one text each, made while it is handled."""
    try:
        raise error
    except sa.ActivationError:
        made = [type(error)(text) for text in texts]
    assert error not in made
    return made
