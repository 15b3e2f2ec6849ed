"""Open files in the place of paths, where Keras takes them."""

import io

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.versions import is_newer
from serialactivation.errors import TargetKerasError

X = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)


@pytest.fixture
def model():
    shared = keras.layers.PReLU(alpha_initializer="ones")
    layers = [sa.layers.Dense(4, activation=activation) for activation in (keras.ops.gelu, shared, shared)]
    return keras.Sequential([keras.Input((4,)), *layers])


def test_a_model_is_saved_to_an_open_file_as_keras_does(model, tmp_path):
    """A save to an open file takes zipped=False as Keras does, and refuses what Keras refuses."""
    with open(tmp_path / "model.keras", "wb") as file:
        sa.save_model(model, file, zipped=False)
    loaded = sa.load_model(tmp_path / "model.keras")
    assert np.array_equal(model.predict(X, verbose=0), loaded.predict(X, verbose=0))
    assert loaded.layers[1].activation is loaded.layers[2].activation
    with pytest.raises(ValueError, match="Invalid filepath extension"):
        sa.save_model(model, io.BytesIO())
    with pytest.raises(TargetKerasError, match="open file"):
        sa.save_model(model, io.BytesIO(), zipped=False, target_keras="3.10")


def test_a_model_is_loaded_from_an_open_file(model, tmp_path):
    """A model is loaded from an open file as from its path; before 3.16, Keras takes a path only."""
    sa.save_model(model, tmp_path / "model.keras")
    data = io.BytesIO((tmp_path / "model.keras").read_bytes())
    if is_newer("3.16", keras.__version__):
        with pytest.raises(TypeError, match="BytesIO"):
            sa.load_model(data)
        return
    with open(tmp_path / "model.keras", "rb") as opened:
        for file in (data, opened):
            loaded = sa.load_model(file)
            assert np.array_equal(model.predict(X, verbose=0), loaded.predict(X, verbose=0))
            assert loaded.layers[1].activation is loaded.layers[2].activation


@pytest.mark.parametrize("options", [{"trusted": ()}, {"repair": True}], ids=["trusted", "repair"])
def test_what_reads_a_file_twice_needs_a_path(options):
    """Options for which the file is read twice are refused for an open file."""
    with pytest.raises(ValueError, match="need a path"):
        sa.load_model(io.BytesIO(), **options)
