"""What ``serialactivation lint`` finds, in real Keras: each habit loses what it is said to lose."""

import importlib
import linecache
import warnings

import keras
import numpy as np
import pytest

from serialactivation.catalog import functions as catalog
from serialactivation.codec.known_functions.foreign_functions import BACKENDS
from serialactivation.lint.rules.loaded_functions import comes_back
from tests.helpers.sources import GIVEN, GOT, KERAS, codes, layer

pytestmark = pytest.mark.usefixtures("restore_registry")

X = np.linspace(-3, 3, 32, dtype="float32").reshape(8, 4)
VERSION = tuple(map(int, keras.__version__.split(".")[:2]))
FINDS_FUNCTIONS = VERSION >= (3, 16)
TARGET = keras.__version__
RAW = "'activation': self.activation"
IMPORTS = KERAS.replace("import jax\n", "")

OK, OTHER, NO_CALL, NO_SAVE, NO_LOAD = "comes back", "comes back as another", "no call", "no save", "no load"
LOST = {OTHER, NO_CALL, NO_SAVE, NO_LOAD}


def run(text, name):
    """Return what a source calls *name*, without JAX where it is not installed."""
    text, file = text.replace(KERAS, IMPORTS), "<layers>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # Keras shows a lambda's source
    namespace = {"__name__": "layers_of_a_test"}
    exec(compile(text, file, "exec"), namespace)
    return namespace[name]


def try_out(make, tmp_path):
    """Return what becomes of the model of one layer that *make* makes, trained a little, and saved."""
    path = tmp_path / "model.keras"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of some of it
        try:
            inputs = keras.Input((4,))
            model = keras.Model(inputs, make()(inputs))
            before = compute(model)
            for weight in model.weights:
                weight.assign(np.full(weight.shape, 0.7))
            before = compute(model)
        except (TypeError, ValueError, AttributeError, RuntimeError):
            return NO_CALL
        try:
            model.save(path)
        except (TypeError, ValueError, AttributeError, NotImplementedError):
            return NO_SAVE
        try:
            after = compute(keras.models.load_model(path))
        except (TypeError, ValueError, AttributeError):
            return NO_LOAD
    return OK if np.allclose(before, after, rtol=1e-6, atol=1e-6, equal_nan=True) else OTHER


def compute(model):
    return np.asarray(keras.ops.convert_to_numpy(model(X)))


SUB = f"{GIVEN}; self.dense = layers.Dense(4, activation=activation)"
OBJECT = "'activation': keras.saving.serialize_keras_object(self.activation)"
GET = "return keras.activations.get(self.activation)(inputs)"
HABITS = {
    "SA402, a name": (layer(config=""), "SA402", "'elu'", OTHER),
    "SA402, handed on": (layer(SUB.partition("; ")[2], "return self.dense(inputs)", ""), "SA402", "'elu'", OTHER),
    "SA403, a name": (layer(GIVEN, config=RAW), "SA403", "'elu'", NO_CALL),
    "SA403, a function": (layer(GIVEN, config=RAW), "SA403", "keras.activations.elu", NO_LOAD),
    "SA403, a function and no config": (layer(GIVEN, config=None), "SA403", "keras.activations.elu", NO_SAVE),
    "SA404, weights": (layer(GIVEN, GET, RAW), "SA404", "keras.layers.PReLU()", OTHER),
    "SA405, a name": (layer(call=GET), "SA405", "'elu'", OK),
    "SA405, weights": (layer(call=GET), "SA405", "keras.layers.PReLU()", OK),
    "SA406, a name": (
        layer(SUB, "return self.dense(inputs)"),
        "SA406",
        "'elu'",
        OK if FINDS_FUNCTIONS else NO_SAVE,  # since 3.16, Keras writes a name as it is
    ),
    "SA406, a function": (layer(GIVEN), "SA406", "keras.activations.elu", NO_LOAD),
    "SA406, an object": (layer(GIVEN, config=OBJECT), "SA406", "keras.activations.elu", NO_LOAD),
    "SA412, a name": (layer(SUB, "return self.dense(inputs)", RAW), "SA412", "'elu'", OK),
    "SA412, weights": (layer(SUB, "return self.dense(inputs)", RAW), "SA412", "keras.layers.PReLU()", NO_LOAD),
    "SA412, kept beside": (
        layer(f"{GIVEN}; self.fn = keras.activations.get(activation)", "return self.fn(inputs)", RAW),
        "SA412",
        "keras.layers.PReLU()",
        NO_LOAD,
    ),
    "healthy, a name": (layer(), None, "'elu'", OK),
    "healthy, a function": (layer(), None, "keras.activations.elu", OK),
    "healthy, weights": (layer(), None, "keras.layers.PReLU()", OK),
}
# Before 3.10, Keras reads no layer as an activation at all.
RUN = {name: row for name, row in HABITS.items() if VERSION >= (3, 10) or "PReLU" not in row[2]}


