"""The ready-made layers and the activations, where Keras has no types: with nothing installed but the wheel.

An expected error carries an ignore for mypy and one for pyright. An ignore that is not needed is an error itself.
"""

import functools
from typing import Any, assert_type

import serialactivation as sa
from serialactivation import ActivationField, testing
from serialactivation.typing import JSON, Activation, ActivationLike, Config, TensorT


def twice(x: TensorT) -> TensorT:
    return x + x


def scaled(x: Any, scale: float = 1.0) -> Any:
    return x * scale


# What an activation may be.

assert_type(sa.layers.Dense(4, activation="relu"), sa.layers.Dense)
sa.layers.Dense(4, activation=None)
sa.layers.Dense(4, activation=twice)
sa.layers.Dense(4, activation=functools.partial(scaled, scale=0.4))
sa.layers.Dense(4, activation=sa.get("gelu"))
sa.layers.Dense(4, activation=sa.layers.Activation("relu"))
sa.layers.Dense(4, activation={"class_name": "ReLU", "config": {}})

sa.layers.Dense(4, activation=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Dense(4, activation=["relu"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Dense(4, activation=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.LSTM(4, recurrent_activation=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.GRUCell(4, activation=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Activation(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.ConvLSTM2D(4, 3, activation=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# The other arguments are Keras's.

sa.layers.Conv2D(8, (3, 3), strides=2, padding="same", use_bias=False, kernel_initializer="he_normal", name="first")
sa.layers.EinsumDense("ab,bc->ac", output_shape=4, bias_axes="c", dtype="float16")
sa.layers.GRU(4, return_sequences=True, zero_output_for_mask=True)

sa.layers.Dense()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.layers.Dense("4")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Dense(4, activations="relu")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.layers.Dense(4, name=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Conv2D(8)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.layers.Conv1D(8, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Embedding(8, 4)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

assert_type(sa.layers.Dense(4).encode_activation(ActivationField(name="activation"), "relu"), JSON)


# The codec.

assert_type(sa.get("relu"), Activation)
assert_type(sa.get("relu")(1.0), float)
assert_type(sa.serialize(twice), JSON)
accepted: ActivationLike = twice

sa.get(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.get("relu")(1.0, 2.0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.serialize([twice])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# A layer's call, which computes with what its activations return.


class Gate:
    def __init__(self, activation: ActivationLike = "relu", gate: ActivationLike = "sigmoid") -> None:
        self.activation = sa.get(activation)
        self.gate = sa.get(gate)

    def call(self, inputs: TensorT) -> TensorT:
        return self.activation(inputs) * self.gate(inputs)

    def weighted(self, inputs: TensorT) -> TensorT:
        gate = self.gate(inputs)
        return 0.5 * self.activation(inputs) * gate + (1 - gate) * inputs - inputs / 2

    def anything(self, inputs: Any) -> Any:
        return self.activation(inputs) * self.gate(inputs)


assert_type(Gate().activation, Activation)


# The functions of a field say what it holds.


def resolve(value: ActivationLike | float) -> Activation:
    return sa.get(functools.partial(scaled, scale=value) if isinstance(value, int | float) else value)


def refuse_linear(activation: ActivationLike) -> None:
    if activation in (None, "linear"):
        raise ValueError(activation)


def write(activation: Gate) -> JSON:
    return {"gate": sa.serialize(activation.gate)}


def read(config: Config) -> Gate:
    return Gate(gate=sa.deserialize(config["gate"]))


ActivationField(name="gate", resolver=resolve, validator=refuse_linear, encoder=write, decoder=read)
ActivationField(name="gate", encoder=resolve)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ActivationField(name="gate", resolver=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

testing.ActivationCase("twice", lambda: twice)
