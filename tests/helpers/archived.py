"""The models of which every version of Keras has left files in ``tests/data``. Changed models need all files again."""

import functools

import keras

import serialactivation as sa


@sa.serializable_activation(package="archived")
class Gate(keras.layers.Layer):
    """A user's layer without get_config."""

    def __init__(self, units, activation="relu", gate_activation="sigmoid", kernel_initializer="he_normal", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, initializer=self.kernel_initializer, name="kernel")

    def call(self, inputs):
        features = keras.ops.matmul(inputs, self.kernel)
        return self.activation(features) * self.gate_activation(features)


def feedforward() -> keras.Model:
    """A partial, a function of keras.ops, a layer instance, one PReLU in two layers, a custom layer."""
    shared = keras.layers.PReLU()
    inputs = keras.Input((4,), name="inputs")
    leaky = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
    hidden = sa.layers.Dense(4, activation=leaky, name="partial")(inputs)
    hidden = sa.layers.Dense(4, activation=keras.ops.gelu, name="ops")(hidden)
    hidden = sa.layers.Dense(4, activation=keras.layers.LeakyReLU(negative_slope=0.3), name="instance")(hidden)
    hidden = sa.layers.Dense(4, activation=shared, name="shared_1")(hidden)
    hidden = sa.layers.Dense(4, activation=shared, name="shared_2")(hidden)
    gate = Gate(4, activation=keras.layers.PReLU(), gate_activation=keras.ops.gelu, name="custom")
    return keras.Model(inputs, gate(hidden), name="feedforward")


def recurrent() -> keras.Model:
    """A recurrent layer and a convolution, each with an activation that has weights, one of them normalizing."""
    inputs = keras.Input((5, 2), name="inputs")
    hidden = sa.layers.Conv1DTranspose(3, 2, activation=keras.layers.BatchNormalization(), name="normalizing")(inputs)
    hidden = sa.layers.LSTM(3, activation=keras.layers.PReLU(), name="recurrent")(hidden)
    return keras.Model(inputs, hidden, name="recurrent")


MODELS = {"feedforward": feedforward, "recurrent": recurrent}
