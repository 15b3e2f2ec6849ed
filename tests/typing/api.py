"""The public face as type checkers see it: what is returned, and what is refused.

An expected error carries an ignore for mypy and one for pyright. An ignore that is not needed is an error itself.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, assert_type

import keras

import serialactivation as sa
from serialactivation import ActivationField, SerializableActivationMixin, serializable_activation, testing
from serialactivation.typing import (
    JSON,
    Activation,
    ActivationLike,
    Config,
    Shape,
    SupportsConfig,
    TensorT,
)

P = ParamSpec("P")


# The decorator: in either form, the very same class comes back.


class Gated(keras.layers.Layer):
    def __init__(self, units: int, gate: ActivationLike = "sigmoid", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.gate = keras.activations.get(gate)

    def call(self, inputs: TensorT) -> TensorT:
        return keras.activations.relu(inputs)


class Network(keras.Model):
    def __init__(self, activation: ActivationLike = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activation


@serializable_activation
class Bare(Gated):
    def double(self) -> int:
        return 2 * self.units


@serializable_activation()
class Called(Gated):
    """Decorated without options."""


@serializable_activation(package="my_package", name="MyGated", fields=["gate", ActivationField(name="activation")])
class Named(Gated):
    """Decorated with all options."""


assert_type(serializable_activation(Gated), type[Gated])
assert_type(serializable_activation(Network), type[Network])
assert_type(serializable_activation()(Gated), type[Gated])
assert_type(serializable_activation(package="my_package")(Network), type[Network])
assert_type(serializable_activation(fields=["gate"])(Gated)(3, gate="relu"), Gated)
assert_type(Bare(3).double(), int)
assert_type(Called(3).units, int)
assert_type(Named(3), Named)

Bare("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
serializable_activation(int)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
serializable_activation()(int)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
serializable_activation("my_package")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
serializable_activation(packages="my_package")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


# The mixin: class keywords are checked, and the class stays what it is.


class Mixed(SerializableActivationMixin, keras.layers.Layer, package="my_package", name="MyMixed", fields=("gate",)):
    def __init__(self, gate: ActivationLike = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gate = gate


class MixedModel(SerializableActivationMixin, keras.Model):
    """A model, without class keywords."""


mixed_layer: keras.Layer = Mixed(gate="relu", name="mixed", dtype="float32")
mixed_model: keras.Model = MixedModel(name="mixed")
assert_type(Mixed.from_config({"gate": "relu"}), Mixed)


# fields=: names and records, in any sequence.

names: list[str] = ["gate"]
records: tuple[ActivationField, ...] = (ActivationField(name="gate"),)
serializable_activation(fields=names)
serializable_activation(fields=records)
serializable_activation(fields=[*names, *records])

serializable_activation(fields=3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
serializable_activation(fields=[3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
serializable_activation(fields={"gate"})  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


class WrongFields(  # pyright: ignore[reportGeneralTypeIssues]
    SerializableActivationMixin,
    keras.layers.Layer,
    fields=[3],  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
):
    """A field is a name or a record."""


class WrongPackage(  # pyright: ignore[reportGeneralTypeIssues]
    SerializableActivationMixin,
    keras.layers.Layer,
    package=3,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
):
    """A package is a name."""


# ActivationField: keyword-only and frozen, and its functions have the signatures of the hooks that they stand for.

field = ActivationField(name="gate")
assert_type(field.name, str)
assert_type(field.key, str)
assert_type(field.aliases, tuple[str, ...])
assert_type(field.names, tuple[str, ...])
assert_type(field.resolve, bool)
assert_type(field.resolver, Callable[[object], object] | None)
assert_type(field.validator, Callable[[object], None] | None)
assert_type(field.encoder, Callable[[object], JSON] | None)
assert_type(field.decoder, Callable[[JSON], object] | None)
assert_type(field.shape, Callable[[Shape], Shape | None] | None)

field.key = "g"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
ActivationField("gate")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
ActivationField()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
ActivationField(name=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ActivationField(name="gate", alias="g")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def encode(activation: object) -> JSON:
    return repr(activation)


def decode(config: JSON) -> str:
    return str(config)


def last_axis(input_shape: Shape) -> Shape:
    return input_shape[-1:]


ActivationField(name="gate", aliases=["g"], names=("glu",), encoder=encode, decoder=decode, shape=last_axis)
ActivationField(name="gate", encoder=last_axis)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ActivationField(name="gate", shape=encode)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# The hooks: overridden with their own signatures, in a class of either way in.


class Hooked(SerializableActivationMixin, keras.layers.Layer):
    @classmethod
    def resolve_activation(cls, field: ActivationField, value: object) -> object:
        return super().resolve_activation(field, value)

    @classmethod
    def validate_activation(cls, field: ActivationField, activation: object) -> None:
        if not callable(activation):
            raise TypeError(field.name)

    def encode_activation(self, field: ActivationField, activation: object) -> JSON:
        return {"kept": super().encode_activation(field, activation)}

    @classmethod
    def decode_activation(cls, field: ActivationField, config: JSON) -> object:
        return super().decode_activation(field, config)

    def activation_shape(self, field: ActivationField, input_shape: Shape) -> Shape | None:
        return super().activation_shape(field, input_shape) or input_shape


class WronglyHooked(SerializableActivationMixin, keras.layers.Layer):
    @classmethod
    def resolve_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        cls, value: object
    ) -> object:
        return value

    @classmethod
    def validate_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        cls, field: str, activation: object
    ) -> None:
        """Takes the field's name for the field."""

    def encode_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self, field: ActivationField, activation: object
    ) -> object:
        return activation

    def decode_activation(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self, field: ActivationField, config: JSON
    ) -> object:
        return config

    def activation_shape(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self, field: ActivationField
    ) -> Shape:
        return (None,)