@pytest.mark.parametrize(("text", "code", "value", "fate"), RUN.values(), ids=RUN)
def test_a_habit_loses_what_it_is_said_to(text, code, value, fate, tmp_path):
    """A class that is found out loses the activation, and one with a note, or none, does not always."""
    assert codes(text) == ([] if code is None else [code])
    made = run(f"{text}\n\ndef make():\n    return Gated(activation={value})\n", "make")
    assert try_out(made, tmp_path) == fate


def test_training_the_copy_trains_the_original():
    """SA401: the two hold one activation; healthy, each has its own."""
    for config, shared in ((RAW, True), ("'activation': keras.activations.serialize(self.activation)", False)):
        text = layer(config=config)
        assert codes(text) == (["SA401"] if shared else [])
        one = run(text, "Gated")(activation=keras.layers.PReLU())
        if VERSION >= (3, 10) or shared:
            copy = type(one).from_config(one.get_config())
            assert (copy.activation is one.activation) == shared


GIVEN_VALUES = {
    "lambda x: x * 2": ("SA407", {NO_LOAD}),
    "crooked": ("SA408", {NO_LOAD}),
    "make_bent(3)": (None, {NO_LOAD}),
    "functools.partial(keras.activations.elu, alpha=0.5)": ("SA409", {NO_SAVE}),
    "keras.ops.gelu": (None, {OK}) if FINDS_FUNCTIONS else ("SA410", {OTHER}),
    "relu": ("SA408", {NO_LOAD}) if FINDS_FUNCTIONS else ("SA410", {OTHER}),
    "keras.ops.sin": (None, {OK}) if FINDS_FUNCTIONS else ("SA410", {NO_LOAD}),
    "keras.activations.gelu": (None, {OK}),
    "named": (None, {OK}),
    "'elu'": (None, {OK}),
    **{
        f"layers.{name}": ("SA413", {NO_CALL, NO_SAVE})
        for name in ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Activation", "BatchNormalization", "Dense")
    },
    "Bent": ("SA413", {NO_CALL, NO_SAVE}),
    "layers.ReLU()": (None, {OK if VERSION >= (3, 10) else NO_LOAD}),
    "'LeakyReLU'": ("SA414", {NO_CALL}),
    "'ReLU'": ("SA414", {NO_CALL}),
    "'reluu'": ("SA414", {NO_CALL}),
    "'lint>named'": ("SA414", {NO_CALL}),
    "'named'": ("SA414", {NO_CALL}),
    "np.tanh": ("SA415", {NO_CALL, NO_SAVE}),
    "np.square": ("SA415", {NO_CALL, NO_SAVE}),
    "math.tanh": ("SA415", {NO_CALL, NO_SAVE}),
}
FUNCTIONS = """
def crooked(x):
    return x * 2

def relu(x):
    return x * 3

def make_bent(slope):
    return lambda x: x * slope

import math
import numpy as np

@keras.saving.register_keras_serializable()
class Bent(layers.Layer):
    def __init__(self, bend=None, **kwargs):
        super().__init__(**kwargs)

@keras.saving.register_keras_serializable()
def named(x):
    return x * 4
"""


@pytest.mark.parametrize(("value", "expected"), GIVEN_VALUES.items(), ids=GIVEN_VALUES)
def test_what_a_stock_layer_is_given_is_lost(value, expected, tmp_path):
    """Keras loses what has a finding, in the way that the finding says."""
    code, fates = expected
    text = f"{KERAS}{FUNCTIONS}\ndef make():\n    return layers.Dense(4, activation={value})\n"
    assert codes(text, TARGET) == ([] if code is None else [code])
    assert try_out(run(text, "make"), tmp_path) in fates


