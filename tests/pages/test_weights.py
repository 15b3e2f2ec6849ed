"""The spread of the weights of a PReLU: as they are in the model, from a file of every format."""

import zipfile

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.files.formats.hdf5_values import BARS, summarize
from serialactivation.files.formats.variables import summarize_file
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.saved_model import read_archive
from serialactivation.pages.from_file import describe_file
from tests.helpers.checking import check_file

TOLERANCE = 1e-6


def make_model():
    """Return a model with a shared PReLU, one in a recurrent layer, one in a nested model, and one that is a layer."""
    shared = keras.layers.PReLU(name="shared")
    inputs = keras.Input((4,))
    x = sa.layers.Dense(8, activation=shared, name="first")(inputs)
    x = sa.layers.Dense(8, activation=shared, name="second")(x)
    x = keras.layers.Reshape((8, 1), name="reshape")(x)
    x = sa.layers.GRU(3, activation=keras.layers.PReLU(name="inside"), name="recurrent")(x)
    inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5, name="d"), keras.layers.PReLU(name="itself")])
    inner.name = "inner"
    return keras.Model(inputs, inner(x), name="model")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The model in three formats, and the values of its alphas by the name of the layer that holds each."""
    model, folder = make_model(), tmp_path_factory.mktemp("weights")
    generator = np.random.default_rng(3)
    for variable in model.weights:
        variable.assign(generator.normal(size=variable.shape))
    model.save(folder / "model.keras")
    sa.save_model(model, folder / "model.h5")
    with zipfile.ZipFile(folder / "model.keras") as archive:
        archive.extractall(folder / "unpacked")
    first, recurrent = model.get_layer("first").activation, model.get_layer("recurrent").activation
    layers = {"first": first, "second": first, "recurrent": recurrent, "inner/itself": model.layers[-1].layers[-1]}
    return folder, {name: keras.ops.convert_to_numpy(layer.alpha) for name, layer in layers.items()}


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "unpacked"])
def test_the_spread_is_that_of_the_weights(name, saved):
    """Each layer shows the quantiles of its own alphas, and the curves that follow from them."""
    folder, alphas = saved
    path = folder / name
    entry = describe_file(read_archive(path), check_file(path))
    found = {layer.name: one.drawing for layer in entry.layers for one in layer.activations if one.text == "PReLU()"}
    assert found.keys() == alphas.keys()
    for layer, values in alphas.items():
        spread = found[layer].spread
        expected = np.quantile(values.astype("float64"), [0, 0.05, 0.5, 0.95, 1])
        shown = (spread.least, spread.low, spread.median, spread.high, spread.greatest)
        np.testing.assert_allclose(shown, expected, rtol=TOLERANCE)
        assert (spread.size, sum(spread.bars)) == (values.size, values.size)
        low, high = found[layer].band
        np.testing.assert_allclose((low[0], high[0]), (-8 * expected[1], -8 * expected[3]), rtol=1e-4, atol=1e-5)
    assert {one.number: len(one.holders) for one in entry.shared} == {1: 2}


@pytest.mark.once
def test_a_spread_leaves_out_what_is_no_number():
    """Infinite values and NaN do not count; equal values are one bar; nothing has no spread."""
    spread = summarize(np.array([1.0, np.nan, 3.0, np.inf, 2.0], "float32"))
    assert (spread.size, spread.least, spread.median, spread.greatest) == (3, 1.0, 2.0, 3.0)
    assert (len(spread.bars), sum(spread.bars)) == (BARS, 3)
    assert summarize(np.full(5, 0.25)).bars == (5,)
    assert summarize(np.array([np.nan])) is None
    assert summarize(np.zeros((0, 3))) is None


@pytest.mark.once
def test_only_floats_of_a_limited_size_are_read(tmp_path):
    """Of a file with variables of other types, too; a path that is not there has no spread."""
    h5py = pytest.importorskip("h5py")
    values = np.array([-0.5, 0.25, 2.0], "float32")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["vars/half"] = values.astype("float16")
        file["vars/double"] = values.astype("float64")
        file["vars/whole"] = values.astype("int32")
        file["vars/text"] = "alpha"
        file["vars/large"] = np.zeros(1000, "float32")
        brain = (values.view("uint32") >> 16).astype("uint16").view("V2")  # as Keras stores bfloat16
        file.create_dataset("vars/brain", data=brain).attrs["dtype"] = "bfloat16"
    paths = [f"vars/{name}" for name in ("half", "double", "whole", "text", "large", "brain", "nothing")]
    limits = DEFAULT_LIMITS._replace(config_bytes=1000)
    spreads = summarize_file(str(tmp_path / "a.h5"), limits, paths)
    assert spreads.keys() == {"vars/half", "vars/double", "vars/brain"}
    assert {spread.greatest for spread in spreads.values()} == {2.0}
    assert {spread.least for spread in spreads.values()} == {-0.5}
