"""The table of a model with its activations."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.matrix.cells import make_model, output_shape
from tests.matrix.layers import CASES_BY_NAME
from tests.matrix.values import VALUES

LEAKY = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)


def make_nested(library=sa.layers):
    """Return a model with a shared activation, a recurrent layer, a wrapper, and a model in it."""
    shared = keras.layers.PReLU(dtype="float32")
    inputs = keras.Input((4, 5))
    x = library.Dense(8, activation=shared, name="first")(inputs)
    x = library.Dense(8, activation=shared, name="second")(x)
    x = library.LSTM(3, activation=LEAKY, name="lstm")(x)
    x = keras.layers.Reshape((3, 1), name="reshape")(x)
    x = keras.layers.Bidirectional(library.GRU(3, activation="relu", name="gru"), name="both")(x)
    outputs = keras.Sequential([library.Dense(2, activation="tanh", name="inner")], name="head")(x)
    return keras.Model(inputs, outputs, name="nested")


def rows_of(model):
    return {row.path.removeprefix(f"{model.name}/"): row for row in sa.summary(model).layers}


def test_each_layer_has_a_row():
    """A cell has no row of its own, nor has an activation; the layers in a wrapper and in a model have."""
    rows = rows_of(make_nested())
    assert [name for name in rows if "input" not in name] == [
        *("first", "second", "lstm", "reshape", "both", "both/forward_gru", "both/backward_gru", "head", "head/inner")
    ]
    assert rows["first"].output_shape == "(None, 4, 8)"
    assert rows["first"].weights == 5 * 8 + 8 + 4 * 8
    assert (rows["reshape"].weights, rows["reshape"].activations) == (0, ())
    assert {one.field: one.value for one in rows["both/forward_gru"].activations}["activation"] in (
        "'relu'",
        "keras.activations.relu",
    )


def test_a_shared_activation_has_one_number():
    """Fields that hold one object have the same number, and no other has it."""
    rows = rows_of(make_nested())
    numbers = {name: [one.shared for one in row.activations] for name, row in rows.items() if row.activations}
    assert numbers["first"] == numbers["second"] == [1]
    assert set(numbers["lstm"] + numbers["head/inner"]) == {None}
    assert rows["first"].activations[0].weights == 4 * 8


def test_nothing_of_a_model_of_ours_is_marked():
    """What comes back has no mark."""
    summary = sa.summary(make_nested())
    assert summary.findings == ()
    assert "LOST" not in str(summary)


def test_what_stock_layers_lose_is_marked():
    """Both holders of a shared activation are marked, and so is a partial; the cure is below the table."""
    model = make_nested(keras.layers)
    model(np.zeros((1, 4, 5), "float32"))
    lost = {name for name, row in rows_of(model).items() if any(one.lost for one in row.activations)}
    assert lost == {"first", "second", "lstm"}
    assert "serialactivation.convert(model)" in str(sa.summary(model))


def make_all(library):
    """Yield a model of one layer for each activation that it can be made with, and the name of that activation."""
    case = CASES_BY_NAME["Dense"]
    for name, value in VALUES.items():
        try:
            yield name, make_model(case, library, value.make(output_shape(case)))
        except (TypeError, ValueError):
            continue


@pytest.mark.once
def test_the_marks_agree_with_the_check():
    """A stock layer is marked if, and only if, the check finds that its activation is lost."""
    marks = {name: bool(sa.summary(model).findings) for name, model in make_all("stock")}
    lost = {name: bool(sa.check_model(model).findings) for name, model in make_all("stock")}
    assert marks == lost
    assert min(list(marks.values()).count(one) for one in (True, False)) > 10


def test_no_layer_of_ours_is_marked():
    """An activation that a layer of this package takes has no mark."""
    marked = [name for name, model in make_all("ours") if sa.summary(model).findings]
    assert marked == []


def test_a_model_that_is_not_built_has_rows():
    """Weights and shapes are not known then, and nothing is built by looking."""

    class Lazy(keras.Model):
        def __init__(self):
            super().__init__(name="lazy")
            self.dense = keras.layers.Dense(3, activation="tanh", name="dense")

    model = Lazy()
    row = rows_of(model)["dense"]
    assert (row.weights, row.output_shape, row.activations[0].lost) == (None, None, None)
    assert "not built" in str(sa.summary(model))
    assert not model.dense.built


def test_a_policy_that_is_not_the_layers_is_named():
    """In stock Keras, an activation does not follow the policy of its owner."""
    layer = keras.layers.Dense(3, activation=keras.layers.ReLU(dtype="float32"), dtype="mixed_float16", name="dense")
    model = keras.Sequential([keras.Input((4,)), layer])
    assert rows_of(model)["dense"].activations[0].policies == ("float32",)
    assert "computes in float32" in str(sa.summary(model))


def test_a_name_is_neither_markup_nor_html():
    """A name with brackets is shown as it is, and as text in a notebook."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="[red]<script>alert(1)<")], name="<b>")
    summary = sa.summary(model)
    assert "[red]<script>" in str(summary)
    assert "<script>" not in summary._repr_html_()
    assert "&lt;script&gt;" in summary._repr_html_()
    assert "<b>" not in sa.check_model(model)._repr_html_()
