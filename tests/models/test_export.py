"""Exported models compute the same without Keras: a TensorFlow SavedModel, and ONNX.

Collected where the running backend's exporter is installed, as in nox's session ``exchange``; see ``conftest.py``.
"""

import functools
import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.processes import run_python
from tests.matrix.layers import DecoratedGated

PARTIAL = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)


def prelu():
    return keras.layers.PReLU()


def sharing():
    shared = prelu()
    return [sa.layers.Dense(4, activation=shared), sa.layers.Dense(4, activation=shared)]


# Layers, and the shape of their input.
CASES = {
    "Dense(LeakyReLU())": (lambda: [sa.layers.Dense(3, activation=keras.layers.LeakyReLU())], (4,)),
    "Dense(PReLU())": (lambda: [sa.layers.Dense(3, activation=prelu())], (4,)),
    "Dense(partial)": (lambda: [sa.layers.Dense(3, activation=PARTIAL)], (4,)),
    "Dense(ops.gelu)": (lambda: [sa.layers.Dense(3, activation=keras.ops.gelu)], (4,)),
    "Dense(BatchNormalization())": (
        lambda: [sa.layers.Dense(3, activation=keras.layers.BatchNormalization())],
        (4,),
    ),
    "Dense(Sequential)": (
        lambda: [
            sa.layers.Dense(3, activation=keras.Sequential([prelu(), keras.layers.Dropout(0.5), keras.layers.ELU()]))
        ],
        (4,),
    ),
    "Conv2D(PReLU)": (
        lambda: [sa.layers.Conv2D(3, 2, activation=keras.layers.PReLU(shared_axes=[1, 2]))],
        (5, 5, 2),
    ),
    "LSTM(PReLU(), partial)": (
        lambda: [sa.layers.LSTM(3, activation=prelu(), recurrent_activation=PARTIAL)],
        (4, 2),
    ),
    "GRU(PReLU()), unrolled": (lambda: [sa.layers.GRU(3, activation=prelu(), unroll=True)], (4, 2)),
    "decorated": (lambda: [DecoratedGated(3, activation=prelu(), gate_activation=PARTIAL)], (4,)),
    "one PReLU() in two": (sharing, (4,)),
}


def make_model(name):
    """Return the case's model, its weights at random, as it comes back from a file."""
    layers, shape = CASES[name]
    model = keras.Sequential([keras.Input(shape, batch_size=2), *layers()])
    generator = np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(generator.uniform(0.1, 1.0, weight.shape))
    return model


def inputs_of(name):
    return np.random.default_rng(5).normal(size=(2, *CASES[name][1])).astype("float32")


def expected(model, name):
    return keras.ops.convert_to_numpy(model(inputs_of(name)))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Return the models by name, each made, saved and loaded."""
    folder = tmp_path_factory.mktemp("models")
    loaded = {}
    for number, name in enumerate(CASES):
        model = make_model(name)
        model.save(folder / f"{number}.keras")
        loaded[name] = keras.saving.load_model(folder / f"{number}.keras")
        assert np.array_equal(expected(loaded[name], name), expected(model, name))
    return loaded


_SERVE = """
import json, sys
import numpy as np
import tensorflow as tf
outputs = []
for folder in sys.argv[1:]:
    model = tf.saved_model.load(folder)
    outputs.append(model.serve(np.load(folder + ".npy")).numpy().tolist())
assert "serialactivation" not in sys.modules
print(json.dumps(outputs))
"""


# Keras 3.15.1 calls JAX's exporter with a parameter that JAX is about to drop.
@pytest.mark.filterwarnings("ignore:The `native_serialization` parameter:DeprecationWarning")
def test_a_saved_model_serves_the_same(models, tmp_path, monkeypatch):
    """A process that has TensorFlow, and neither Keras's layers nor this package, computes the same."""
    folders = {name: str(tmp_path / str(number)) for number, name in enumerate(CASES)}
    for name, model in models.items():
        model.export(folders[name], format="tf_saved_model", verbose=False)
        np.save(f"{folders[name]}.npy", inputs_of(name))
    served = json.loads(run_python(_SERVE, *folders.values()).splitlines()[-1])
    for name, outputs in zip(models, served, strict=True):
        assert np.allclose(outputs, expected(models[name], name), rtol=1e-5, atol=1e-6), name


# tf2onnx 1.17 asks NumPy for a name that NumPy is about to give back.
@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")
# Keras 3.15.1 asks PyTorch for the older of its exporters.
@pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript-based ONNX:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The feature will be removed:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Converting a tensor to a Python boolean")
@pytest.mark.filterwarnings("ignore:Iterating over a tensor might cause")
@pytest.mark.parametrize("name", CASES)
def test_onnx_runs_the_same(name, models, tmp_path):
    """In ONNX Runtime, which knows neither TensorFlow nor Keras."""
    import onnxruntime

    path = str(tmp_path / "model.onnx")
    models[name].export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(path)
    (outputs,) = session.run(None, {session.get_inputs()[0].name: inputs_of(name)})

    assert np.allclose(outputs, expected(models[name], name), rtol=1e-5, atol=1e-6)
