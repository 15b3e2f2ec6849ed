"""``serialactivation lint``: what is found of the activations that layers are given, and what is left alone."""

import pytest

from serialactivation.rules.source import SOURCE
from tests.helpers.sources import GOT, KEPT, KERAS, OF_ARGUMENTS, RAW, REGISTERED, codes, find, layer

pytestmark = pytest.mark.once

FUNCTIONS = """
def bent(x):
    return x

@keras.saving.register_keras_serializable()
def named(x):
    return x

@mine.register
def decorated(x):
    return x

def relu(x):
    return x

@keras.saving.register_keras_serializable()
class Bent(layers.Layer):
    pass

import math
import jax.numpy as jnp
import numpy
import numpy as np
from scipy.special import expit

typed = "gelu2"
leaky = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
square = lambda x: x * x

def make(scale, given):
    def scaled(x):
        return x * scale
    return layers.Dense(3, activation=VALUE)

class Bends:
    def make(self, given):
        return 1
"""
STOCK = {
    "lambda x: x": ["SA407"],
    "square": ["SA407"],
    "bent": ["SA408"],
    "scaled": ["SA408"],
    "relu": ["SA410"],
    "leaky": ["SA409"],
    "functools.partial(bent)": ["SA409"],
    "keras.ops.gelu": ["SA410"],
    "keras.ops.sin": ["SA410"],
    "jax.nn.gelu": ["SA410"],
    "jax.nn.silu": ["SA410"],
    "jax.nn.softmax": [],
    "keras.ops.relu": [],
    "keras.ops.sigmoid": [],
    "keras.activations.gelu": [],
    "named": [],
    "decorated": [],
    "given": [],
    "'relu'": [],
    "None": [],
    "unknown": [],
    "mine.function": [],
    "layers.LeakyReLU(0.1)": [],
    "self.activation": [],
    "keras.activations.get('relu')": [],
    "layers.ReLU": ["SA413"],
    "keras.layers.PReLU": ["SA413"],
    "sa.layers.Dense": ["SA413"],
    "Bent": ["SA413"],
    "Bends": [],
    "Bent()": [],
    "'LeakyReLU'": ["SA414"],
    "'reluu'": ["SA414"],
    "'Tanh'": ["SA414"],
    "'my_package>bent'": ["SA414"],
    "''": ["SA414"],
    "typed": ["SA414"],
    "'swish'": [],
    "np.tanh": ["SA415"],
    "numpy.abs": ["SA415"],
    "math.tanh": ["SA415"],
    "expit": ["SA415"],
    "jnp.tanh": [],
    "np.vectorize(bent)": [],
    "np": [],
}
OURS = {
    "lambda x: x",
    "square",
    "bent",
    "scaled",
    "relu",
    "functools.partial(bent)",
    "layers.ReLU",
    "keras.layers.PReLU",
}
OURS |= {"sa.layers.Dense", "Bent", "'LeakyReLU'", "np.tanh", "numpy.abs", "math.tanh", "expit"}


@pytest.mark.parametrize(("value", "expected"), STOCK.items(), ids=STOCK)
def test_what_a_stock_layer_is_given_is_judged(value, expected):
    """Activations that Keras loses have findings; those that it stores, and those that are not known, have none."""
    assert codes(KERAS + FUNCTIONS.replace("VALUE", value)) == expected


@pytest.mark.parametrize("value", STOCK, ids=STOCK)
def test_what_a_layer_of_ours_is_given_is_judged(value):
    """It keeps what Keras loses, and refuses the rest at once: that is reported in other words."""
    found = find(KERAS + FUNCTIONS.replace("VALUE", value).replace("layers.Dense", "sa.layers.Dense"))
    assert bool(found) == (value in OURS)


CALLS = {
    "layers.Dense(3, lambda x: x)": ["SA407"],
    "layers.Activation(lambda x: x)": ["SA407"],
    "layers.LSTM(3, 'tanh', lambda x: x)": ["SA407"],
    "layers.LSTM(3, recurrent_activation=lambda x: x)": ["SA407"],
    "layers.Bidirectional(layers.GRU(3, activation=lambda x: x))": ["SA407"],
    "layers.Conv2D(3, 3, activation=lambda x: x)": ["SA407"],
    "keras.Sequential([layers.Dense(1), layers.Dense(3, activation=lambda x: x)])": ["SA407"],
    "layers.Lambda(lambda x: x)": [],
    "layers.Dense(*sizes, lambda x: x)": [],
    "layers.Dense(3, kernel_initializer=lambda x: x)": [],
    "mine.Dense(3, activation=lambda x: x)": [],
    "unknown(3, activation=lambda x: x)": [],
}


