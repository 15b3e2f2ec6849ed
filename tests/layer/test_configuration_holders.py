"""What holds an activation for a layer: each kind of object comes back, or is refused as the layer is constructed."""

import argparse
import dataclasses
import json
from typing import Any

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationConfigError, LayerArgumentError
from tests.helpers import holders
from tests.helpers.holders import KINDS, STYLES, Base, Fixed, KnownFixed, Plain, Renamed, Returned
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(2, 4)).astype("float32")
OPERATION = ("dataclass", "dict", "user_dict", "fixed", "stored", "dict_of_stored")
CELLS = [*((kind, "prelu") for kind in KINDS), *((kind, "operation") for kind in OPERATION)]
GIVEN = {"operation": lambda: keras.ops.gelu, "prelu": keras.layers.PReLU}
FORMATS = ("keras", "h5")

READ = """
import pathlib, sys
import keras, numpy as np
from tests.helpers import holders
for path in sorted(pathlib.Path(sys.argv[1]).glob("model.*")):
    saved = np.load(path.parent / f"{path.name.split('.')[1]}.npz")
    model = keras.models.load_model(path)
    found = [keras.ops.convert_to_numpy(one) for one in model(saved["inputs"])]
    pairs = zip(model.layers[1:], found)
    differing = [layer.name for layer, one in pairs if not np.array_equal(one, saved[layer.name])]
    print(path.name, len(found), differing)
    print(path.name, [type(layer.config).__name__ for layer in model.layers[1:]])
"""


def make(layer_class):
    inputs = keras.Input((4,))
    layers = {f"{kind}_{name}": layer_class(KINDS[kind](GIVEN[name]()), name=f"{kind}_{name}") for kind, name in CELLS}
    model = keras.Model(inputs, [layer(inputs) for layer in layers.values()])
    randomize(model, np.random.default_rng(4))
    return model


def test_every_kind_of_object_comes_back(tmp_path):
    """Every kind of object comes back to the bit and in its class, from both formats and in a new process."""
    kinds = {}
    for style, layer_class in STYLES.items():
        model = make(layer_class)
        names = [layer.name for layer in model.layers[1:]]
        saved = dict(zip(names, map(keras.ops.convert_to_numpy, model(X)), strict=True))
        np.savez(tmp_path / f"{style}.npz", inputs=X, **saved)
        kinds[style] = [type(layer.config).__name__ for layer in model.layers[1:]]
        for suffix in FORMATS:
            model.save(tmp_path / f"model.{style}.{suffix}")
    printed = run_python(READ, str(tmp_path)).splitlines()
    for style in sorted(STYLES):
        for suffix in sorted(FORMATS):
            assert printed.pop(0) == f"model.{style}.{suffix} {len(CELLS)} []"
            assert printed.pop(0).replace("TrackedOrderedDict", "TrackedDict") == (
                f"model.{style}.{suffix} {kinds[style]}".replace("TrackedOrderedDict", "TrackedDict")
            )


@dataclasses.dataclass
class Unknown:
    units: int = 3
    activation: Any = None


class Old:
    def __init__(self, activation):
        self.activation = activation


REFUSED = {
    "dataclass": lambda: Unknown(3, "tanh"),
    "outer": lambda: holders.Outer(Unknown(3, "tanh")),
    "list": lambda: [Unknown(3, "tanh")],
    "old": lambda: Old("tanh"),
    "old_in_a_dict": lambda: {"first": Old("tanh")},
    "argparse": lambda: argparse.Namespace(units=3, activation="tanh"),
    "mapping": lambda: Fixed({"activation": keras.layers.PReLU()}),
}


