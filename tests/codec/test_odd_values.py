"""Arguments of activations with odd values: what comes back computes the same, or the layer is refused."""

import decimal
import enum
import functools
import itertools
import json
import math

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.errors import UnserializableActivationError
from serialactivation.keras_api.tracing import BACKEND_ERRORS

X = np.linspace(-3.0, 3.0, 12, dtype="float32").reshape(4, 3)


class Whole(enum.IntEnum):
    ONE = 1


class Word(enum.StrEnum):
    L2 = "l2"


class Choice(enum.Enum):
    ONE = 1


def numbers():
    """Return values for an argument that wants a number; none of them is what it seems."""
    return {
        "nan": math.nan,
        "inf": math.inf,
        "float32": np.float32(0.3),
        "float64": np.float64(0.3),
        "int64": np.int64(1),
        "bool_": np.bool_(True),
        "0-d": np.array(0.3),
        "tensor": keras.ops.convert_to_tensor(0.25),
        "array": np.full((3,), 0.25, "float32"),
        "IntEnum": Whole.ONE,
        "Enum": Choice.ONE,
        "Decimal": decimal.Decimal("0.3"),
        "tuple": (0.1, 0.2, 0.3),
        "policy": keras.DTypePolicy("float32"),
    }


def base_arguments():
    """Return values for the arguments that every layer takes."""
    return {
        "dtype": ["bfloat16", keras.DTypePolicy("bfloat16"), keras.DTypePolicy("mixed_bfloat16"), "mixed_bfloat16"],
        "activity_regularizer": [
            "l2",
            Word.L2,
            keras.regularizers.L2(0.1),
            {"class_name": "L2", "config": {"l2": 0.1}},
        ],
        "trainable": [False, np.bool_(False)],
    }


LAYERS = {
    keras.layers.ELU: ["alpha"],
    keras.layers.LeakyReLU: ["negative_slope"],
    keras.layers.ReLU: ["max_value", "negative_slope", "threshold"],
    keras.layers.Softmax: ["axis"],
    keras.layers.PReLU: ["alpha_initializer", "shared_axes"],
}


@keras.saving.register_keras_serializable(package="odd_values")
def shifted(x, by=1.0):
    return x + by


FUNCTIONS = [
    (keras.activations.leaky_relu, "negative_slope"),
    (keras.activations.relu, "max_value"),
    (keras.ops.elu, "alpha"),
    (shifted, "by"),
]


def layers():
    for kind, names in LAYERS.items():
        for name, (label, value) in itertools.product(names, numbers().items()):
            yield f"{kind.__name__}({name}={label})", functools.partial(kind, **{name: value})
        for name, values in base_arguments().items():
            for value in values:
                yield f"{kind.__name__}({name}={value!r})", functools.partial(kind, **{name: value})


def partials():
    for (function, name), (label, value) in itertools.product(FUNCTIONS, numbers().items()):
        yield f"{function.__name__}({name}={label})", functools.partial(functools.partial, function, **{name: value})


def run(layer, x=X):
    """Return what a layer computes."""
    return keras.ops.convert_to_numpy(keras.ops.cast(layer(x), "float32"))


def make(activation, dtype):
    """Return an owner, or None where Keras or this package refuses the activation, or Keras cannot call it."""
    try:
        given = activation()
    except (TypeError, ValueError, AttributeError):
        return None  # Keras's own refusal
    try:
        layer = sa.layers.Dense(3, activation=given, dtype=dtype)
    except sa.ActivationError:
        return None
    try:
        run(layer)
    except (TypeError, ValueError, AttributeError, RuntimeError, NotImplementedError, *BACKEND_ERRORS):
        return None  # it cannot be called, here as in stock Keras, and so not be trained
    return layer


def compute(model):
    """Return what each layer of a model computes, with its dtype, and the losses."""
    outputs = [(output.dtype, number(output)) for output in model(X)]
    return outputs, sorted(float(number(loss)) for loss in model.losses)


def number(tensor):
    return keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32"))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", [layers, partials])
