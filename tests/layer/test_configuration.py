"""Activations inside configuration objects: dataclasses, attrs classes, named tuples, namespaces, dicts."""

import copy
import dataclasses
import functools
import itertools
import json
import pickle
import types
from typing import Any

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.paths import read_path, write_path
from serialactivation.errors import (
    ActivationConfigError,
    ActivationFieldError,
    LayerArgumentError,
    UnknownActivationError,
    UnserializableActivationError,
)
from tests.helpers import configured
from tests.helpers.configured import (
    CONFIG,
    KINDS,
    Automatic,
    Copied,
    Kept,
    Named,
    Network,
    Plain,
    Spread,
    activation_of,
    units_of,
)
from tests.helpers.configured_authors import AUTHORS, Reading
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize
from tests.matrix.values import BY_NAME

X = np.random.default_rng(3).normal(size=(4, 3)).astype("float32")


def prelu():
    return keras.layers.PReLU()


ACTIVATIONS = {
    "name": "tanh",
    "none": None,
    "function": keras.activations.gelu,
    "operation": keras.ops.gelu,
    "partial": functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
    "leaky": lambda: keras.layers.LeakyReLU(0.4),
    "prelu": prelu,
}


def given(name):
    value = ACTIVATIONS[name]
    return value() if isinstance(value, types.FunctionType) and value.__module__ == __name__ else value


def make(*layers):
    model = keras.Sequential([keras.Input((3,)), *layers])
    randomize(model, np.random.default_rng(4))
    return model


def out(model):
    return keras.ops.convert_to_numpy(model(X))


def round_trip(model, tmp_path):
    model.save(tmp_path / "model.keras")
    return keras.models.load_model(tmp_path / "model.keras")


def others(config):
    """Return what an object holds besides its activation."""
    members = dict(config) if isinstance(config, dict) else sa_members(config)
    return {name: item for name, item in members.items() if "activation" not in name}


def sa_members(config):
    names = getattr(config, "_fields", None) or getattr(type(config), "__dataclass_fields__", None)
    names = names or [name for name in dir(config) if not name.startswith("_")]
    return {name: getattr(config, name) for name in names if not callable(getattr(type(config), name, None))}


MATRIX = [*itertools.product(KINDS, (Automatic, Spread)), ("dataclass", Kept), ("typed", Kept)]


