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
    ActivationBuildError,
    ActivationConfigError,
    ActivationFieldError,
    LayerArgumentError,
    UnknownActivationError,
    UnserializableActivationError,
)
from tests.helpers import configured
from tests.helpers.configured import (
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
    """The same activation, to the bit, in an object of the same class with the same other members."""
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
    """HDF5, JSON, a clone, a pickle and a copy: one PReLU in two layers is one after each."""
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
    """The author's own get_config, as it is and decorated: what stock loads computes something else, up to 3.15."""
    stock = make(configured.StockSpread(Plain(3, keras.ops.gelu)))
    assert np.allclose(out(stock), out(round_trip(stock, tmp_path)), atol=1e-6) != BY_NAME
    ours = make(Spread(Plain(3, keras.ops.gelu)))
    assert np.array_equal(out(ours), out(round_trip(ours, tmp_path)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_get_config_that_copies_the_object(name, tmp_path):
    """``dataclasses.asdict`` copies the activation: the one that was given comes back, and what is shared stays so."""
    activation = given(name)
    model = make(Copied(Plain(3, activation)), sa.layers.Dense(3, activation=activation), Copied(Plain(3, activation)))
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights)
    if isinstance(activation, keras.Layer):
        assert revived.layers[0].config.activation is revived.layers[1].activation
        assert revived.layers[2].config.activation is revived.layers[1].activation


def test_a_new_process(tmp_path):
    """Which has imported the modules of the classes, and computes the same."""
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
    """One PReLU in the model, and in the two layers that have the object: one, with its weights, after a load."""
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
    """Keras builds a model without a build by its call, in a load: the weights are the model's there too."""
    model = make(Applying(kind(units=3, activation=prelu())))
    revived = round_trip(model, tmp_path)
    assert np.array_equal(out(model), out(revived))
    assert len(revived.weights) == len(model.weights) == 1


def test_a_model_in_an_object_is_read_once(tmp_path):
    """Keras empties the config of a Functional model as it reads it; that of the layer is not changed."""
    inner = keras.Input((3,))
    layer = Reading(Plain(3, keras.Model(inner, keras.layers.PReLU()(inner))))
    model = make(layer)
    config = layer.get_config()

    assert Reading.from_config(config).get_config() == Reading.from_config(config).get_config()
    for revived in (round_trip(model, tmp_path), sa.clone_model(model), sa.model_from_json(sa.model_to_json(model))):
        revived.set_weights(model.get_weights())
        assert np.array_equal(out(model), out(revived))
        assert len(revived.weights) == len(model.weights)


class ConfiguredChild(Automatic):
    """Neither decorated nor with a config: an argument more."""

    def __init__(self, config, extra=1, **kwargs):
        super().__init__(config, **kwargs)
        self.extra = extra


class Maker(Automatic):
    """It makes the object of its own arguments."""

    def __init__(self, units=3, activation=None, **kwargs):
        super().__init__(Plain(units, activation), **kwargs)


class Fixer(Automatic):
    """It gives its parent an object of its own making."""

    def __init__(self, **kwargs):
        super().__init__(Plain(3, keras.layers.PReLU()), **kwargs)


class SpreadChild(Spread):
    def __init__(self, config, extra=1, **kwargs):
        super().__init__(config, **kwargs)
        self.extra = extra

    def get_config(self):
        return {**super().get_config(), "extra": self.extra}


@sa.serializable_activation(package="configuration")
class Raw(configured.Base):
    """Its get_config returns the object itself, which Keras could not write."""

    def get_config(self):
        return {**super().get_config(), "config": self.config}


@sa.serializable_activation(package="configuration")
class Omits(configured.Base):
    """Its config does not speak of the activation."""

    def get_config(self):
        return {**super().get_config(), "units": self.config.units}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        return cls(Plain(config.pop("units"), "relu"), **config)


@sa.serializable_activation(package="configuration")
class Either(configured.Base):
    """It takes an object, or what is in one, and stores the second."""

    def __init__(self, config=None, units=None, activation=None, **kwargs):
        super().__init__(config or Plain(units, activation), **kwargs)

    def get_config(self):
        activation = keras.activations.serialize(keras.activations.get(self.config.activation))
        return {**super().get_config(), "units": self.config.units, "activation": activation}


@sa.serializable_activation(package="configuration")
class Replacer(configured.Base):
    """It keeps another object than it was given."""

    def __init__(self, config, **kwargs):
        got = keras.activations.get(config.activation)
        super().__init__(dataclasses.replace(config, activation=got), **kwargs)


@sa.serializable_activation(package="configuration")
class Handing(configured.Base):
    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.dense = sa.layers.Dense(config.units, activation=config.activation)

    def call(self, inputs):
        return self.dense(inputs)


DEFAULT = Plain(3, keras.ops.gelu)


@sa.serializable_activation(package="configuration")
class Defaulting(configured.Base):
    def __init__(self, config=DEFAULT, **kwargs):
        super().__init__(config, **kwargs)


class Old:
    """A class of no kind: attributes, as people wrote them before dataclasses."""

    def __init__(self, units, activation):
        self.units, self.activation = units, activation


@sa.serializable_activation(package="configuration")
class OldSpread(configured.Base):
    def get_config(self):
        return {**super().get_config(), "units": self.config.units, "activation": "relu"}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        return cls(Old(config.pop("units"), config.pop("activation")), **config)


@sa.serializable_activation(package="configuration")
class Reading(configured.Base):
    """It writes the object as a dict of its own, and reads that."""

    def get_config(self):
        written = {
            "units": self.config.units,
            "activation": keras.activations.serialize(sa.get(self.config.activation)),
        }
        return {**super().get_config(), "config": written}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        return cls(Plain(**config.pop("config")), **config)


@sa.serializable_activation(package="configuration")
class ReadingChild(Reading):
    """It hands the object on, and what its parent wrote of it is its parent's to read."""

    def __init__(self, *args, extra=1, **kwargs):
        super().__init__(*args, **kwargs)
        self.extra = extra


AUTHORS = {
    "child": lambda activation: ConfiguredChild(Plain(3, activation), extra=4),
    "maker": lambda activation: Maker(3, activation),
    "fixer": lambda activation: Fixer(),
    "spread_child": lambda activation: SpreadChild(Plain(3, activation), extra=4),
    "raw": lambda activation: Raw(Plain(3, activation)),
    "omits": lambda activation: Omits(Plain(3, activation)),
    "either": lambda activation: Either(Plain(3, activation)),
    "replacer": lambda activation: Replacer(Plain(3, activation)),
    "handing": lambda activation: Handing(Plain(3, activation)),
    "defaulting": lambda activation: Defaulting(),
    "reading": lambda activation: Reading(Plain(3, activation)),
    "reading_child": lambda activation: ReadingChild(Plain(3, activation), extra=4),
    "reading_child_by_name": lambda activation: ReadingChild(config=Plain(3, activation), extra=4),
    "old": lambda activation: OldSpread(Old(3, activation)),
}


@pytest.mark.parametrize("author", AUTHORS)
def test_layers_of_many_authors(author, tmp_path):
    """Whatever is written of the object, and whoever makes it."""
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
    """Nested as users like, each activation by its path."""
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
    """What it computes with is what comes back."""
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
    """Owners of different policies that share it are refused when the model is made, and not when it is loaded."""
    shared = keras.layers.PReLU()
    layers = [Automatic(Plain(4, shared), dtype="mixed_float16"), sa.layers.Dense(4, activation=shared)]
    with pytest.raises(sa.errors.ActivationDTypeError) as refused:
        keras.Sequential([keras.Input((4,)), *layers])
    assert refused.value.policies == ("float32", "mixed_float16")


def test_an_activation_in_an_object_follows_the_policy():
    """As one that is an argument does."""
    with_policy = Automatic(Plain(3, keras.layers.LeakyReLU()), dtype="mixed_float16")
    assert (
        make(with_policy)(X).dtype
        == make(sa.layers.Dense(3, activation=keras.layers.LeakyReLU(), dtype="mixed_float16"))(X).dtype
    )
    assert keras.backend.standardize_dtype(make(with_policy)(X).dtype) == "float16"


REFUSED = {
    "lambda": (lambda x: x * 2, UnserializableActivationError),
    "numpy": (np.tanh, UnserializableActivationError),
    "typo": ("reluu", UnknownActivationError),
    "argument": (functools.partial(keras.activations.leaky_relu, 0.4), UnserializableActivationError),
}


@pytest.mark.parametrize("layer_class", [Automatic, Spread], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_come_back_is_refused(case, layer_class):
    """As the layer is constructed, with the place in the object."""
    value, error = REFUSED[case]
    with pytest.raises(error) as caught:
        layer_class(Plain(3, value), name="net")
    assert (caught.value.field, caught.value.layer) == ("config.activation", f"{layer_class.__name__} 'net'")


@dataclasses.dataclass
class Unknown:
    units: int
    activation: Any = None


def test_a_class_that_keras_does_not_know(tmp_path):
    """A layer without a get_config needs its name; the line of the message, followed, gives it one."""
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


CONFIG = {"class_name": "serialactivation>object", "registered_name": "configured>Plain", "members": {"units": 3}}


@pytest.mark.parametrize(
    "config",
    [
        {**CONFIG, "registered_name": "configured>Kept"},
        {**CONFIG, "members": None},
        {**CONFIG, "members": {"__class__": "str"}},
        {**CONFIG, "registered_name": "configured>Returned", "members": {"get_config": "mine"}},
        {**CONFIG, "registered_name": "configured>Named", "members": {}},
        {**CONFIG, "registered_name": "configured>Frozen", "members": {"new": 1}},
        {**CONFIG, "registered_name": "tests.helpers.configured.Plain"},
    ],
    ids=["layer", "members", "class", "method", "missing", "slots", "path"],
)
def test_a_damaged_object_is_an_error(config):
    """No class is found by its path, and nothing is put before a method."""
    with pytest.raises(ActivationConfigError):
        Automatic.from_config({"config": config})


def test_a_member_that_its_class_has_gained_has_its_default():
    """A file from before."""
    layer = Automatic.from_config({"config": CONFIG})
    assert layer.config == Plain(3, "relu")


def test_an_activation_without_its_place_is_an_error():
    """A from_config that makes another object would compute something else."""
    config = Spread(Plain(3, keras.ops.gelu)).get_config()
    stored = config["serialactivation"].pop("config.activation")
    for path in ("settings.activation", "config.blocks[0].activation", "config.units.activation"):
        with pytest.raises(ActivationConfigError) as caught:
            Spread.from_config(config | {"serialactivation": {path: stored}})
        assert path in caught.value.path


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
    """Where a name does not tell; and all callables of an object under a field's name are activations."""
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
    """The argument must be there, and the path one."""
    with pytest.raises(ActivationFieldError):
        sa.serializable_activation(fields=[sa.ActivationField(name=name)])(type("Own", (Declared,), {}))


def test_strings_of_the_authors_own():
    """A default is understood, and what stands in a dict; others are named."""

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


def test_an_object_that_holds_itself_is_looked_into_once():
    """And is refused where it has to be stored: JSON has no rings."""
    ring = types.SimpleNamespace(units=3, activation=keras.ops.gelu)
    ring.self = ring
    assert Spread(ring).config.activation is not None
    with pytest.raises(LayerArgumentError, match="it contains itself"):
        Automatic(ring)


def test_an_untraceable_call_is_refused_with_its_cure():
    """Nobody could tell whether it calls the PReLU, whose weights would not be saved."""

    class Opaque(Automatic):
        def call(self, inputs):
            return inputs if inputs.shape[0] is None else self.config.activation(float(inputs[0, 0]))

        def compute_output_shape(self, input_shape):
            return input_shape

    with pytest.raises(ActivationBuildError, match=r"self\.activation = "):
        Opaque(Plain(3, prelu())).build((4, 3))


@pytest.mark.once
@pytest.mark.parametrize("steps", [("a", "b", 0, "c"), ("a", "b.c", "[0]"), ("a", 'q"', "é", 12), ("a",)])
def test_paths_are_read_as_they_are_written(steps):
    """Whatever the keys of a dict are."""
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
    """A config of a layer without a get_config of its own."""
    config = json.loads(json.dumps(Automatic(KINDS["derived"](keras.ops.gelu)).get_config()))
    revived = Automatic.from_config(config)
    assert (revived.config.doubled, revived.config.units) == (15, 3)
    assert np.allclose(revived.config.activation(X), keras.ops.gelu(X))