def test_odd_values_come_back_or_are_refused(kind, dtype, tmp_path):
    """What was made, and could be called, is saved, and loaded by Keras and by us, and computes the same."""
    kept = {label: layer for label, activation in kind() if (layer := make(activation, dtype)) is not None}
    assert len(kept) > 20
    inputs = keras.Input((3,))
    model = keras.Model(inputs, [layer(inputs) for layer in kept.values()])
    expected, losses = compute(model)
    model.save(tmp_path / "model.keras")
    trusted = ["odd_values>shifted", "keras.src.activations.activations.ReLU"]
    for load in (keras.models.load_model, functools.partial(sa.load_model, trusted=trusted)):
        found, found_losses = compute(load(tmp_path / "model.keras"))
        for label, one, other in zip(kept, expected, found, strict=True):
            assert one[0] == other[0], label
            assert np.array_equal(one[1], other[1], equal_nan=True), label
        assert np.array_equal(losses, found_losses, equal_nan=True)


@sa.serializable_activation(package="odd_values")
class Bounded(keras.layers.Layer):
    """A layer with another argument, and no ``get_config``."""

    def __init__(self, bounds, activation, **kwargs):
        super().__init__(**kwargs)
        self.bounds, self.activation = bounds, sa.get(activation)

    def call(self, inputs):
        return self.activation(inputs)


def held_numbers(model):
    """Return the numbers that the layers of a model hold, as text: NaN is not equal to itself."""
    elu, partial, bounded = model.layers[1:]
    return repr([elu.activation.alpha, sa.get(partial.activation).keywords, list(bounded.bounds), bounded.activation.a])


class Plus:
    """An object with a number, and ``get_config``."""

    def __init__(self, a):
        self.a = a

    def __call__(self, x):
        return x + self.a

    def get_config(self):
        return {"a": self.a}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


keras.saving.register_keras_serializable(package="odd_values")(Plus)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_are_not_finite_are_kept(value, tmp_path, capsys):
    """By every way, as stock Keras keeps them; what the command line prints stays JSON."""
    inputs = keras.Input((3,))
    x = sa.layers.Dense(3, activation=keras.layers.ELU(value))(inputs)
    x = sa.layers.Dense(3, activation=functools.partial(keras.ops.leaky_relu, negative_slope=value))(x)
    model = keras.Model(inputs, Bounded([1, ({"k": value}, value)], Plus(value))(x))
    paths = [tmp_path / "model.keras", tmp_path / "model.h5"]
    for path in paths:
        sa.save_model(model, path)
    trusted = sa.untrusted(paths[0])
    copies = [
        *map(sa.load_model, paths),
        *(sa.load_model(path, trusted=trusted) for path in paths),
        keras.models.load_model(paths[0]),
        keras.models.model_from_json(model.to_json()),
        sa.clone_model(model),
        keras.models.clone_model(model),
    ]
    assert {held_numbers(copy) for copy in copies} == {held_numbers(model)}
    for style in ("json", "sarif"):
        assert main(["check", "--exit-zero", "--format", style, *map(str, paths)]) == 0
        json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


@pytest.mark.parametrize("value", [np.float32(0.3), np.float64(0.3), np.array(0.3), Whole.ONE])
def test_numbers_are_pythons_own(value):
    """A NumPy scalar computes otherwise than a number in low precision, and comes back as one."""
    partial = sa.get(functools.partial(keras.activations.leaky_relu, negative_slope=value))
    assert type(partial.keywords["negative_slope"]) in (int, float)
    layer = sa.layers.Dense(3, activation=keras.layers.LeakyReLU(negative_slope=value))
    assert not isinstance(layer.activation.negative_slope, np.generic | np.ndarray)


@pytest.mark.parametrize("edited", ["bend = (lambda x: x\n", "@bends(\n", "", "def bend(x):\n  1\n 2"])
def test_a_function_whose_file_was_edited_is_refused(edited, tmp_path):
    """A function whose file has been edited since, and cannot be parsed, is refused as any other, with a cure."""
    path, namespace = tmp_path / "bends.py", {}
    exec(compile("bend = lambda x: x\n", path, "exec"), namespace)
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(UnserializableActivationError) as caught:
        sa.get(namespace["bend"])
    assert "register_keras_serializable" in str(caught.value)