@pytest.mark.parametrize(("call", "expected"), CALLS.items(), ids=CALLS)
def test_activations_are_found_in_calls(call, expected):
    """By keyword, and by position where it is known."""
    assert codes(f"{KERAS}layer = {call}\n") == expected


def test_a_name_that_custom_objects_may_hold_is_left_alone():
    """Keras 2 found it there."""
    call = "layer = layers.Dense(3, activation='mine')\n"
    assert codes(KERAS + call) == ["SA414"]
    assert codes(f"{KERAS}keras.saving.get_custom_objects()['mine'] = f\n{call}") == []


BEND = "bend = layers.PReLU()\n"
TWO = "layers.Dense(3, activation=bend), layers.Dense(3, bend)"
SHARED = {
    "in a list": (f"{BEND}model = keras.Sequential([keras.Input((3,)), {TWO}])\n", ["SA416"]),
    "three times": (f"{BEND}model = keras.Sequential([{TWO}, layers.Dense(3, activation=bend)])\n", ["SA416"]),
    "added": (
        f"{BEND}model = keras.Sequential()\nmodel.add(layers.Dense(3, activation=bend))\n"
        "model.add(layers.Conv1D(3, 3, activation=bend))\n",
        ["SA416"],
    ),
    "in a graph": (
        f"def make(x):\n    {BEND}    y = layers.Dense(3, activation=bend)(x)\n"
        "    return keras.Model(x, layers.Dense(3, activation=bend)(y))\n",
        ["SA416"],
    ),
    "a normalization": (
        f"bend = layers.BatchNormalization()\nmodel = keras.Sequential([{TWO}])\n",
        ["SA416"],
    ),
    "without weights": (f"bend = layers.LeakyReLU()\nmodel = keras.Sequential([{TWO}])\n", []),
    "of ours": (f"{BEND}model = keras.Sequential([{TWO.replace('layers', 'sa.layers')}])\n", []),
    "once": (f"{BEND}model = keras.Sequential([layers.Dense(3, activation=bend)])\n", []),
    "one each": ("model = keras.Sequential([layers.Dense(3, activation=layers.PReLU()) for _ in range(2)])\n", []),
    "bound twice": (f"{BEND}bend = layers.PReLU()\nmodel = keras.Sequential([{TWO}])\n", []),
    "in two models": (
        f"{BEND}one = keras.Sequential([layers.Dense(3, activation=bend)])\n"
        "two = keras.Sequential([layers.Dense(3, activation=bend)])\n",
        [],
    ),
    "in two graphs": (
        f"{BEND}one = keras.Model(x, layers.Dense(3, activation=bend)(x))\n"
        "two = keras.Model(x, layers.Dense(3, activation=bend)(x))\n",
        [],
    ),
    "in one of two branches": (
        f"{BEND}model = keras.Sequential()\nif deep:\n    model.add(layers.Dense(3, activation=bend))\n"
        "else:\n    model.add(layers.Dense(4, activation=bend))\n",
        [],
    ),
    "made elsewhere": (f"{BEND}def make():\n    return keras.Sequential([{TWO}])\n", []),
    "as an argument": (f"def make(bend):\n    return keras.Sequential([{TWO}])\n", []),
}


@pytest.mark.parametrize(("text", "expected"), SHARED.values(), ids=SHARED)
def test_an_activation_that_layers_of_one_model_share_is_found(text, expected):
    """The finding is made only if the layers certainly belong to one model."""
    assert codes(KERAS + text) == expected


OBJECTS = """
import dataclasses
from typing import Any, NamedTuple
@dataclasses.dataclass
class Config:
    units: int = 4
    activation: Any = None
ABOVE
class Net(keras.layers.Layer):
    def __init__(self, config: Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.fn = keras.activations.get(config.activation)
    def call(self, inputs):
        return self.fn(inputs)
    def get_config(self):
        return {**super().get_config(), "config": CONFIG}
layer = Net(Config(GIVEN))
"""


def hold(given, config, above=REGISTERED, **replaced):
    """Return the source of a layer that holds a configuration object."""
    text = KERAS + OBJECTS.replace("ABOVE", above).replace("CONFIG", config).replace("GIVEN", given)
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


