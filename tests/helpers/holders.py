"""Every kind of object that a layer may be given its activation in, and layers that are. New processes import them."""

import collections
import dataclasses
import enum
import types
from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import attrs
import keras

import serialactivation as sa

ActivationT = TypeVar("ActivationT")


def known(kind):
    keras.saving.get_custom_objects()[f"holders>{kind.__name__}"] = kind
    return kind


class Mode(enum.Enum):
    SLOW = "slow"
    FAST = "fast"


known(Mode)


@known
@dataclasses.dataclass
class Plain:
    units: int = 3
    activation: Any = "relu"


@known
@dataclasses.dataclass
class Made(Plain):
    """A subclass with members that are made, or are of other kinds."""

    gate_activation: Any = "tanh"
    mode: Mode = Mode.SLOW
    rates: list = dataclasses.field(default_factory=lambda: [0.1, (0.2, 0.3)])
    slope: dataclasses.InitVar[float] = 0.1
    called: Any = dataclasses.field(init=False, default=None)

    def __post_init__(self, slope):
        self.called = keras.layers.LeakyReLU(slope)


@known
@dataclasses.dataclass
class Parametrized(Generic[ActivationT]):
    activation: ActivationT


@known
@dataclasses.dataclass
class Unpacked(Mapping):
    """A dataclass for ``**config``."""

    activation: Any = None

    def __getitem__(self, name):
        return getattr(self, name)

    def __iter__(self):
        return iter(("activation",))

    def __len__(self):
        return 1


@known
@attrs.define
class Converted:
    _activation: Any = attrs.field(default="relu", converter=keras.activations.get)

    @property
    def activation(self):
        return self._activation


@known
class Named(NamedTuple):
    units: int = 3
    activation: Any = None


@known
@dataclasses.dataclass
class Outer:
    inner: Any = None


@keras.saving.register_keras_serializable(package="holders")
class Stored:
    """It has both halves, and Keras's form of a function: another one comes back."""

    def __init__(self, activation):
        self.activation = activation

    def get_config(self):
        return {"activation": keras.saving.serialize_keras_object(self.activation)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["activation"]))


class Attributes(dict):
    """What many projects have: ``config.activation``."""

    __getattr__ = dict.__getitem__


@known
class KnownAttributes(Attributes):
    pass


class Fixed(Mapping):
    def __init__(self, items):
        self._items = dict(items)

    def __getitem__(self, name):
        return self._items[name]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)


@known
class KnownFixed(Fixed):
    pass


KINDS = {
    "dataclass": lambda activation: Plain(3, activation),
    "made": lambda activation: Made(3, activation, slope=0.3),
    "generic": lambda activation: Parametrized[Any](activation),
    "unpacked": Unpacked,
    "attrs": Converted,
    "named": lambda activation: Named(3, activation),
    "namespace": lambda activation: types.SimpleNamespace(units=3, activation=activation),
    "stored": Stored,
    "dict": lambda activation: {"activation": activation, "sizes": (1, (2, 3))},
    "ordered": lambda activation: collections.OrderedDict(activation=activation),
    "default": lambda activation: collections.defaultdict(int, {"activation": activation}),
    "user_dict": lambda activation: collections.UserDict({"activation": activation}),
    "chain": lambda activation: collections.ChainMap({"activation": activation}, {"units": 3}),
    "proxy": lambda activation: types.MappingProxyType({"activation": activation}),
    "attributes": lambda activation: KnownAttributes(activation=activation),
    "fixed": lambda activation: KnownFixed({"activation": activation}),
    "outer": lambda activation: Outer(Plain(3, activation)),
    "outer_list": lambda activation: Outer([Plain(3, activation), {"units": 4}]),
    "outer_stored": lambda activation: Outer(Stored(activation)),
    "list": lambda activation: [Plain(3, activation), Plain(3, activation)],
    "tuple": lambda activation: (Plain(3, activation),),
    "dict_of": lambda activation: {"first": Plain(3, activation)},
    "dict_of_stored": lambda activation: {"first": Stored(activation)},
    "dict_of_user_dict": lambda activation: {"first": collections.UserDict(activation=activation)},
}


def activation_of(config):
    if isinstance(config, Outer):
        return activation_of(config.inner)
    if isinstance(config, (list, tuple)) and not isinstance(config, Named):
        return activation_of(config[0])
    if isinstance(config, Mapping) and "activation" not in config:
        return activation_of(config["first"])
    if isinstance(config, KnownAttributes) or not isinstance(config, (dict, Mapping)):
        return config.activation
    return config["activation"]


class Base(keras.layers.Layer):
    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.activation = keras.activations.get(activation_of(config))
        self.dense = keras.layers.Dense(4)

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        return self.activation(self.dense(inputs))


@sa.serializable_activation(package="holders")
class Automatic(Base):
    """Nobody wrote a get_config."""


@sa.serializable_activation(package="holders")
class Returned(Base):
    """Its author's get_config returns the object itself, and Keras makes the layer."""

    def get_config(self):
        return {**super().get_config(), "config": self.config}


@sa.serializable_activation(package="holders")
class Renamed(Base):
    """Its author's get_config returns it under another name, for an author's from_config."""

    def get_config(self):
        return {**super().get_config(), "settings": self.config}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        settings = config.pop("settings")
        if isinstance(settings, dict) and "class_name" in settings:
            settings = keras.saving.deserialize_keras_object(settings)
        return cls(settings, **config)


STYLES = {"automatic": Automatic, "returned": Returned, "renamed": Renamed}
