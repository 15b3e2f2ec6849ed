"""Layers that are given their activation inside a configuration object. New processes import them."""

import dataclasses
import types
from typing import Any, NamedTuple, TypedDict

import attrs
import keras

import serialactivation as sa


@dataclasses.dataclass
class Plain:
    units: int
    activation: Any = "relu"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    units: int = 3
    activation: Any = None
    rates: tuple = (0.1, 0.2)


@dataclasses.dataclass
class Derived(Plain):
    """What the constructor takes, and what it makes of it, are two things."""

    scale: dataclasses.InitVar[int] = 2
    doubled: int = dataclasses.field(init=False, default=0)

    def __post_init__(self, scale):
        self.units += 0
        self.doubled = self.units * scale


@dataclasses.dataclass
class Returned(Plain):
    """It tells Keras what it holds by copying it, and has nothing that would read that."""

    def get_config(self):
        return dataclasses.asdict(self)


@keras.saving.register_keras_serializable(package="configured")
@dataclasses.dataclass
class Read(Returned):
    @classmethod
    def from_config(cls, config):
        return cls(**config)


@attrs.define
class Attrs:
    units: int = attrs.field(converter=int)
    _activation: Any = attrs.field(default="relu", alias="chosen")

    @property
    def activation(self):
        return self._activation


@attrs.frozen(cache_hash=True, eq=True)
class FrozenAttrs:
    units: int
    activation: Any = attrs.field(default=None, eq=False)


class Named(NamedTuple):
    units: int
    activation: Any = "relu"


class Typed(TypedDict):
    units: int
    activation: Any


KINDS = {
    "dataclass": lambda activation: Plain(3, activation),
    "frozen": lambda activation: Frozen(activation=activation),
    "derived": lambda activation: Derived(3, activation, scale=5),
    "returned": lambda activation: Returned(3, activation),
    "read": lambda activation: Read(3, activation),
    "attrs": lambda activation: Attrs("3", chosen=activation),
    "frozen_attrs": lambda activation: FrozenAttrs(3, activation),
    "named": lambda activation: Named(3, activation),
    "namespace": lambda activation: types.SimpleNamespace(units=3, activation=activation),
    "typed": lambda activation: Typed(units=3, activation=activation),
}

for kind in (Plain, Frozen, Derived, Returned, Attrs, FrozenAttrs, Named):
    keras.saving.get_custom_objects()[f"configured>{kind.__name__}"] = kind


CONFIG = {"class_name": "serialactivation>object", "registered_name": "configured>Plain", "members": {"units": 3}}
"""A ``Plain`` as it is stored, without its activation."""


def units_of(config):
    return config["units"] if isinstance(config, dict) else config.units


def activation_of(config):
    return config["activation"] if isinstance(config, dict) else config.activation


class Base(keras.layers.Layer):
    """Undecorated: what stock Keras has."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], units_of(self.config)), name="kernel")

    def call(self, inputs):
        return keras.activations.get(activation_of(self.config))(keras.ops.matmul(inputs, self.kernel))


@sa.serializable_activation(package="configured")
class Automatic(Base):
    """No get_config, and the activation is called out of the object."""


@sa.serializable_activation(package="configured")
class Kept(Base):
    """No get_config, and the activation is an attribute too."""

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.activation = keras.activations.get(activation_of(config))


class SpreadConfig:
    def get_config(self):
        config = keras.layers.Layer.get_config(self)
        activation = keras.activations.serialize(keras.activations.get(activation_of(self.config)))
        return {
            **config,
            "kind": "typed" if isinstance(self.config, dict) else KIND_OF[self.config.__class__],
            "activation": activation,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        make = KINDS[config.pop("kind")]
        return cls(make(keras.activations.deserialize(config.pop("activation"))), **config)


KIND_OF = {type(make(None)): name for name, make in KINDS.items()}


@sa.serializable_activation(package="configured")
class Spread(SpreadConfig, Base):
    """Its author wrote both halves, as Keras's guide says."""


@keras.saving.register_keras_serializable(package="configured_stock")
class StockSpread(SpreadConfig, Base):
    pass


class CopiedConfig:
    def __init__(self, config, **kwargs):
        super().__init__(Plain(**config) if isinstance(config, dict) else config, **kwargs)

    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "config": dataclasses.asdict(self.config)}


@sa.serializable_activation(package="configured")
class Copied(CopiedConfig, Base):
    """Its get_config copies the object, activation and all; the constructor takes a dict as well."""


@keras.saving.register_keras_serializable(package="configured_stock")
class StockCopied(CopiedConfig, Base):
    pass


@sa.serializable_activation(package="configured")
class Network(keras.Model):
    """A model that hands the object on, and calls an activation of it itself."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.first = Kept(config)
        self.second = Automatic(config)

    def call(self, inputs):
        return self.second(keras.activations.get(activation_of(self.config))(self.first(inputs)))