# A layer's call: what an activation returns is of the kind that it is given.


class Symbolic(Gated):
    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return sa.get("relu")(inputs) * sa.get(self.gate)(inputs)


assert_type(sa.get("relu")(keras.KerasTensor((None, 3))), keras.KerasTensor)


# get, serialize, deserialize: what goes in and what comes out.

assert_type(sa.get("relu"), Activation)
assert_type(sa.get(None), Activation)
assert_type(sa.get({"class_name": "relu", "config": {}}), Activation)
assert_type(sa.get(keras.layers.PReLU(shared_axes=[1, 2])), Activation)
assert_type(sa.serialize(keras.ops.gelu), JSON)
assert_type(sa.deserialize(sa.serialize("relu")), Activation | None)
assert_type(sa.deserialize("mine", custom_objects={"mine": keras.ops.tanh}), Activation | None)

sa.get(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.serialize([keras.ops.gelu])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.deserialize(keras.ops.gelu)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.deserialize("relu", {3: keras.ops.gelu})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]


# activation_fields: of a layer or a layer class, of any kind.

assert_type(sa.activation_fields(Mixed), tuple[ActivationField, ...])
assert_type(sa.activation_fields(Mixed()), tuple[ActivationField, ...])
assert_type(sa.activation_fields(keras.layers.Dense), tuple[ActivationField, ...])

sa.activation_fields("dense")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.activation_fields(int)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# The layers: Keras's own names, defaults and order, and layers of Keras themselves.


def same_arguments(_keras: Callable[P, object], /) -> Callable[[Callable[P, object]], None]:
    """Return what accepts callables that are called like the one of Keras, and no others."""
    raise NotImplementedError


same_arguments(keras.layers.Activation)(sa.layers.Activation)
same_arguments(keras.layers.Conv1D)(sa.layers.Conv1D)
same_arguments(keras.layers.Conv1DTranspose)(sa.layers.Conv1DTranspose)
same_arguments(keras.layers.Conv2D)(sa.layers.Conv2D)
same_arguments(keras.layers.Conv2DTranspose)(sa.layers.Conv2DTranspose)
same_arguments(keras.layers.Conv3D)(sa.layers.Conv3D)
same_arguments(keras.layers.Conv3DTranspose)(sa.layers.Conv3DTranspose)
same_arguments(keras.layers.Dense)(sa.layers.Dense)
same_arguments(keras.layers.DepthwiseConv1D)(sa.layers.DepthwiseConv1D)
same_arguments(keras.layers.DepthwiseConv2D)(sa.layers.DepthwiseConv2D)
same_arguments(keras.layers.EinsumDense)(sa.layers.EinsumDense)
same_arguments(keras.layers.SeparableConv1D)(sa.layers.SeparableConv1D)
same_arguments(keras.layers.SeparableConv2D)(sa.layers.SeparableConv2D)
same_arguments(keras.layers.Dense)(sa.layers.Conv2D)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