@pytest.mark.once
@pytest.mark.parametrize(
    ("value", "before", "since"),
    [
        ("keras.ops.gelu", ["SA410"], []),
        ("keras.ops.sin", ["SA410"], []),
        ("relu", ["SA410"], ["SA408"]),
        ("jax.nn.softmax", [], ["SA410"]),
        ("jax.nn.relu", ["SA410"], ["SA410"]),
        ("keras.activations.gelu", [], []),
    ],
)
def test_the_target_decides_what_is_lost(value, before, since):
    """Keras 3.16 finds its own functions where they are defined, and no others; see the tests above."""
    text = f"{KERAS}{FUNCTIONS}\nmade = layers.Dense(4, activation={value})\n"
    for target in (None, "3.15", "3.15.1"):
        assert codes(text, target) == before
    for target in ("3.16", "3.16.0.dev2026102704", "3.17"):
        assert codes(text, target) == since


SHARING = {
    "in a list": "    return keras.Sequential([layers.Dense(4, activation=bend), layers.Dense(4, activation=bend)])\n",
    "added": "    model = keras.Sequential()\n    model.add(layers.Dense(4, activation=bend))\n"
    "    model.add(layers.Dense(4, activation=bend))\n    return model\n",
    "in a graph": "    x = keras.Input((4,))\n    y = layers.Dense(4, activation=bend)(x)\n"
    "    return keras.Model(x, layers.Dense(4, activation=bend)(y))\n",
}


@pytest.mark.parametrize("made", ["PReLU", "BatchNormalization", "LeakyReLU"])
@pytest.mark.parametrize("text", SHARING.values(), ids=SHARING)
def test_an_activation_with_weights_that_stock_layers_share_is_lost(text, made, tmp_path):
    """Keras loses it as the finding says; one without weights comes back."""
    text = f"{KERAS}def make():\n    bend = layers.{made}()\n{text}"
    is_lost = made != "LeakyReLU"
    assert codes(text) == (["SA416"] if is_lost else [])
    assert try_out(run(text, "make"), tmp_path) == (NO_LOAD if is_lost or VERSION < (3, 10) else OK)


def test_every_name_that_keras_has_is_known():
    """No name of an activation of the installed Keras is a finding."""
    names = [name for name in dir(keras.activations) if callable(getattr(keras.activations, name)) and name[0] != "_"]
    for name in {*names, "swish", "hard_swish"} - {"get", "serialize", "deserialize"}:
        assert codes(f"{KERAS}layer = layers.Dense(4, activation={name!r})\n") == []


HOLDER = """
import dataclasses
from typing import Any

@keras.saving.register_keras_serializable()
@dataclasses.dataclass
class Config:
    units: int
    activation: Any
    def get_config(self):
        return dataclasses.asdict(self)
    @classmethod
    def from_config(cls, config):
        return cls(**config)

@keras.saving.register_keras_serializable()
class Net(keras.layers.Layer):
    def __init__(self, config: Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.fn = keras.activations.get(config.activation)
    def call(self, inputs):
        return self.fn(inputs)
    def get_config(self):
        return {**super().get_config(), STORED}
    @classmethod
    def from_config(cls, config):
        READ
        return cls(**config)

def make():
    return Net(Config(4, GIVEN))
"""
STORED = {
    "a field": (
        "'config': {'activation': keras.activations.serialize(self.config.activation)}",
        "config['config'] = Config(4, keras.activations.deserialize(config['config']['activation']))",
    ),
    "the whole": (
        "'config': keras.saving.serialize_keras_object(self.config)",
        "config['config'] = keras.saving.deserialize_keras_object(config['config'])",
    ),
}
HELD = {
    ("a field", "'elu'"): (["SA406"], OK if FINDS_FUNCTIONS else NO_SAVE),
    ("a field", "keras.activations.elu"): (["SA406"], OK),
    ("a field", "keras.ops.gelu"): (["SA406"], OK) if FINDS_FUNCTIONS else (["SA406", "SA410"], OTHER),
    ("a field", "functools.partial(keras.activations.elu, alpha=0.5)"): (["SA406", "SA409"], NO_SAVE),
    ("the whole", "keras.activations.elu"): ([], OK),
    ("the whole", "'elu'"): ([], OK),
    ("the whole", "keras.ops.gelu"): ([], OK) if FINDS_FUNCTIONS else (["SA410"], OTHER),
    ("the whole", "functools.partial(keras.activations.elu, alpha=0.5)"): (["SA409"], NO_SAVE),
    ("the whole", "lambda x: x * 2"): (["SA407"], NO_LOAD),
}


