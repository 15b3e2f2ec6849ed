"""A user's own layers, annotated: their calls, their hooks, and what they are given.

Checked in full with the stubs of Keras; and without them as code with Keras has to be, whose classes are ``Any`` there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import keras

import serialactivation as sa
from serialactivation.typing import JSON, Activation, ActivationLike, Config, Shape, TensorT


class Gated(sa.SerializableActivationMixin, keras.layers.Layer, package="my_package"):
    """One gate, as any tensor."""

    def __init__(self, activation: ActivationLike = "relu", gate: ActivationLike = "sigmoid", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = sa.get(activation)
        self.gate = sa.get(gate)

    def call(self, inputs: TensorT) -> TensorT:
        return self.activation(inputs) * self.gate(inputs)


@sa.serializable_activation(package="my_package")
class GatedToo(keras.layers.Layer):
    """The same, made by the decorator, with an option of the call."""

    def __init__(self, activation: ActivationLike = "relu", gate: ActivationLike = "sigmoid", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation: Activation = sa.get(activation)
        self.gate: Activation = sa.get(gate)

    def call(self, inputs: TensorT, training: bool = False) -> TensorT:
        return self.activation(inputs) * self.gate(inputs) if training else inputs


class Anything(Gated, package="my_package"):
    """The same, as Keras's own layers have it."""

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs) * self.gate(inputs) + inputs


# Hooks that say ActivationLike.


class Hooked(Gated, package="my_package"):
    @classmethod
    def resolve_activation(cls, field: sa.ActivationField, value: ActivationLike) -> ActivationLike:
        return "tanh" if value == "bounded" else super().resolve_activation(field, value)

    @classmethod
    def validate_activation(cls, field: sa.ActivationField, activation: ActivationLike) -> None:
        super().validate_activation(field, activation)
        if activation in (None, "linear"):
            raise sa.ActivationError(f"{cls.__name__} needs an activation that bounds its input")

    def encode_activation(self, field: sa.ActivationField, activation: ActivationLike) -> JSON:
        return {"class_name": "kept", "config": {"activation": super().encode_activation(field, activation)}}

    @classmethod
    def decode_activation(cls, field: sa.ActivationField, config: JSON) -> ActivationLike:
        return super().decode_activation(field, config)

    def activation_shape(self, field: sa.ActivationField, input_shape: Shape) -> Shape | None:
        return super().activation_shape(field, input_shape)


# Hooks that say what their fields hold: a number, a list, a dict, or anything.


class Sloped(Gated, package="my_package"):
    @classmethod
    def resolve_activation(cls, field: sa.ActivationField, value: ActivationLike | float) -> Activation:
        return sa.get(keras.layers.LeakyReLU(value) if isinstance(value, int | float) else value)


class Listed(Gated, package="my_package", fields=["activations"]):
    def __init__(self, activations: Sequence[ActivationLike] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activations = [sa.get(activation) for activation in activations]

    @classmethod
    def resolve_activation(cls, field: sa.ActivationField, value: Sequence[ActivationLike]) -> list[Activation]:
        return [sa.get(activation) for activation in value]

    @classmethod
    def validate_activation(cls, field: sa.ActivationField, activation: Sequence[ActivationLike]) -> None:
        if not activation:
            raise ValueError(field.name)

    def encode_activation(self, field: sa.ActivationField, activation: Sequence[ActivationLike]) -> list[JSON]:
        return [sa.serialize(one) for one in activation]

    @classmethod
    def decode_activation(cls, field: sa.ActivationField, config: Sequence[JSON]) -> list[Activation]:
        return [sa.get(sa.deserialize(one)) for one in config]


class Named(Gated, package="my_package", fields=["activations"]):
    def __init__(self, activations: Mapping[str, ActivationLike], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activations = activations

    @classmethod
    def resolve_activation(cls, field: sa.ActivationField, value: Mapping[str, ActivationLike]) -> object:
        return {name: sa.get(activation) for name, activation in value.items()}

    @classmethod
    def decode_activation(cls, field: sa.ActivationField, config: Config) -> dict[str, Activation | None]:
        return {name: sa.deserialize(one) for name, one in config.items()}


class Anyhow(Gated, package="my_package"):
    @classmethod
    def resolve_activation(cls, field: sa.ActivationField, value: object) -> object:
        return super().resolve_activation(field, value)

    @classmethod
    def validate_activation(cls, field: sa.ActivationField, activation: object) -> None: ...


class Wrong(Gated, package="my_package"):
    @classmethod
    def resolve_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        cls, field: str, value: ActivationLike
    ) -> ActivationLike:
        return value

    def encode_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self, field: sa.ActivationField, activation: ActivationLike
    ) -> ActivationLike:
        return activation


# What they are given, and the twins beside them.

layers: list[keras.layers.Layer] = [Gated("relu", gate=keras.layers.PReLU()), sa.layers.Dense(4, activation="relu")]
model = keras.Sequential(layers)

Gated(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
GatedToo(gate=["relu"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
