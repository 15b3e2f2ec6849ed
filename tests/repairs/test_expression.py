"""What a user writes for an activation, and the form that a file holds it in."""

import functools
import json

import keras
import numpy as np
import pytest

from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.errors import ExpressionError
from serialactivation.repairs.replace.activation_expression import Expression, parse_expression
from serialactivation.repairs.replace.activation_forms import write_expression
from tests.matrix.values import OLD

pytestmark = pytest.mark.once

X = np.linspace(-30, 30, 121).astype("float32").reshape(11, 11)

# What is written, and what it must compute.
MEANT = {
    "relu": keras.activations.relu,
    "swish": keras.activations.silu,
    "keras.activations.gelu": keras.activations.gelu,
    "keras.ops.relu": keras.ops.relu,
    "relu(max_value=inf)": keras.activations.relu,
    "relu()": keras.activations.relu,
}
MEANT_OBJECTS = {
    "keras.activations.relu(negative_slope=0.1, max_value=20.0)": functools.partial(
        keras.activations.relu, negative_slope=0.1, max_value=20.0
    ),
    "relu(threshold=1)": functools.partial(keras.activations.relu, threshold=1),
    "gelu(approximate=True)": functools.partial(keras.activations.gelu, approximate=True),
    "keras.ops.gelu": keras.ops.gelu,
    "leaky_relu(negative_slope=0.4)": functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
    "LeakyReLU(negative_slope=0.4)": keras.layers.LeakyReLU(negative_slope=0.4),
    "keras.layers.ELU(alpha=0.5)": keras.layers.ELU(alpha=0.5),
    "elu(alpha=-1.0)": functools.partial(keras.activations.elu, alpha=-1.0),
    "elu(alpha=inf)": functools.partial(keras.activations.elu, alpha=float("inf")),
    "softmax(axis=0)": functools.partial(keras.activations.softmax, axis=0),
    "ReLU": keras.layers.ReLU(),
}


def read_stock(form):
    """Return the activation that a stock layer makes of *form*."""
    layer = keras.layers.Dense.from_config(json.loads(json.dumps({"units": 1, "activation": form})))
    return layer.activation


@pytest.mark.parametrize("text", [*MEANT, *([] if OLD else MEANT_OBJECTS)])
def test_a_stock_layer_computes_what_was_meant(text):
    """A stock layer with the stored form computes the same as the expression, to the bit."""
    meant = {**MEANT, **MEANT_OBJECTS}[text]
    activation = read_stock(write_expression(text, parse_expression(text)))
    assert np.array_equal(*(keras.ops.convert_to_numpy(call(X)) for call in (activation, meant)), equal_nan=True)


def test_a_layer_comes_before_an_operation():
    """The first exact form is taken: a name, a layer, an operation."""
    kinds = {
        "relu": "relu",
        "relu(max_value=6.0)": "keras.layers",
        "elu(alpha=-1.0)": "keras.src.ops.nn",
        "package>mine": "builtins",
    }
    for text, kind in kinds.items():
        form = write_expression(text, parse_expression(text))
        assert (form if isinstance(form, str) else form["module"]) == kind


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a Python expression"),
        ("relu(", "not a Python expression"),
        ("1 + 1", "neither a name nor a call"),
        ("relu(0.1)", "must all be given by keyword"),
        ("relu(**{})", "must all be given by keyword"),
        ("relu(max_value=6.0 + 1)", "6.0 + 1 is not a literal"),
        ("relu(max_value=open('x'))", "open('x') is not a literal"),
        ("__import__('os').system('true')", "must all be given by keyword"),
        ("lambda x: x", "neither a name nor a call"),
        ("reluu", "no activation called reluu"),
        ("jax.nn.relu", "no activation called jax.nn.relu"),
        ("relu(alpha=0.1)", "has no keyword alpha"),
        ("relu(max_value='x')", "has another type than its default"),
        ("relu(negative_slope=True)", "has another type than its default"),
        ("gelu(approximate=1)", "has another type than its default"),
        ("LeakyReLU(negative_slope=-1.0)", "does not accept these values"),
        ("keras.ops.threshold(threshold=1.0)", "needs default_value"),
        ("softmax(axis=None)", "has another type than its default"),
    ],
)
def test_anything_else_is_refused(text, reason):
    """Any other text is refused with what was written, and with the reason."""
    with pytest.raises(ExpressionError) as caught:
        write_expression(text, parse_expression(text))
    assert reason in caught.value.reason
    assert caught.value.text == text


