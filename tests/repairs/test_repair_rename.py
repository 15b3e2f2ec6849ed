"""``serialactivation repair``: what older Keras called by another name."""

import json

import h5py
import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.all_repairs import apply_repairs
from serialactivation.repairs.keras2.rename_keywords import RENAME
from serialactivation.tree.nodes import MODEL


def a_leaky(**config):
    return {"class_name": "LeakyReLU", "config": {"name": "leaky", **config}}


def a_model(*layers):
    return {"class_name": "Sequential", "config": {"name": "model", "layers": list(layers)}}


def test_an_argument_gets_its_new_name():
    """Once: what is repaired is left alone, and so is a class of the same name that is not Keras's."""
    theirs = {**a_leaky(alpha=0.2), "module": "their.layers"}
    config = a_model(a_leaky(alpha=0.1), theirs, a_leaky(negative_slope=0.3))
    renamed, changes = RENAME.apply(config, MODEL, None)

    assert renamed == a_model(a_leaky(negative_slope=0.1), theirs, a_leaky(negative_slope=0.3))
    assert [one.path for one in changes] == ["$.config.layers[0].config.alpha"]
    assert RENAME.apply(renamed, MODEL, None) == (renamed, ())
    assert config["config"]["layers"][0] == a_leaky(alpha=0.1)


@pytest.mark.parametrize("registered", ["mine>LeakyReLU", "LeakyReLU"])
def test_a_layer_of_a_script_keeps_its_arguments(registered):
    """It has no module, and may have the name of a layer of Keras, registered or not."""
    of_script = {**a_leaky(alpha=0.2), "module": None, "registered_name": registered}
    config = a_model(of_script, {"class_name": "Activation", "config": {"name": "a", "activation": of_script}})
    assert apply_repairs(config, MODEL, None) == (config, ())


def test_a_mended_file_loads_in_stock_keras(tmp_path):
    """Stock Keras loads the repaired copy with the slope that the file had."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.LeakyReLU(negative_slope=0.4, name="leaky")])
    model.save(tmp_path / "old.h5")
    with h5py.File(tmp_path / "old.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        (leaky,) = [layer for layer in config["config"]["layers"] if layer["class_name"] == "LeakyReLU"]
        leaky["config"]["alpha"] = leaky["config"].pop("negative_slope")
        file.attrs["model_config"] = json.dumps(config)

    assert main(["repair", str(tmp_path / "old.h5"), "-o", str(tmp_path / "new.h5")]) == 0
    assert "alpha" not in json.dumps(read_archive(tmp_path / "new.h5").config)
    loaded = keras.models.load_model(tmp_path / "new.h5", compile=False)
    x = np.array([[-1.0, 1.0, -2.0, 0.0]], "float32")
    assert np.allclose(keras.ops.convert_to_numpy(loaded(x)), [[-0.4, 1.0, -0.8, 0.0]])