@pytest.mark.parametrize("layer_class", [Returned, Renamed], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_get_config_returns_is_proved_at_construction(kind, layer_class):
    """The constructor, and not the save, refuses an object that get_config returns unchanged."""
    with pytest.raises(LayerArgumentError, match="returns it unchanged") as refused:
        layer_class(REFUSED[kind]())
    assert refused.value.returned


def test_a_get_config_of_its_own_way_is_asked_once():
    """A get_config that stores an object in its own way is called once, and one that needs ``build`` is accepted."""
    asked = []

    @sa.serializable_activation(package="holders")
    class Own(Base):
        def __init__(self, config=None, function=None, **kwargs):
            super().__init__(config or Unknown(3, function), **kwargs)

        def get_config(self):
            asked.append(self.name)
            return {**super().get_config(), "function": self.config.activation, "size": self.size}

        @classmethod
        def from_config(cls, config):
            return cls(**{key: value for key, value in config.items() if key != "size"})

        def build(self, input_shape):
            super().build(input_shape)
            self.size = 4

    layer = Own(Unknown(3, "tanh"))
    assert asked == [layer.name]
    layer.build((None, 4))
    assert Own.from_config(layer.get_config()).config == Unknown(3, "tanh")


def test_a_get_config_that_leaves_an_object_out():
    """A get_config may leave out an object that holds only names, as in stock Keras; any other is refused."""

    @sa.serializable_activation(package="holders")
    class Spread(Base):
        def __init__(self, config=None, units=3, function=None, **kwargs):
            super().__init__(config or Unknown(units, function), **kwargs)

        def get_config(self):
            own = {"units": self.config.units, "function": keras.activations.serialize(self.activation)}
            return {**super().get_config(), **own}

    layer = Spread.from_config(json.loads(json.dumps(Spread(Unknown(5, "tanh")).get_config())))
    assert layer.config == Unknown(5, "tanh")
    with pytest.raises(LayerArgumentError, match="class Unknown is not registered with Keras"):
        Spread(Unknown(5, keras.ops.gelu))


def test_a_dict_with_attributes_is_known_or_refused():
    """A dict with attributes is refused until its class is known, as the line of the message makes it."""
    with pytest.raises(LayerArgumentError, match="class Attributes is not registered with Keras") as refused:
        holders.Automatic(holders.Attributes(activation="tanh"))
    assert "get_custom_objects()['my_package>Attributes'] = Attributes" in str(refused.value)
    assert isinstance(holders.Automatic(holders.KnownAttributes(activation="tanh")).config, dict)


def test_a_mapping_that_takes_no_dict_is_refused():
    """A mapping whose constructor takes no dict is refused, because it could not be made again."""

    class Pair(Fixed):
        def __init__(self, first, second):
            super().__init__({"activation": first, "other": second})

    with pytest.raises(LayerArgumentError, match="cannot be recreated from a dict"):
        holders.Automatic(Pair(keras.ops.gelu, 1))


def test_plain_values_of_a_mapping_are_kept_as_stock_keras_keeps_them():
    """A mapping of plain values is stored as a plain dict, without the name of its class."""
    layer = Returned(Fixed({"activation": "tanh", "units": 3}))
    config = json.loads(json.dumps(layer.get_config()))
    assert config["config"] == {"activation": "tanh", "units": 3}
    assert Returned.from_config(config).activation is keras.activations.tanh


def test_one_object_in_two_layers_stays_shared(tmp_path):
    """The PReLU in a UserDict that two layers have is one before and after a load."""
    config = KINDS["user_dict"](keras.layers.PReLU())
    model = keras.Sequential([keras.Input((4,)), Returned(config), holders.Automatic(config)])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].activation is loaded.layers[1].activation
    assert len(loaded.weights) == len(model.weights) == 5


@pytest.mark.parametrize(
    "config",
    [
        {"class_name": "serialactivation>mapping", "kind": "dict", "members": {}},
        {"class_name": "serialactivation>mapping", "kind": "UserDict", "members": [1]},
        {"class_name": "serialactivation>object", "registered_name": "holders>Returned", "members": {}},
    ],
    ids=["kind", "members", "layer"],
)
def test_a_damaged_mapping_is_an_error(config):
    """A damaged mapping raises an error, and no class is looked up by it."""
    with pytest.raises(ActivationConfigError):
        Returned.from_config({"config": config})


def test_a_known_mapping_is_made_of_a_dict():
    """A known mapping is made by its constructor, which is trusted together with the class."""
    config = Returned(KnownFixed({"activation": keras.ops.gelu})).get_config()
    assert config["config"]["registered_name"] == "holders>KnownFixed"
    assert type(Returned.from_config(config).config) is KnownFixed


def test_an_object_of_a_class_unknown_now_is_an_error():
    """An object whose class is no longer registered raises an error, as for a layer without a get_config."""
    config = Returned(Plain(3, "tanh")).get_config()
    config["config"]["registered_name"] = "holders>Gone"
    with pytest.raises(ActivationConfigError, match="no configuration class is registered under this name"):
        Returned.from_config(config)