def test_nothing_is_evaluated():
    """Deep nesting is refused too, before it can hurt."""
    with pytest.raises(ExpressionError):
        parse_expression("(" * 5000 + ")" * 5000)
    with pytest.raises(ExpressionError):
        parse_expression("relu(max_value=" + "-" * 5000 + "1)")


def test_literals_of_every_kind_are_read():
    """A tuple is a list in JSON."""
    text = "f(a=-1, b=2.5, c='x', d=True, e=None, f=(1, 2), g=inf, h=-inf)"
    assert parse_expression(text) == Expression(
        "f", {"a": -1, "b": 2.5, "c": "x", "d": True, "e": None, "f": [1, 2], "g": float("inf"), "h": float("-inf")}
    )


@pytest.mark.parametrize("target", ["3.6.0", "3.9.2", "3.10.0", "3.15.1"])
def test_the_keras_aimed_at_decides(target):
    """Objects since 3.10, and each name since it is there."""
    text = "relu(max_value=6.0)"
    if is_newer(OBJECTS_SINCE, target):
        with pytest.raises(ExpressionError, match="cannot read an object"):
            write_expression(text, parse_expression(text), target)
    else:
        assert write_expression(text, parse_expression(text), target)["class_name"] == "ReLU"
    if is_newer("3.7", target):
        with pytest.raises(ExpressionError, match=r"--target-keras 3\.7 or newer"):
            write_expression("celu", parse_expression("celu"), target)
    else:
        assert write_expression("celu", parse_expression("celu"), target) == "celu"


OURS = {
    "gelu(approximate=True)": functools.partial(keras.activations.gelu, approximate=True),
    "keras.ops.leaky_relu(negative_slope=0.3)": functools.partial(keras.ops.leaky_relu, negative_slope=0.3),
    "elu(alpha=-1.0)": functools.partial(keras.activations.elu, alpha=-1.0),
    "relu(negative_slope=-0.5)": functools.partial(keras.activations.relu, negative_slope=-0.5),
    "keras.activations.relu(threshold=-1.0)": functools.partial(keras.activations.relu, threshold=-1.0),
}


@pytest.mark.parametrize("text", OURS)
def test_what_keras_has_no_form_for_is_written_in_ours_if_asked(text):
    """A function with keywords, where layers read no object; else the error names the option."""
    with pytest.raises(ExpressionError, match="--with-serialactivation"):
        write_expression(text, parse_expression(text), "3.9")
    form = write_expression(text, parse_expression(text), "3.9", ours=True)
    assert form["registered_name"] == "serialactivation>PartialActivation"
    activation = keras.activations.get(form)
    assert np.array_equal(*(keras.ops.convert_to_numpy(call(X)) for call in (activation, OURS[text])))


def test_a_form_of_keras_comes_before_ours():
    """The form of Keras is written if the target reads it, and otherwise the form of this package."""
    text = "relu(max_value=6.0)"
    assert write_expression(text, parse_expression(text), ours=True)["class_name"] == "ReLU"
    assert write_expression(text, parse_expression(text), "3.9", ours=True)["class_name"] == "PartialActivation"
    assert write_expression("relu", parse_expression("relu"), "3.9", ours=True) == "relu"
    with pytest.raises(ExpressionError, match="or add --with-serialactivation to a function"):
        write_expression("ReLU(max_value=6.0)", parse_expression("ReLU(max_value=6.0)"), "3.9", ours=True)
