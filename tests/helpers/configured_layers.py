"""Layers that call others, which are no activations, out of configuration objects. New processes import them."""

import collections
import dataclasses
import types
from typing import Any, NamedTuple

import attrs
import keras

import serialactivation as sa


def known(kind):
    keras.saving.get_custom_objects()[f"configured_layers>{kind.__name__}"] = kind
    return kind


@known
@dataclasses.dataclass
class Plain:
    head: Any
    units: int = 3


@known
@attrs.frozen
class Attrs:
    head: Any
    units: int = 3


@known
class Named(NamedTuple):
    head: Any
    units: int = 3


@known
@dataclasses.dataclass
class Outer:
    inner: Any


class Attributes:
    """An object of a class that says nothing of what it holds."""

    def __init__(self, head):
        self.head = head


@keras.saving.register_keras_serializable(package="configured_layers")
@dataclasses.dataclass
class Registered:
    """What stock Keras stores by itself."""

    head: Any

    def get_config(self):
        return {"head": keras.saving.serialize_keras_object(self.head)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["head"]))


KINDS = {
    "dataclass": Plain,
    "attrs": Attrs,
    "named": Named,
    "namespace": lambda head: types.SimpleNamespace(head=head),
    "registered": Registered,
    "user_dict": lambda head: collections.UserDict(head=head),
    "in_a_list": lambda head: Plain([head, 3]),
    "in_a_dict": lambda head: Plain({"first": head}),
    "nested": lambda head: Outer(Plain(head)),
    "nested_named": lambda head: Outer(Named(head)),
    "of_a_list": lambda head: [Plain(head)],
}


def head_of(config):
    while not isinstance(config, keras.Layer):
        if isinstance(config, list):
            config = config[0]
        elif isinstance(config, dict | collections.UserDict):
            config = next(iter(config.values()))
        else:
            config = config.inner if isinstance(config, Outer) else config.head
    return config


class Base(keras.layers.Layer):
    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def call(self, inputs):
        return head_of(self.config)(inputs)


@sa.serializable_activation(package="configured_layers")
class Automatic(Base):
    """Neither get_config nor build."""


@sa.serializable_activation(package="configured_layers")
class Building(Base):
    """It has weights of its own."""

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], input_shape[-1]), name="kernel")

    def call(self, inputs):
        return super().call(keras.ops.matmul(inputs, self.kernel))


@keras.saving.register_keras_serializable(package="configured_layers")
class StockKept(Base):
    """The layer is an attribute as well, between two others."""

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.first = keras.layers.Dense(4)
        self.head = head_of(config)
        self.last = keras.layers.Dense(4)

    def call(self, inputs):
        return self.last(super().call(self.first(inputs)))


@sa.serializable_activation(package="configured_layers")
class Kept(StockKept):
    pass


class ReturnedConfig:
    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "config": self.config}


@sa.serializable_activation(package="configured_layers")
class Returned(ReturnedConfig, Base):
    """Its author's get_config returns the object."""


class SpreadConfig:
    def get_config(self):
        head = keras.saving.serialize_keras_object(head_of(self.config))
        return {**keras.layers.Layer.get_config(self), "head": head}

    @classmethod
    def from_config(cls, config):
        return cls(Attributes(keras.saving.deserialize_keras_object(config.pop("head"))), **config)


@sa.serializable_activation(package="configured_layers")
class Spread(SpreadConfig, Base):
    """Its author wrote both halves."""


@sa.serializable_activation(package="configured_layers")
class Applying(keras.Model):
    """A model without a build."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config

    def call(self, inputs):
        return head_of(self.config)(inputs)
