"""What contains itself, or is nested too deeply for Keras, is refused when it is given, by an error of ours."""

import functools
import inspect
import pickle

import keras
import pytest

import serialactivation as sa
from serialactivation.codec.nesting_depth import is_endless, is_too_deep
from tests.helpers.forms import FORMS


def make_list():
    value = []
    value.append(value)
    return value


def make_list_twice():
    """Return a list with two ways into itself at each level: twice as many at each next one."""
    value = ["relu"]
    value += [value, value]
    return value


def make_dict():
    value = {}
    value["inner"] = value
    return value


def make_tuple():
    value = ([],)
    value[0].append(value)
    return value


def make_mixed():
    value = {"inner": ["relu"]}
    value["inner"].append((value,))
    return value


def make_config():
    value = {"class_name": "ReLU", "config": {}}
    value["config"]["inner"] = value
    return value


def make_deep():
    value = "relu"
    for _ in range(5_000):
        value = [value]
    return value


def make_partial():
    return functools.partial(keras.activations.relu, max_value=make_list())


def make_partial_in_dict():
    return {"inner": functools.partial(keras.activations.relu, max_value=make_dict())}


MAKERS = [
    make_list,
    make_list_twice,
    make_dict,
    make_tuple,
    make_mixed,
    make_config,
    make_deep,
    make_partial,
    make_partial_in_dict,
]


@pytest.mark.parametrize("make", MAKERS)
def test_it_is_refused_where_it_is_given(make):
    """A value that contains itself is refused with the layer and the argument in an error that can be shown."""
    for give in (
        lambda value: sa.layers.Dense(2, activation=value),
        lambda value: sa.layers.Activation(value),
        lambda value: sa.layers.LSTM(2, "tanh", value),
    ):
        with pytest.raises(sa.ActivationError, match=r"(Dense|Activation|LSTM)\((recurrent_)?activation=\.\.\.\)"):
            give(make())
    for give in (sa.get, sa.serialize):
        with pytest.raises(sa.ActivationError) as caught:
            give(make())
        assert str(caught.value)


@pytest.mark.parametrize("make", MAKERS[:-2])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_another_argument_is_refused_too(make, form):
    """Any argument that contains itself is refused, of a layer that has no config of its own."""

    class Options(*form.bases, keras.layers.Layer):
        def __init__(self, activation="relu", options=None, **kwargs):
            super().__init__(**kwargs)
            self.activation, self.options = activation, options

    layer_class = form.apply(Options)
    with pytest.raises(sa.ActivationError, match=r"\(options=\.\.\.\)"):
        layer_class("relu", make())
    with pytest.raises(sa.ActivationError, match=r"\(options=\.\.\.\)"):
        layer_class(options=make())
    assert layer_class("relu", [[1, 2]]).get_config()["options"] == [[1, 2]]


@pytest.mark.parametrize("make", MAKERS[:-2])
def test_it_is_refused_where_it_is_read_or_assigned(make):
    """A config that was made by hand may hold itself."""
    config = sa.layers.Dense(2).get_config()
    with pytest.raises(sa.ActivationError):
        sa.layers.Dense.from_config({**config, "activation": make()})
    layer = sa.layers.Dense(2, "tanh")
    with pytest.raises(sa.ActivationError):
        layer.activation = make()
    assert layer.get_config()["activation"] == "tanh"


def test_what_holds_one_thing_often_is_no_deeper_for_that():
    """It is looked into once at each level."""
    value = ["relu"]
    for _ in range(90):
        value = [value, value, value]
    assert not is_too_deep(value)
    assert not is_endless(value)
    assert is_too_deep([[value] * 9] * 20, 50)


def test_a_class_is_called_as_its_constructor_says():
    """Though what has no end is looked for before the constructor runs."""
    for layer_class in (sa.layers.Dense, sa.layers.LSTM):
        stock = inspect.signature(getattr(keras.layers, layer_class.__name__))
        assert list(inspect.signature(layer_class).parameters) == list(stock.parameters)
    layer = sa.layers.Dense(2, functools.partial(keras.activations.relu, max_value=1.0))
    assert pickle.loads(pickle.dumps(layer)).get_config() == layer.get_config()
