"""Layers that are given a configuration object, whose authors write of it in their configs in many ways."""

import dataclasses

import keras

import serialactivation as sa
from tests.helpers import configured
from tests.helpers.configured import Automatic, Plain, Spread


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
