"""``to_stock``: a model of Keras's own layers that computes the same where this package is not installed."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import FunctionForm, Name, OperationForm, PartialForm, parse
from tests.helpers.stock_files import read_elsewhere, too_early, write
from tests.matrix.cells import folder_name, make_model, output_shape, randomize
from tests.matrix.layers import CASES, DecoratedGated
from tests.matrix.values import ACCEPTED, GELU, LEAKY, OLD, VALUES, Scaled, bent

TWINS = [case for case in CASES if hasattr(sa.layers, case.layer)]
RECURRENT = [case.name for case in TWINS if "RNN" in case.name or "LSTM" in case.name or "GRU" in case.name]

# Layers with weights or with layers in them: a recurrent layer of stock Keras does not bring them back.
NOT_INSIDE = {
    "PReLU()", "PReLU(initializer, regularizer, constraint)", "Activation(LeakyReLU())", "Activation(PReLU())",
    "Sequential", "Functional", "BatchNormalization()", "Dropout()", "LayerNormalization()",
    "registered layer", "partial(layer)",
}  # fmt: skip


def is_in_stock(activation):
    """Return whether stock Keras has the stored form of *activation*: a name, an operation, a layer, an object."""
    if activation is None:
        return True
    match parse(sa.serialize(activation)):
        case OperationForm():
            return not OLD
        case FunctionForm(module, _):
            return module not in catalog.LIBRARIES
        case PartialForm(function, _):
            return function == Name("softmax")  # there is a layer for it
    return True


def has_form(case, value):
    """Return whether stock Keras has an equal of the value in this layer."""
    activation = value.make(output_shape(case))
    if case.name in RECURRENT:
        is_layer = isinstance(activation, keras.Layer) or value.id == "partial(softmax)"
        if value.id in NOT_INSIDE or (OLD and is_layer):
            return False
    return is_in_stock(activation) and (case.name, value.id) != ("TimeDistributed(Dense)", "partial(layer)")


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=[pytest.mark.slow] if case.slow else [], id=case.name) for case in TWINS],
)
def test_every_value_is_equal_elsewhere_or_refused(case, tmp_path):
    """A process that cannot import this package loads the file, and computes the same."""
    expected = {}
    for value in ACCEPTED:
        if (case.name, value.id) == ("Activation", "None"):
            continue  # the layer cannot be made without
        model = make_model(case, "ours", value.make(output_shape(case)))
        inputs = np.random.default_rng(7).normal(size=(3, *case.shape)).astype("float32")
        model(inputs)
        randomize(model, np.random.default_rng(8))
        if not has_form(case, value):
            with pytest.raises(errors.StockFormError) as caught:
                sa.to_stock(model)
            assert caught.value.field == "activation"
            assert caught.value.path.startswith(f"{model.name}/")
            continue
        stock = sa.to_stock(model)
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(stock(inputs)), keras.ops.convert_to_numpy(model(inputs)), rtol=1e-6, atol=1e-6
        )
        write(stock, model(inputs), [inputs], tmp_path, folder_name(value))
        expected[f"{folder_name(value)}.keras"] = "equal"

    assert read_elsewhere(tmp_path) == expected
    assert len(expected) >= (12 if OLD else 20)


X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")


def make_stock(model, inputs, folder):
    """Return the stock form of *model*, which computes the same here and elsewhere."""
    model(inputs)
    randomize(model, np.random.default_rng(5))
    expected = model(inputs)
    stock = sa.to_stock(model)
    for one, other in zip(keras.tree.flatten(stock(inputs)), keras.tree.flatten(expected), strict=True):
        one, other = map(keras.ops.convert_to_numpy, (one, other))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
    write(stock, expected, [*keras.tree.flatten(inputs)], folder, "model")
    assert read_elsewhere(folder) == {"model.keras": "equal"}
    assert not any(type(layer).__module__.startswith("serialactivation") for layer in stock._flatten_layers())
    return stock


def names(model):
    return [layer.name for layer in model.layers]


def test_a_sequential_stays_one(tmp_path):
    """The owner keeps its name, the activation comes right after it."""
    model = keras.Sequential(
        [
            keras.Input((4,)),
            sa.layers.Dense(4, activation=keras.layers.PReLU(name="bend"), name="first"),
            sa.layers.Dense(3, activation=GELU, name="second"),
        ],
        name="model",
    )
    stock = make_stock(model, X, tmp_path)

    assert isinstance(stock, keras.Sequential)
    assert names(stock) == ["first", "bend", "second"]
    assert stock.name == "model"


@too_early
def test_a_sequential_with_a_shared_activation_becomes_functional(tmp_path):
    """One instance, called twice: no weight more."""
    shared = keras.layers.PReLU(name="bend")
    model = keras.Sequential(
        [keras.Input((4,)), *(sa.layers.Dense(4, activation=shared, name=name) for name in ("first", "second"))]
    )
    stock = make_stock(model, X, tmp_path)

    assert len(stock.weights) == len(model.weights) == 5
    assert sorted(names(stock)[1:]) == ["bend", "first", "second"]


def test_a_sequential_without_a_shape_cannot_become_functional():
    """It says so; it can where every layer stands once."""
    shared = keras.layers.PReLU()
    with pytest.raises(errors.ModelKindError) as caught:
        sa.to_stock(keras.Sequential([sa.layers.Dense(4, activation=shared), sa.layers.Dense(4, activation=shared)]))
    assert caught.value.kind == "Sequential without an Input"

    stock = sa.to_stock(keras.Sequential([sa.layers.Dense(4, activation=keras.layers.PReLU())]))
    assert [type(layer) for layer in stock.layers] == [keras.layers.Dense, keras.layers.PReLU]
    assert not stock.built


@too_early
def test_a_graph_of_many_kinds(tmp_path):
    """Two inputs, two outputs, a layer called twice, nested models, an activation that is a layer of the graph too."""
    shared = keras.layers.PReLU(name="shared")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    twice = sa.layers.Dense(4, activation=shared, name="twice")
    inner = keras.Sequential(
        [keras.Input((4,)), sa.layers.Dense(4, activation=Scaled(name="scaled")), keras.layers.Dropout(0.2)],
        name="inner",
    )
    hidden = keras.layers.concatenate([twice(left), shared(twice(right) - left)])
    hidden = inner(sa.layers.Dense(4, activation=LEAKY, name="partial")(hidden))
    always = functools.partial(keras.layers.BatchNormalization(), training=False)
    one = sa.layers.Dense(3, activation=keras.layers.ELU(0.5), name="one")(hidden)
    two = sa.layers.Dense(3, activation=always, name="two")(hidden)
    stock = make_stock(keras.Model([left, right], [one, two], name="model"), [X, X[::-1].copy()], tmp_path)

    assert "twice" in names(stock)
    assert "shared" in names(stock)
    assert stock.output_names == ["one", "two"]
    assert names(stock.get_layer("inner")) == [*names(inner)[:1], "scaled", *names(inner)[1:]]


@too_early
def test_under_time_distributed(tmp_path):
    """The activation is applied to each step, in a wrapper of its own; a shared one in one wrapper."""
    shared = keras.layers.PReLU(name="bend")
    model = keras.Sequential(
        [
            keras.Input((3, 4)),
            keras.layers.TimeDistributed(sa.layers.Dense(4, activation=shared), name="steps"),
            keras.layers.TimeDistributed(sa.layers.Dense(4, activation=shared), name="more"),
            keras.layers.TimeDistributed(sa.layers.Dense(2, activation=keras.layers.Softmax())),
        ]
    )
    stock = make_stock(model, np.stack([X, X, X], axis=1), tmp_path)

    assert len(stock.weights) == len(model.weights)
    assert {"steps", "more", "bend_distributed"} <= set(names(stock))


@pytest.mark.parametrize(
    "make",
    [
        lambda: functools.partial(keras.layers.BatchNormalization(), training=False),
        lambda: keras.layers.PReLU(activity_regularizer="l2"),
    ],
    ids=["keywords", "regularizer"],
)
def test_what_cannot_be_distributed_is_refused(make):
    """TimeDistributed calls its layer without keywords, and past its activity regularizer."""
    inner = sa.layers.Dense(4, activation=make(), name="inner")
    model = keras.Sequential([keras.Input((3, 4)), keras.layers.TimeDistributed(inner, name="steps")], name="model")
    with pytest.raises(errors.StockFormError) as caught:
        sa.to_stock(model)

    assert caught.value.path == "model/steps/inner"


def test_weights_shared_inside_time_distributed_and_outside_are_refused():
    """Stock Keras would not load them."""
    shared = keras.layers.PReLU()
    inputs = keras.Input((3, 4))
    steps = keras.layers.TimeDistributed(sa.layers.Dense(4, activation=shared))(inputs)
    outputs = sa.layers.Dense(4, activation=shared)(keras.layers.GlobalAveragePooling1D()(steps))
    with pytest.raises(errors.StockFormError, match="inside and outside TimeDistributed"):
        sa.to_stock(keras.Model(inputs, outputs))


@pytest.mark.parametrize("activation", [keras.layers.Softmax, keras.layers.PReLU, keras.layers.BatchNormalization])
def test_a_mask_does_not_reach_an_activation_that_it_did_not_reach(activation, tmp_path):
    """Softmax stays inside its layer, PReLU hands the mask on, and a normalization, which would use it, is refused."""
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Embedding(7, 3, mask_zero=True),
            sa.layers.Dense(3, activation=activation(), name="dense"),
            keras.layers.LSTM(2),
        ]
    )
    words = np.array([[1, 2, 0, 0, 0], [3, 0, 4, 5, 6]], "float32")
    if activation is keras.layers.BatchNormalization or (OLD and activation is keras.layers.Softmax):
        with pytest.raises(errors.StockFormError, match="mask"):
            sa.to_stock(model)
        return
    stock = make_stock(model, words, tmp_path)
    assert (type(stock.get_layer("dense").activation) is activation) == (activation is keras.layers.Softmax)


def test_weights_shared_by_two_models_are_refused():
    """Stock Keras would not load them; a layer without weights becomes two."""
    for activation, refused in ((keras.layers.PReLU(), True), (keras.layers.LeakyReLU(), False)):
        inner = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=activation)], name="inner")
        model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=activation), inner], name="outer")
        if refused:
            with pytest.raises(errors.StockFormError, match="several models"):
                sa.to_stock(model)
        else:
            assert np.allclose(*(keras.ops.convert_to_numpy(made(X)) for made in (sa.to_stock(model), model)))


def test_policies_are_kept(tmp_path):
    """An activation computes alone in what it computed in with its owner."""
    layers = [
        sa.layers.Dense(4, activation=keras.layers.PReLU(), dtype="mixed_float16"),
        sa.layers.Dense(4, activation=keras.layers.ELU(dtype="float32"), dtype="mixed_float16"),
        sa.layers.Dense(4, activation=functools.partial(keras.activations.softmax, axis=0), dtype="bfloat16"),
    ]
    stock = make_stock(keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(2)]), X, tmp_path)

    policies = [layer.dtype_policy.name for layer in stock.layers]
    assert policies == ["mixed_float16", "mixed_float16", "mixed_float16", "float32", "bfloat16", "bfloat16", "float32"]


def test_a_regularizer_of_the_output_sees_the_same_output():
    """It moves behind the activation, and the loss is the same."""
    model = keras.Sequential(
        [
            keras.Input((4,)),
            sa.layers.Dense(3, activation=keras.layers.ELU(0.3), activity_regularizer="l2", name="dense"),
        ]
    )
    model.compile("sgd", "mse")
    stock = sa.to_stock(model)

    assert stock.evaluate(X, Y, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-6)
    assert stock.get_layer("dense").activity_regularizer is None
    assert stock.layers[-1].activity_regularizer is not None


def test_outputs_keep_their_names_where_they_are_called_by_them():
    """Losses and metrics by output, before and after; with one output and one loss, the owner keeps the name."""
    inputs = keras.Input((4,))
    outputs = [sa.layers.Dense(3, activation=keras.layers.PReLU(), name=name)(inputs) for name in ("one", "two")]
    model = keras.Model(inputs, outputs)
    model.compile("adam", {"one": "mse", "two": "mae"}, metrics={"two": ["mse"]})
    targets = {"one": Y, "two": Y}
    model.fit(X, targets, verbose=0)
    stock = sa.to_stock(model)

    first, second = (made.fit(X, targets, shuffle=False, verbose=0).history for made in (model, stock))
    assert first.keys() == second.keys()
    assert all(first[key] == pytest.approx(second[key], rel=1e-5) for key in first)
    single = sa.to_stock(keras.Model(inputs, outputs[0]))
    assert names(single)[1] == "one"


@too_early
def test_stock_layers_are_mended_too(tmp_path):
    """A stock layer whose activation Keras would not load gets a form that Keras loads."""
    shared = keras.layers.PReLU()
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(4, activation=shared),
            keras.layers.Dense(4, activation=shared),
            keras.layers.Dense(3, activation=GELU),
            keras.layers.Dense(3, activation=LEAKY),
        ]
    )
    stock = make_stock(model, X, tmp_path)
    assert len(stock.weights) == len(model.weights)


def test_layers_that_need_this_package_are_refused_by_name():
    """A user's decorated layer, and one of ours inside a layer of the user's."""
    inputs = keras.Input((4,))
    model = keras.Model(inputs, DecoratedGated(3, name="gated")(inputs), name="model")
    with pytest.raises(errors.StockFormError) as caught:
        sa.to_stock(model)

    assert (caught.value.path, caught.value.field) == ("model/gated", None)
    assert "cannot convert model/gated to stock Keras" in str(caught.value)


def test_no_activation_can_follow_inside_another_wrapper():
    """One that is stored by name can stay there."""
    for activation, refused in ((keras.layers.PReLU(), True), ("relu", False), (bent, False)):
        wrapped = keras.layers.SpectralNormalization(sa.layers.Dense(3, activation=activation, name="inner"), name="sn")
        model = keras.Sequential([keras.Input((4,)), wrapped], name="model")
        if refused:
            with pytest.raises(errors.StockFormError) as caught:
                sa.to_stock(model)
            assert caught.value.path == "model/sn/inner"
        else:
            assert np.allclose(*(keras.ops.convert_to_numpy(made(X)) for made in (sa.to_stock(model), model)))


def test_the_second_time_changes_nothing():
    """A model of stock layers with stock activations is copied."""
    model = sa.to_stock(make_model(TWINS[0], "ours", VALUES["PReLU()"].make(None)))
    again = sa.to_stock(model)

    assert again.get_config() == model.get_config()