FIELD = "{'activation': keras.activations.serialize(self.config.activation)}"
WHOLE = "dataclasses.asdict(self.config)"
HELD = {
    "a field": (hold("activation=keras.ops.gelu", FIELD), ["SA406", "SA410"]),
    "a field, by position": (hold("3, keras.ops.gelu", FIELD), ["SA406", "SA410"]),
    "a field that is no name": (hold("3, keras.ops.gelu", FIELD, Any="Callable"), ["SA410"]),
    "a field, a lambda": (hold("3, lambda x: x", FIELD, Any="Callable"), ["SA407"]),
    "a field, by a name": (
        hold("3, keras.ops.gelu", FIELD, Any="Callable", **{"Net(Config": "settings = Config", "gelu))": "gelu)"})
        + "layer = Net(config=settings)\n",
        ["SA410"],
    ),
    "a named tuple": (
        hold(
            "3, keras.ops.gelu",
            FIELD,
            Any="Callable",
            **{"@dataclasses.dataclass\n": "", "Config:\n": "Config(NamedTuple):\n"},
        ),
        ["SA410"],
    ),
    "as a dict": (
        hold(
            "3, keras.ops.gelu",
            "keras.saving.serialize_keras_object(self.config)",
            **{
                "\nclass Net": "\nclass Net",
                "activation: Any = None\n": "activation: Any = None\n    def get_config(self):\n"
                "        return dataclasses.asdict(self)\n",
            },
        ),
        ["SA410"],
    ),
    "a function that comes back": (hold("3, keras.activations.gelu", FIELD, Any="Callable"), []),
    "an object without a config of its own": (
        hold("3, keras.ops.gelu", "keras.saving.serialize_keras_object(self.config)"),
        [],
    ),
    "kept by this package": (hold("3, keras.ops.gelu", FIELD, above="@sa.serializable_activation\n"), []),
    "settled in the object": (
        hold(
            "3, keras.ops.gelu",
            FIELD,
            **{"activation: Any = None": "activation: Any = None\n    def __post_init__(self): settle(self)"},
        ),
        [],
    ),
    "another object": (hold("3, keras.ops.gelu", FIELD, **{"@dataclasses.dataclass": "@mine.config"}), []),
    "another attribute": (
        hold("3, keras.ops.gelu", FIELD, **{"self.config = config": "self.config = settle(config)"}),
        [],
    ),
    "another field": (hold("3, keras.ops.gelu", "{'units': self.config.units}"), []),
}


@pytest.mark.parametrize(("text", "expected"), HELD.values(), ids=HELD)
def test_an_activation_in_a_configuration_object_is_judged(text, expected):
    """The finding is made if the layer stores the activation as Keras stores functions."""
    assert sorted(codes(text)) == expected


def test_a_sublayer_that_a_layer_makes_is_left_alone():
    """An activation that a layer gives to a sublayer is no finding: the layer makes it again."""
    assert codes(layer(f"{GOT}; self.dense = layers.Dense(3, activation=lambda x: x)")) == []


def test_a_layer_of_ones_own_is_given_activations_too():
    """A call of a user's layer is examined if the layer stores activations as Keras or this package does."""
    given = "made = Gated(activation=lambda x: x)\nothers = Gated(activation='relu')\n"
    assert codes(layer() + given) == ["SA407"]
    assert codes(layer(config=RAW, above=KEPT[0]) + given) == ["SA407"]
    assert codes(layer(GOT, config="'activation': name_of(self.activation)") + given) == []


def test_the_evidence_tells_what_happens():
    """It says what a load makes of the activation, or that a layer of this package refuses it."""
    call = "layer = {}.Dense(3, activation={})\n"
    expected = {
        ("layers", "keras.ops.gelu"): "loads keras.activations.gelu",
        ("layers", "keras.ops.sin"): "no function of that name",
        ("layers", "jax.nn.silu"): "not a plain Python function",
        ("sa.layers", "lambda x: x"): "refuses when it is created",
        ("layers", "lambda x: x"): "refuses to load",
    }
    for (module, value), text in expected.items():
        (found,) = find(KERAS + call.format(module, value))
        assert text in found.evidence


def test_what_may_be_registered_elsewhere_is_left_alone():
    """A function that is passed in custom_objects, or handed to what is not known."""
    source = f"{KERAS}def bent(x):\n    return x\n{{}}\nlayer = layers.Dense(3, activation=bent)\n"
    assert codes(source.format("")) == ["SA408"]
    for line in (
        "keras.saving.get_custom_objects()['bent'] = bent",
        "keras.saving.register_keras_serializable('lint')(bent)",
        "register(bent)",
        "from keras.saving import custom_object_scope",
    ):
        assert codes(source.format(line)) == []


def test_every_code_of_an_activation_has_a_source_with_it():
    """Each code of a finding on a given activation is found in a source of these tests."""
    found = {code for expected in STOCK.values() for code in expected}
    found |= {code for _, expected in SHARED.values() for code in expected}
    assert found == OF_ARGUMENTS <= {entry.code for entry in SOURCE}
