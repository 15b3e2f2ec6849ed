"""Functions and classes that are sent by value, as cloudpickle does for Ray, Spark, Dask and joblib."""

import json

import pytest

from tests.helpers.processes import run_python

pytestmark = pytest.mark.together

DRIVER = """
import base64, sys
import cloudpickle, keras
import numpy as np
import serialactivation as sa

register = keras.saving.register_keras_serializable(package="mine")

@register
def act(x):
    return 2.0 * keras.ops.tanh(x)

def make(slope):
    def local(x):
        return slope * x
    return register(local)

@register
class Scale:
    def get_config(self):
        return {}
    @classmethod
    def from_config(cls, config):
        return cls()
    def __call__(self, x):
        return 3.0 * x

@register
class Slope(keras.layers.Layer):
    def call(self, x):
        return 4.0 * x

class Gated(sa.SerializableActivationMixin, keras.layers.Layer, package="my_package", name="Called"):
    def __init__(self, units, activation="relu", gate_activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
    def call(self, x):
        features = keras.ops.matmul(x, self.kernel)
        return self.activation(features) * self.gate_activation(features)

class Plain(Gated):
    pass

class Further(Gated, package="other"):
    def call(self, x):
        return 2.0 * super().call(x)

@sa.serializable_activation(package="decorated")
class Decorated(keras.layers.Layer):
    def __init__(self, units, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units, self.activation = units, keras.activations.get(activation)
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
    def call(self, x):
        return self.activation(keras.ops.matmul(x, self.kernel))

@keras.saving.register_keras_serializable(package="stock")
@sa.serializable_activation
class Both(Decorated):
    pass

values = dict(
    act=act, local=make(0.3), Scale=Scale(), Slope=Slope, Gated=Gated, Plain=Plain, Further=Further,
    Decorated=Decorated, Both=Both, layer=Gated(2, activation=keras.layers.PReLU()),
)
names = {name: keras.saving.get_registered_name(value) for name, value in values.items() if isinstance(value, type)}
sent = {name: base64.b85encode(cloudpickle.dumps(value)).decode() for name, value in values.items()}
import json
print(json.dumps({"names": names, "sent": sent}))
"""

RECEIVE = """
import base64, json, pickle, re, sys, tempfile
import keras
import numpy as np
import serialactivation as sa

def receive(data):
    return pickle.loads(base64.b85decode(data))

def come_back(model):
    model.set_weights([0.1 + np.random.default_rng(0).random(w.shape) for w in model.get_weights()])
    path = tempfile.mkdtemp() + "/model.keras"
    model.save(path)
    revived = keras.models.load_model(path)
    x = np.linspace(-2.0, 2.0, 12).reshape(4, 3).astype("float32")
    np.testing.assert_array_equal(model.predict(x, verbose=0), revived.predict(x, verbose=0))
    return revived
"""


@pytest.fixture(scope="module")
def driver():
    """Return what a script sends, and what it has registered its classes as."""
    return json.loads(run_python(DRIVER).splitlines()[-1])


CLASSES = """
names, sent = json.loads(sys.argv[1])
for name, expected in names.items():
    if name == "Slope":
        continue
    layer_class = receive(sent[name])
    assert receive(sent[name]) is layer_class
    assert keras.saving.get_registered_name(layer_class) == expected, name
    assert keras.saving.get_registered_object(expected) is layer_class, name
    layers = [layer_class(3, activation=keras.layers.PReLU()), layer_class(2, activation=keras.ops.gelu)]
    revived = come_back(keras.Sequential([keras.Input((3,)), *layers]))
    assert type(revived.layers[0]) is layer_class
    try:
        layer_class(3, activation=lambda x: x)
    except sa.ActivationError as error:
        assert layer_class.__name__ in str(error)
    else:
        raise AssertionError(f"{name} took a lambda")
registered = {name for name in keras.saving.get_custom_objects() if not name.startswith("serialactivation>")}
assert registered == set(names.values()) - {"Slope"}, registered
layer = receive(sent["layer"])
assert keras.saving.get_registered_name(type(layer)) == "my_package>Called"
come_back(keras.Sequential([keras.Input((3,)), layer]))
"""


def test_a_class_sent_by_value_keeps_its_name(driver):
    """The package and the name that it was given; with a model of it that is saved and loaded there."""
    names = {name: full for name, full in driver["names"].items() if name != "Slope"}
    assert set(names.values()) == {
        "my_package>Called",
        "Custom>Plain",
        "other>Further",
        "decorated>Decorated",
        "stock>Both",
    }
    run_python(RECEIVE + CLASSES, json.dumps([names, driver["sent"]]))


FUNCTIONS = """
for name, data in json.loads(sys.argv[1]).items():
    value = receive(data)
    value = value() if isinstance(value, type) else value
    try:
        sa.layers.Dense(2, activation=value, name="head")
    except sa.ActivationError as error:
        assert (error.layer, error.field) == ("Dense 'head'", "activation")
        assert "in this process" in error.reason
        definition = type(value) if hasattr(value, "get_config") else value
        exec(error.cure, {"keras": keras, definition.__name__: definition})
    else:
        raise AssertionError(f"{name} was taken")
    come_back(keras.Sequential([keras.Input((3,)), sa.layers.Dense(2, activation=value)]))
"""


def test_a_function_sent_by_value_is_refused_with_a_cure_that_works_there(driver):
    """The decorator stands above it already; what is missing is its registration in this process."""
    kinds = ("act", "local", "Scale", "Slope")
    run_python(RECEIVE + FUNCTIONS, json.dumps({name: driver["sent"][name] for name in kinds}))


def test_a_function_that_is_defined_here_is_told_to_be_decorated():
    """The cure for a function of a script, a notebook, a function or a text that is run is to decorate it."""
    run_python("""
import keras, serialactivation as sa
def act(x): return x
def make():
    def act(x): return x
    class Scale:
        def get_config(self): return {}
        @classmethod
        def from_config(cls, config): return cls()
        def __call__(self, x): return x
    return act, Scale()
for value in (act, *make()):
    try:
        sa.layers.Dense(2, activation=value)
    except sa.ActivationError as error:
        assert "in this process" not in error.reason, error
        assert "@keras.saving.register_keras_serializable(package='my_package')" in error.cure, error
""")
