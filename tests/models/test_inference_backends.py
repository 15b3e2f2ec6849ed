"""Backends for inference alone: NumPy, which Keras has itself, and OpenVINO, if it is installed."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from tests.helpers.processes import ROOT

# OpenVINO is in Keras, or, since Keras 3.16, in a package of its own.
BACKENDS = ["numpy", *(["openvino"] if importlib.util.find_spec("openvino") else [])]

COMPARED = """
import functools, json, sys
import keras
import numpy as np
import serialactivation as sa
from serialactivation.catalog import functions as catalog
from serialactivation.codec.known_functions.libraries import is_installed, load_function

X = np.linspace(0.1, 2, 8, dtype="float32").reshape(2, 4)
UNARY = [function for library in ("keras.activations", "keras.ops") for function in catalog.LIBRARIES[library].values()]
GIVEN = {function.path: load_function(function) for function in UNARY if is_installed(function)}
GIVEN = {path: function for path, function in GIVEN.items() if not path.endswith((".threshold", ".glu"))}
GIVEN["a partial"] = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
GIVEN["a layer"] = keras.layers.LeakyReLU(0.3)
GIVEN["a layer with weights"] = keras.layers.PReLU(alpha_initializer="ones")

shared = keras.layers.PReLU(alpha_initializer="ones")
layers = {path: sa.layers.Dense(4, activation=value, kernel_initializer="ones") for path, value in GIVEN.items()}
twice = [sa.layers.Dense(4, activation=shared, name=name) for name in ("first", "second")]
recurrent = sa.layers.LSTM(3, activation=keras.ops.gelu, recurrent_activation=keras.layers.PReLU())
inputs = keras.Input((4,))
again = twice[1](twice[0](inputs))
outputs = [*(layer(inputs) for layer in layers.values()), again, recurrent(keras.layers.Reshape((2, 2))(inputs))]
model = keras.Model(inputs, outputs)
names = [*layers, "a shared layer", "a recurrent layer"]
wrong = {}
for suffix in ("keras", "h5"):
    path = f"{sys.argv[1]}.{suffix}"
    sa.save_model(model, path)
    loaded = sa.load_model(path)
    pairs = zip(names, model.predict(X, verbose=0), loaded.predict(X, verbose=0), strict=True)
    wrong[suffix] = [name for name, one, other in pairs if not np.array_equal(one, other, equal_nan=True)]
    wrong[suffix] += ["sharing"] * (loaded.get_layer("first").activation is not loaded.get_layer("second").activation)
print(json.dumps({"backend": keras.config.backend(), "compared": len(names), "wrong": wrong}))
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_activation_comes_back(backend, tmp_path):
    """Each function of Keras, a partial and layers come back in both formats, to the bit."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error:::serialactivation", "-c", COMPARED, str(tmp_path / "model")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["backend"] == backend
    assert found["wrong"] == {"keras": [], "h5": []}
    assert found["compared"] > 50