convolution = sa.layers.Conv2D(
    filters=8,
    kernel_size=(3, 3),
    strides=2,
    padding="same",
    data_format="channels_last",
    dilation_rate=1,
    groups=1,
    activation=keras.layers.LeakyReLU(negative_slope=0.4),
    use_bias=False,
    kernel_initializer="he_normal",
    name="convolution",
    dtype="mixed_bfloat16",
)
assert_type(convolution, sa.layers.Conv2D)
assert_type(convolution.encode_activation(field, "relu"), JSON)
layer_classes: Sequence[type[keras.layers.Layer]] = [sa.layers.Dense, sa.layers.EinsumDense, sa.layers.SeparableConv2D]
convolution_class: type[keras.layers.Conv2D] = sa.layers.Conv2D

sa.layers.Conv2D(8)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.layers.Conv2D(8, kernel=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sa.layers.Conv2D(8, 3, activation=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.layers.Embedding(8, 4)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
sa.encode("relu")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

assert_type(sa.convert(keras.Sequential([sa.layers.Dense(3)])), keras.Model)
assert_type(sa.check_model(keras.Sequential([sa.layers.Dense(3)])).to_html("page.html"), None)
assert_type(sa.plot("tanh").has_data(), bool)
sa.plot(sa.layers.LSTM(3), ax=sa.plot(None))
sa.plot(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
assert_type(sa.to_stock(keras.Sequential([sa.layers.Dense(3)])), keras.Model)
sa.convert(sa.layers.Dense(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.to_stock("model.keras")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# The aliases: what layers and activations of one's own are annotated with.


@keras.saving.register_keras_serializable(package="my_package")
def scaled_tanh(x: TensorT) -> TensorT:
    return keras.ops.tanh(x)


@keras.saving.register_keras_serializable(package="my_package")
class Scaled:
    def get_config(self) -> Config:
        return {"scale": 2.0}

    def __call__(self, x: TensorT) -> TensorT:
        return x


class Arguments:
    def get_config(self) -> dict[str, int]:
        return {"units": 3}


assert_type(scaled_tanh(keras.KerasTensor((None, 3))), keras.KerasTensor)
sa.layers.Dense(3, activation=scaled_tanh)
sa.layers.Dense(3, activation=Scaled())
sa.get(scaled_tanh)
storable: Sequence[SupportsConfig] = [Scaled(), Arguments(), keras.layers.ReLU(), convolution]
config: Mapping[str, JSON] = {"units": 3, "gate": [None, "relu", {"class_name": "PReLU", "config": {"axes": [1, 2]}}]}
not_json: JSON = {"gate": keras.ops.gelu}  # type: ignore[dict-item]  # pyright: ignore[reportAssignmentType]
not_storable: SupportsConfig = scaled_tanh  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


# Whole models: what Keras's functions take, and trusted names.

model = keras.Sequential([sa.layers.Dense(3)])
assert_type(sa.load_model("model.keras", trusted=["my_package>Gated"]), keras.Model)
assert_type(sa.load_model("model.h5", repair=True), keras.Model)
assert_type(sa.model_to_json(model, indent=2), str)
assert_type(sa.clone_model(model, recursive=True), keras.Model)
assert_type(sa.untrusted("model.keras"), tuple[str, ...])

sa.load_model("model.keras", trusted=[3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
sa.save_model(model, "model.keras", target_keras=3.9)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sa.clone_model(model, clone_function="copy")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# The kit.


def call_on_all(layer: keras.Layer, inputs: list[keras.KerasTensor]) -> object:
    return layer(*inputs)


checks = testing.layer_checks(Bare, input_shape=(None, 3), activations=["tanh", keras.layers.PReLU()])
assert_type(checks, list[testing.LayerCheck])
assert_type(checks[0](), None)
assert_type(checks[0].promise.meaning, str)
testing.check_layer(Bare, input_shape={"left": (None, 3), "right": [(None, 4), (None, 5)]}, stock=Gated)
testing.check_layer(functools.partial(Gated, 4), input_shape=(None, 3))
testing.check_layer(
    Bare,
    input_shape=[(None, 3), (None,)],
    input_dtype=["float32", "int32"],
    call=call_on_all,
)
testing.ActivationCase("registered", lambda: scaled_tanh)

testing.check_layer("Gated", input_shape=(None, 3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
testing.check_layer(Bare)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
testing.layer_checks(Bare, input_shape=(None, 3), call="call")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
testing.layer_checks(Bare, input_shape=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
testing.layer_checks(Bare, (None, 3))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
