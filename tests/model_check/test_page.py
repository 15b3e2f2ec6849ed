"""The page about a model in memory, and the curves of activations on axes."""

import functools
import pickle

import keras
import matplotlib as mpl
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from serialactivation.model_check.activations.curves import draw
from serialactivation.pages.drawings import POINTS
from tests.helpers.report_page import check_sound

mpl.use("Agg")

LEAKY = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)


def stepped(x):
    return keras.ops.where(x > 1, 1.0, x) * 2


def across(x):
    return x - keras.ops.max(x, axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def model():
    """A model of this package's layers: with a shared PReLU, functions of the user's, a nested model, a ReLU layer."""
    shared = keras.layers.PReLU()
    inputs = keras.Input((4,))
    x = sa.layers.Dense(8, activation=shared, name="first")(inputs)
    x = sa.layers.Dense(8, activation=shared, name="second")(x)
    x = sa.layers.Dense(8, activation=LEAKY, name="partial")(x)
    x = keras.layers.Dense(8, activation=stepped, name="stepped")(x)
    x = keras.layers.ReLU(max_value=6.0, name="capped")(x)
    inner = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, activation="softmax", name="<b>")], name="inner")
    built = keras.Model(inputs, inner(x), name="model")
    for variable in built.weights:
        variable.assign(np.random.default_rng(3).normal(size=variable.shape))
    return built


@pytest.fixture(scope="module")
def page(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    sa.check_model(model).to_html(path)
    return check_sound(path.read_text(encoding="utf-8"))


def test_a_page_shows_a_model(page):
    """The verdict, each layer with its activations, what is shared, and the finding with its cure at its layer."""
    assert "It would not come back as it is (keras)." in page.text
    assert "shared 1" in page.row("first")
    assert "shared 1" in page.row("second")
    assert "(negative_slope=0.4)" in page.row("partial")
    assert "SA103 error" in page.row("stepped")
    assert "lost" in page.row("stepped")
    assert "register_keras_serializable" in page.row("stepped")
    assert "no curve: each of its outputs depends on several inputs" in page.row("inner/<b>")
    labels = [attrs["aria-label"] for attrs in page.find("figure")]
    assert len(labels) == 4  # PReLU, the partial, stepped, and ReLU
    assert len([label for label in labels if "histogram" in label]) == 1


def test_every_holder_of_what_is_lost_is_marked(tmp_path):
    """An activation of stock layers that comes back as several is lost in each of them."""
    shared = keras.layers.PReLU()
    layers = [keras.layers.Dense(4, activation=shared, name=name) for name in ("first", "second")]
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(2, activation="tanh", name="third")])
    model(np.zeros((1, 4), "float32"))
    sa.check_model(model, ways=["clone"]).to_html(tmp_path / "page.html")
    page = check_sound((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert [" lost " in page.row(name) for name in ("first", "second", "third")] == [True, True, False]


@pytest.mark.parametrize(
    ("activation", "formula"),
    [
        ("tanh", np.tanh),
        (LEAKY, lambda x: np.where(x >= 0, x, 0.4 * x)),
        (stepped, lambda x: 2 * np.minimum(x, 1.0)),
        (keras.layers.ReLU(max_value=3.0), lambda x: np.clip(x, 0, 3)),
        (keras.layers.Activation("relu"), lambda x: np.maximum(x, 0)),
        (keras.layers.Dropout(0.5), lambda x: x),
    ],
    ids=["name", "partial", "function", "layer", "Activation", "Dropout"],
)
def test_a_curve_is_what_the_activation_computes(activation, formula):
    """It is called, outside of training."""
    np.testing.assert_allclose(draw(activation).values, formula(POINTS), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("activation", "reason"),
    [
        ("softmax", "several inputs"),
        (across, "several inputs"),
        (keras.layers.PReLU(), "not built"),
        (keras.layers.Dense(3), "not built"),
        (lambda x: x + keras.ops.ones((2, 1, 1)), "several inputs"),
        (lambda x: undefined(x), "cannot be called on numbers alone (NameError)"),  # noqa: F821
    ],
    ids=["softmax", "function", "PReLU", "Dense", "shape", "error"],
)
def test_what_has_no_curve_says_why(activation, reason):
    """A function of several values, a layer that is not built, and an error."""
    assert reason in draw(activation)


def test_a_page_needs_a_path_and_a_model(model, tmp_path):
    """Another file than a page is not written over, and a pickled report has no model."""
    report = sa.check_model(model)
    path = tmp_path / "model.keras"
    path.write_text("a model")
    with pytest.raises(errors.SettingsError, match=r"Give a path that ends in \.html\."):
        report.to_html(path)
    assert path.read_text() == "a model"
    again = pickle.loads(pickle.dumps(report))
    assert again == report
    with pytest.raises(errors.SettingsError, match=r"Call serialactivation\.check_model\(model\) again\."):
        again.to_html(tmp_path / "page.html")


def lines_of(axes):
    return {line.get_label(): line for line in axes.get_lines() if len(line.get_xdata()) == len(POINTS)}


def test_plot_draws_the_curve_and_its_derivative():
    """On axes that are given or new ones, which it returns."""
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert sa.plot("tanh", ax=axes) is axes
    np.testing.assert_allclose(lines_of(axes)["tanh"].get_ydata(), np.tanh(POINTS), rtol=1e-5, atol=1e-6)
    slopes = lines_of(axes)["its derivative"].get_ydata()[1:-1]
    np.testing.assert_allclose(slopes, 1 - np.tanh(POINTS[1:-1]) ** 2, atol=2e-3)


def test_plot_takes_what_a_layer_takes(model):
    """A layer with several activations is drawn with each; what has no curve is named in the legend."""
    from matplotlib import pyplot

    axes = sa.plot(keras.layers.LSTM(3, activation="softmax", recurrent_activation="sigmoid"))
    said = " ".join(text.get_text().replace("\n", " ") for text in axes.get_legend().get_texts())
    assert "recurrent_activation=sigmoid" in lines_of(axes)
    assert "activation=softmax: no curve, each of its outputs depends on several inputs" in said
    axes = sa.plot(keras.saving.serialize_keras_object(keras.layers.LeakyReLU(negative_slope=0.25)))
    np.testing.assert_allclose(lines_of(axes)["LeakyReLU(negative_slope=0.25)"].get_ydata()[0], -2.0, rtol=1e-6)
    weights = keras.ops.convert_to_numpy(model.get_layer("first").activation.weights[0])
    axes = sa.plot(model.get_layer("first"))
    (line,) = [line for label, line in lines_of(axes).items() if label.startswith("activation=")]
    np.testing.assert_allclose(line.get_ydata()[0], -8 * np.median(weights), rtol=1e-4)
    assert len(axes.collections) == 1  # the band
    with pytest.raises(errors.UnknownActivationError):
        sa.plot("reluu")
    pyplot.close("all")