@pytest.mark.parametrize(("kind", "layer_class"), MATRIX, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_in_a_configuration_object_comes_back(kind, layer_class, tmp_path):
    """The activation comes back to the bit, in an object of the same class with the same other members."""
    names = list(ACTIVATIONS) if kind == "dataclass" else ["function", "operation", "prelu"]
    layers = [layer_class(KINDS[kind](given(name))) for name in names]
    model = make(*layers)
    revived = round_trip(model, tmp_path)

    assert np.array_equal(out(model), out(revived))
    assert len(model.weights) == len(revived.weights) == len(names) + 1
    for old, new in zip(model.layers, revived.layers, strict=True):
        assert isinstance(new.config, dict) if kind == "typed" else type(new.config) is type(old.config)
        assert others(new.config) == others(old.config)
        assert units_of(new.config) == 3
    if layer_class is not Spread:  # whose author makes a function of a name
        types_of = [[type(activation_of(layer.config)) for layer in made.layers] for made in (model, revived)]
        assert types_of[0] == types_of[1]


def test_other_ways_back(tmp_path):
    """One PReLU in two layers is one after HDF5, JSON, a clone, a pickle and a copy."""
    config = KINDS["frozen"](prelu())
    model = make(Automatic(config), Kept(config), Automatic(KINDS["named"](keras.ops.gelu)))
    sa.save_model(model, tmp_path / "model.h5")
    ways = {
        "h5": sa.load_model(tmp_path / "model.h5"),
        "json": sa.model_from_json(sa.model_to_json(model)),
        "clone": sa.clone_model(model),
        "pickle": pickle.loads(pickle.dumps(model)),
        "deepcopy": copy.deepcopy(model),
    }
    for way, revived in ways.items():
        if way in ("json", "clone"):
            revived.set_weights(model.get_weights())
        assert len(revived.weights) == 4, way
        assert revived.layers[0].config.activation is revived.layers[1].activation, way
        assert np.array_equal(out(model), out(revived)), way


def test_stock_loses_what_comes_back_here(tmp_path):
    """What stock Keras up to 3.15 loads of an author's own get_config computes something else; ours does not."""
    stock = make(configured.StockSpread(Plain(3, keras.ops.gelu)))
    assert np.allclose(out(stock), out(round_trip(stock, tmp_path)), atol=1e-6) != BY_NAME
    ours = make(Spread(Plain(3, keras.ops.gelu)))
    assert np.array_equal(out(ours), out(round_trip(ours, tmp_path)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_get_config_that_copies_the_object(name, tmp_path):
    """The activation that was given comes back, and stays shared, although ``dataclasses.asdict`` copies it."""
    activation = given(name)
    model = make(Copied(Plain(3, activation)), sa.layers.Dense(3, activation=activation), Copied(Plain(3, activation)))
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights)
    if isinstance(activation, keras.Layer):
        assert revived.layers[0].config.activation is revived.layers[1].activation
        assert revived.layers[2].config.activation is revived.layers[1].activation


def test_a_new_process(tmp_path):
    """A process that has imported the modules of the classes loads the model, which computes the same."""
    model = make(*(Automatic(KINDS[kind](given("prelu" if kind == "frozen" else "operation"))) for kind in KINDS))
    model.save(tmp_path / "model.keras")
    np.savez(tmp_path / "expected.npz", X, out(model))
    code = """
import sys
import keras, numpy as np
from tests.helpers import configured
expected = np.load(sys.argv[1] + "/expected.npz")
model = keras.models.load_model(sys.argv[1] + "/model.keras")
print(np.array_equal(keras.ops.convert_to_numpy(model(expected["arr_0"])), expected["arr_1"]))
print([type(layer.config).__name__ for layer in model.layers])
"""
    printed = run_python(code, str(tmp_path)).splitlines()
    assert printed[0] == "True"
    assert printed[1] == str([type(layer.config).__name__ for layer in model.layers])


def test_a_model_hands_its_object_on(tmp_path):
    """One PReLU in a model and in two layers that have its object is one after a load, with its weights."""
    model = Network(Plain(3, prelu()))
    model(X)
    randomize(model, np.random.default_rng(5))
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights) == 3
    assert revived.config.activation is revived.first.activation


@sa.serializable_activation(package="configuration")
class Applying(keras.Model):
    """It applies what its object holds, has no build, and keeps it nowhere else."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def call(self, inputs):
        return self.config.activation(inputs)


@pytest.mark.parametrize("kind", [Plain, types.SimpleNamespace], ids=lambda kind: kind.__name__)
def test_a_model_that_applies_what_its_object_holds(kind, tmp_path):
    """A model without a build, which Keras builds by its call, has the weights of its object after a load."""
    model = make(Applying(kind(units=3, activation=prelu())))
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights) == 1


def test_a_model_in_an_object_is_read_once(tmp_path):
    """Reading a Functional model, whose config Keras empties, does not change the config of the layer."""
    inner = keras.Input((3,))
    layer = Reading(Plain(3, keras.Model(inner, keras.layers.PReLU()(inner))))
    model = make(layer)
    config = layer.get_config()

    assert Reading.from_config(config).get_config() == Reading.from_config(config).get_config()
    for revived in (round_trip(model, tmp_path), sa.clone_model(model), sa.model_from_json(sa.model_to_json(model))):
        revived.set_weights(model.get_weights())
        assert np.array_equal(out(model), out(revived))
        assert len(revived.weights) == len(model.weights)


@pytest.mark.parametrize("author", AUTHORS)
def test_layers_of_many_authors(author, tmp_path):
    """The activation comes back whatever the config says of the object, and whoever makes the object."""
    layers = [AUTHORS[author](given(name)) for name in ("name", "operation", "prelu")]
    model = make(*layers)
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights)
    assert [getattr(layer, "extra", 0) for layer in revived.layers] == [getattr(layer, "extra", 0) for layer in layers]
    assert [type(layer.config) for layer in revived.layers] == [type(layer.config) for layer in layers]


@sa.serializable_activation(package="configuration")
class Nested(keras.layers.Layer):
    """Objects in lists, dicts and other objects, and activations in lists of theirs."""

    def __init__(self, settings, **kwargs):
        super().__init__(**kwargs)
        self.settings = settings

    def call(self, inputs):
        for block in self.settings["blocks"]:
            for activation in block.activations:
                inputs = keras.activations.get(activation)(inputs)
            inputs = keras.activations.get(block.head.activation)(inputs)
        return inputs


@dataclasses.dataclass
class Block:
    activations: tuple
    head: Named
    name: str = "block"


keras.saving.get_custom_objects()["configuration>Block"] = Block


def test_objects_in_lists_and_in_objects(tmp_path):
    """Activations in lists and in nested objects are found, each by its path."""
    one = prelu()
    blocks = [Block((one, "tanh"), Named(3, keras.ops.gelu)), Block((keras.activations.gelu,), Named(4, one), "last")]
    layer = Nested({"blocks": blocks, "name": "settings", "rates": [0.1, None]})
    assert [field.name for field in sa.activation_fields(layer)] == [
        "settings.blocks[0].activations",
        "settings.blocks[0].head.activation",
        "settings.blocks[1].activations",
        "settings.blocks[1].head.activation",
    ]
    model = make(layer)
    assert len(model.weights) == 1
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    settings = revived.layers[0].settings
    assert settings["blocks"][1].activations == (keras.activations.gelu,)
    assert settings["blocks"][0].activations[0] is settings["blocks"][1].head.activation
    assert (settings["blocks"][1].name, settings["rates"], settings["name"]) == ("last", [0.1, None], "settings")


@pytest.mark.usefixtures("optimized")
def test_what_is_stored_is_what_was_given(tmp_path):
    """A change to the object afterwards is none to the layer."""
    config = Plain(3, keras.ops.gelu)
    layer = Automatic(config)
    config.activation, config.units = "relu", 7
    model = make(layer)
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert (layer.config.units, revived.layers[0].config.units) == (3, 3)
    assert np.array_equal(out(model), keras.ops.convert_to_numpy(keras.ops.gelu(X @ model.get_weights()[0])))


def test_a_change_to_the_layers_own_object_is_stored(tmp_path):
    """A change to the layer's own object comes back."""
    model = make(Automatic(Plain(3, "relu")), Spread(Plain(3, "relu")))
    for layer in model.layers:
        layer.config.activation = keras.ops.gelu
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    model.layers[0].config.activation = lambda x: x
    with pytest.raises(UnserializableActivationError):
        model.layers[0].get_config()


def test_one_object_for_layers_that_call_different_parts(tmp_path):
    """What a layer does not call is not built by it, and neither saved nor counted with it."""

    @sa.serializable_activation(package="configuration")
    class Part(keras.layers.Layer):
        def __init__(self, config, part, **kwargs):
            super().__init__(**kwargs)
            self.config, self.part = config, part

        def call(self, inputs):
            return getattr(self.config, self.part)(inputs)

    config = types.SimpleNamespace(inner_activation=prelu(), last_activation=keras.layers.LeakyReLU(0.3))
    last = Part(config, "last_activation", dtype="float16")
    model = make(Part(config, "inner_activation"), last)
    assert (len(model.layers[0].weights), len(last.weights)) == (1, 0)
    assert config.last_activation.dtype_policy.name == "float16"
    assert config.inner_activation.dtype_policy.name == "float32"
    assert np.array_equal(out(model), out(round_trip(model, tmp_path)))


def test_an_activation_in_an_object_and_elsewhere_has_one_policy():
    """Owners with different policies that share an activation are refused when the model is made."""
    shared = keras.layers.PReLU()
    layers = [Automatic(Plain(4, shared), dtype="mixed_float16"), sa.layers.Dense(4, activation=shared)]
    with pytest.raises(sa.errors.ActivationDTypeError) as refused:
        keras.Sequential([keras.Input((4,)), *layers])
    assert refused.value.policies == ("float32", "mixed_float16")


def test_an_activation_in_an_object_follows_the_policy():
    """An activation in an object follows the policy of its layer, as one that is an argument does."""
    with_policy = Automatic(Plain(3, keras.layers.LeakyReLU()), dtype="mixed_float16")
    assert (
        make(with_policy)(X).dtype
        == make(sa.layers.Dense(3, activation=keras.layers.LeakyReLU(), dtype="mixed_float16"))(X).dtype
    )
    assert keras.backend.standardize_dtype(make(with_policy)(X).dtype) == "float16"


@dataclasses.dataclass
class Unknown:
    units: int
    activation: Any = None


def test_a_class_that_keras_does_not_know(tmp_path):
    """A layer without a get_config refuses an object of an unknown class; the line of the message, followed, helps."""
    with pytest.raises(LayerArgumentError) as caught:
        Automatic(Unknown(3, keras.ops.gelu))
    line = "keras.saving.get_custom_objects()['my_package>Unknown'] = Unknown"
    assert line in str(caught.value)
    assert "Unknown(units=3, activation=PartialActivation(keras.ops.gelu))" in str(caught.value)
    exec(line, {"keras": keras, "Unknown": Unknown})
    try:
        model = make(Automatic(Unknown(3, keras.ops.gelu)))
        assert np.array_equal(out(model), out(round_trip(model, tmp_path)))
        config = model.layers[0].get_config() | {"config": {**CONFIG, "registered_name": "a>B"}}
    finally:
        del keras.saving.get_custom_objects()["my_package>Unknown"]
    with pytest.raises(ActivationConfigError, match="no configuration class is registered under this name"):
        Automatic.from_config(config)


@sa.serializable_activation(package="configuration", fields=["config.nonlinearity", "activations"])
class Declared(keras.layers.Layer):
    def __init__(self, config=None, activations=None, **kwargs):
        super().__init__(**kwargs)
        self.config, self.activations = config, activations

    def call(self, inputs):
        inputs = keras.activations.get(self.config["nonlinearity"])(inputs)
        return self.activations.last(self.activations.first(inputs))


@dataclasses.dataclass
class Activations:
    first: Any
    last: Any
    count: int = 2


keras.saving.get_custom_objects()["configuration>Activations"] = Activations


def test_members_are_declared_by_their_paths(tmp_path):
    """A member whose name is not that of an activation is declared by its path."""
    layer = Declared({"nonlinearity": keras.ops.gelu}, Activations(keras.activations.tanh, prelu()))
    assert [field.name for field in sa.activation_fields(Declared)] == ["activations", "config.nonlinearity"]
    assert {field.name for field in sa.activation_fields(layer)} == {
        "config.nonlinearity",
        "activations.first",
        "activations.last",
    }
    model = make(layer)
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert type(revived.layers[0].activations) is Activations
    assert revived.layers[0].activations.first is keras.activations.tanh


@pytest.mark.parametrize("name", ["other.activation", "config..activation", "config.", ".activation", "config[x]"])
def test_a_path_that_leads_nowhere_cannot_be_declared(name):
    """A path must be one, and start with an argument of the constructor."""
    with pytest.raises(ActivationFieldError):
        sa.serializable_activation(fields=[sa.ActivationField(name=name)])(type("Own", (Declared,), {}))


def test_strings_of_the_authors_own():
    """A default and the strings in a dict are understood; other strings of the author's own are declared."""

    @dataclasses.dataclass
    class Gated:
        activation: str = "swiglu"

    keras.saving.get_custom_objects()["configuration>Gated"] = Gated
    assert Automatic({"units": 3, "activation": "swiglu"}).config["activation"] == "swiglu"
    assert Automatic(Gated()).config == Gated()
    with pytest.raises(UnknownActivationError):
        Automatic(Gated("geglu"))

    @sa.serializable_activation(
        package="configuration", fields=[sa.ActivationField(name="config.activation", names=("geglu",))]
    )
    class Understood(Automatic):
        pass

    assert Understood(Gated("geglu")).config == Gated("geglu")


@pytest.mark.once
@pytest.mark.parametrize("steps", [("a", "b", 0, "c"), ("a", "b.c", "[0]"), ("a", 'q"', "é", 12), ("a",)])
def test_paths_are_read_as_they_are_written(steps):
    """A path is read as it was written, whatever the keys of a dict are."""
    assert read_path(write_path(steps)) == steps


def test_hooks_are_called_for_each_member():
    """A layer that refuses a linear activation refuses it in an object as well."""

    @sa.serializable_activation(package="configuration")
    class Bounded(Automatic):
        @classmethod
        def validate_activation(cls, field, activation):
            if activation == "linear":
                raise sa.ActivationError(f"{field.name} is not bounded")

    with pytest.raises(sa.ActivationError, match=r"config\.activation is not bounded"):
        Bounded(Plain(3, "linear"))


def test_the_config_is_json():
    """The config of a layer without a get_config of its own is JSON."""
    config = json.loads(json.dumps(Automatic(KINDS["derived"](keras.ops.gelu)).get_config()))
    revived = Automatic.from_config(config)
    assert (revived.config.doubled, revived.config.units) == (15, 3)
    assert np.allclose(revived.config.activation(X), keras.ops.gelu(X))
