"""Models of a user's classes, which compute with an activation beside their graph."""

import keras

import serialactivation as sa


class StockHead(keras.Model):
    """A functional model with an activation after it: Keras calls no ``build`` of it."""

    def __init__(self, *args, post_activation="linear", **kwargs):
        super().__init__(*args, **kwargs)
        self.post_activation = keras.activations.get(post_activation)

    def call(self, inputs, training=None, mask=None):
        return self.post_activation(super().call(inputs, training=training, mask=mask))

    def get_config(self):
        return {**super().get_config(), "post_activation": keras.activations.serialize(self.post_activation)}


@sa.serializable_activation(package="users_models")
class Head(StockHead):
    """The same, decorated."""


@sa.serializable_activation(package="users_models")
class Chain(keras.Sequential):
    """A Sequential with an activation after it."""

    def __init__(self, layers=None, post_activation="linear", **kwargs):
        super().__init__(layers, **kwargs)
        self.post_activation = keras.activations.get(post_activation)

    def call(self, inputs, training=None, mask=None):
        return self.post_activation(super().call(inputs, training=training, mask=mask))

    def get_config(self):
        return {**super().get_config(), "post_activation": keras.activations.serialize(self.post_activation)}


@sa.serializable_activation(package="users_models")
class Graph(keras.Model):
    """A functional model whose graph its constructor makes."""

    def __init__(self, units=3, activation="relu", **kwargs):
        inputs = keras.Input((4,))
        super().__init__(inputs, sa.layers.Dense(units, activation=activation)(inputs), **kwargs)
        self.units = units
        self.activation = activation

    def call(self, inputs, training=None, mask=None):
        return 2 * super().call(inputs, training=training, mask=mask)


@sa.serializable_activation(package="users_models")
class Own(keras.Model):
    """A model without a graph, built by its first call."""

    def __init__(self, units=3, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden = [keras.layers.Dense(4), keras.layers.Dense(units)]
        self.activation = sa.get(activation)

    def call(self, inputs):
        for layer in self.hidden:
            inputs = layer(inputs)
        return self.activation(inputs)


def make_graph():
    inputs = keras.Input((4,))
    return inputs, sa.layers.Dense(3, keras.ops.gelu)(inputs)


KINDS = {
    "functional": lambda activation: Head(*make_graph(), post_activation=activation),
    "sequential": lambda activation: Chain([keras.Input((4,)), sa.layers.Dense(3)], post_activation=activation),
    "graph of its own": lambda activation: Graph(activation=activation),
    "no graph": lambda activation: Own(activation=activation),
}

ACTIVATIONS = {
    "name": lambda: "tanh",
    "function": lambda: keras.ops.gelu,
    "layer": lambda: keras.layers.LeakyReLU(0.4),
}


def nest(model):
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(2)(model(inputs)))
