"""``serialactivation repair``: what Keras 1 and 2 wrote, and Keras 3 refuses."""

import json

import h5py
import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.repairs.all_repairs import apply_repairs
from serialactivation.repairs.keras2.modernize import MODERNIZE
from serialactivation.tree.nodes import MODEL, Root
from tests.matrix.values import OLD

CONV = {"filters": 2, "groups": 1, "activation": "relu"}
RECURRENT = {"units": 2, "time_major": False}

# Layers as Keras 2 wrote them, each with the shape that it is given.
WRITTEN = {
    "Conv1DTranspose": ({**CONV, "kernel_size": [2]}, (4, 2)),
    "Conv2DTranspose": ({**CONV, "kernel_size": [2, 2]}, (4, 4, 2)),
    "Conv3DTranspose": ({**CONV, "kernel_size": [2, 2, 2]}, (4, 4, 4, 2)),
    "DepthwiseConv1D": ({"groups": 1, "kernel_size": [2]}, (4, 2)),
    "DepthwiseConv2D": ({"groups": 1, "kernel_size": [2, 2]}, (4, 4, 2)),
    "SeparableConv1D": ({**CONV, "kernel_size": [2]}, (4, 2)),
    "SeparableConv2D": ({**CONV, "kernel_size": [2, 2]}, (4, 4, 2)),
    "GRU": (RECURRENT, (4, 2)),
    "LSTM": (RECURRENT, (4, 2)),
    "SimpleRNN": (RECURRENT, (4, 2)),
    "ThresholdedReLU": ({"theta": 0.5}, (4,)),
    "Dense": ({"units": 2, "activation": "softmax_v2"}, (4,)),
}


def a_layer(class_name, **config):
    return {"class_name": class_name, "config": {"name": class_name.lower(), **config}}


def a_model(layer, shape=(4,)):
    """Return a model's config as Keras 2 wrote it."""
    first = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, *shape], "name": "first"}}
    return {"class_name": "Sequential", "config": {"name": "model", "layers": [first, layer]}}


def read(config):
    """Return the model of a config, as Keras 3 reads that of an HDF5 file."""
    config = json.loads(json.dumps(config["config"]))
    return keras.Sequential.from_config({**config, "layers": config["layers"][1:]})


@pytest.mark.parametrize("class_name", WRITTEN)
def test_what_keras_refuses_is_read_once_mended(class_name):
    """Keras refuses the file, and reads the repaired copy with what the file meant."""
    config, shape = WRITTEN[class_name]
    before = a_model(a_layer(class_name, **config), shape)
    after, changes = apply_repairs(before, MODEL, None)
    assert [one.repair for one in changes] == ["modernize"]
    assert apply_repairs(after, MODEL, None) == (after, ())

    with pytest.raises((TypeError, ValueError)):
        read(before)
    assert read(after)(np.zeros((2, *shape), "float32")) is not None


def test_a_threshold_computes_what_it_did():
    """``x`` where it is greater than the threshold, and else 0, at the threshold too."""
    after, _ = apply_repairs(a_model(a_layer("ThresholdedReLU", theta=0.5)), MODEL, None)
    x = np.array([[-1.0, 0.0, 0.5, np.nextafter(np.float32(0.5), np.float32(1)), 2.0]], "float32")
    assert np.array_equal(keras.ops.convert_to_numpy(read(after)(x)), x * (x > 0.5))


@pytest.mark.parametrize(
    "layer",
    [
        a_layer("SeparableConv2D", filters=2, kernel_size=[2, 2], groups=2),
        a_layer("LSTM", units=2, time_major=True),
        {**a_layer("ThresholdedReLU", theta=0.5), "module": "their.layers"},
        a_layer("Conv2D", filters=2, kernel_size=[2, 2], groups=1),
        a_layer("Dense", units=2, activation=a_layer("PReLU")),
    ],
    ids=["several groups", "time first", "theirs", "still there", "with weights"],
)
def test_what_is_not_certain_is_left(layer):
    """A value of another meaning, another package's object, and what Keras would not find stay as they are."""
    config = a_model(layer)
    assert MODERNIZE.apply(config, Root(), None) == (config, ())


@pytest.mark.parametrize("target", ["3.9", "3.10"])
def test_a_file_of_keras_2_with_a_layer_as_an_activation_loads(target, tmp_path):
    """With the slope that it had, as the activation, or as a layer where the Keras aimed at reads none."""
    path, repaired = tmp_path / "old.h5", tmp_path / "new.h5"
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="dense")])
    model.save(path)
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        dense = config["config"]["layers"][1]["config"]
        dense["activation"] = a_layer("LeakyReLU", trainable=True, dtype="float32", alpha=0.25)
        file.attrs["model_config"] = json.dumps(config)
    assert main(["repair", str(path), "--target-keras", target, "-o", str(repaired)]) == 0
    if OLD and target == "3.10":
        return
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    y = keras.ops.convert_to_numpy(model(x))
    loaded = keras.models.load_model(repaired, compile=False)
    assert np.allclose(keras.ops.convert_to_numpy(loaded(x)), np.where(y > 0, y, 0.25 * y), atol=1e-6)