@pytest.mark.parametrize(("case", "expected"), HELD.items(), ids=map("-".join, HELD))
def test_what_a_configuration_object_holds_is_lost(case, expected, tmp_path):
    """Keras loses the activation as the finding says, in each way in which a layer stores the object."""
    form, given = case
    stored, read = STORED[form]
    text = KERAS + HOLDER.replace("STORED", stored).replace("READ", read).replace("GIVEN", given)
    found, fate = expected
    assert sorted(codes(text, TARGET)) == found
    assert try_out(run(text, "make"), tmp_path) == fate


OURS = ["functools.partial(keras.activations.elu, alpha=0.5)", "keras.ops.gelu", "keras.ops.sin"]


@pytest.mark.parametrize("value", OURS)
def test_a_layer_of_ours_keeps_it(value, tmp_path):
    """What is no finding in a layer of this package comes back."""
    text = f"{KERAS}{FUNCTIONS}\ndef make():\n    return sa.layers.Dense(4, activation={value})\n"
    assert codes(text) == []
    assert try_out(run(text, "make"), tmp_path) == OK


@pytest.mark.parametrize(
    "value", ["lambda x: x * 2", "crooked", "layers.ReLU", "Bent", "'LeakyReLU'", "np.tanh", "math.tanh"]
)
def test_a_layer_of_ours_refuses_it(value, tmp_path):
    """What is a finding in a layer of this package is refused when the layer is made."""
    text = f"{KERAS}{FUNCTIONS}\ndef make():\n    return sa.layers.Dense(4, activation={value})\n"
    assert len(codes(text)) == 1
    assert try_out(run(text, "make"), tmp_path) == NO_CALL


@pytest.mark.parametrize("name", catalog.LIBRARIES["keras.ops"])
def test_the_operations_that_come_back_are_those(name, tmp_path):
    """Exactly the operations that the table says come back in a stock layer do."""
    function = getattr(keras.ops, name, None)
    listed = catalog.LIBRARIES["keras.ops"][name]
    if function is None or (comes_back(listed) and not hasattr(keras.activations, name)):
        return  # an older Keras has not all
    fate = try_out(lambda: keras.layers.Dense(4, activation=function), tmp_path)
    assert (fate == OK) == comes_back(listed, FINDS_FUNCTIONS) or fate == NO_CALL


LIBRARY = next(library for library, backend in BACKENDS.items() if backend in (keras.config.backend(), "jax"))


@pytest.mark.parametrize("name", catalog.LIBRARIES[LIBRARY])
def test_the_functions_of_the_backend_that_come_back_are_those(name, tmp_path):
    """Exactly the functions that the table says come back do, on a Keras that finds any."""
    if BACKENDS[LIBRARY] != keras.config.backend() or VERSION < (3, 12):
        return
    module = importlib.import_module({"tf.nn": "tensorflow"}.get(LIBRARY, LIBRARY))
    function = getattr(module.nn if LIBRARY == "tf.nn" else module, name)
    fate = try_out(lambda: keras.layers.Dense(4, activation=function), tmp_path)
    assert (fate == OK) == comes_back(catalog.LIBRARIES[LIBRARY][name], FINDS_FUNCTIONS) or fate == NO_CALL


def test_a_layer_that_a_layer_makes_is_not_lost(tmp_path):
    """No config holds what it is given, and nothing is said of it."""
    text = layer(f"{GOT}; self.dense = layers.Dense(4, activation=lambda x: x * 2)", "return self.dense(inputs)")
    assert codes(text) == []
    assert try_out(run(text, "Gated"), tmp_path) == OK


def test_every_fate_is_met():
    """Among the habits is one for each of the fates: it comes back, or is lost in one of several ways."""
    assert {fate for *_, fate in HABITS.values()} == {OK, *LOST}
