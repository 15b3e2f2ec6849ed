"""A model saved under one backend and read under the others: the halves run in processes of their own.

``python -m tests.exchange.models write FOLDER`` and ``python -m tests.exchange.models read FOLDER...``.
"""

import functools
import json
import pathlib
import sys

import keras
import numpy as np

import serialactivation as sa
from tests.helpers.natives import BACKEND, TANH, native
from tests.matrix.cells import randomize
from tests.matrix.values import Scaled, bent

# Functions of each backend with their keywords that Keras has an equal of; the others belong to their backend.
PORTABLE = {
    "jax": [
        *((name, {}) for name in ("gelu", "silu", "leaky_relu", "mish", "soft_sign", "identity", "hard_swish")),
        *[("elu", {"alpha": 0.6}), ("softmax", {"axis": -1}), ("squareplus", {"b": 2})],
    ],
    "torch": [
        *((name, {}) for name in ("gelu", "leaky_relu", "hardtanh", "softplus", "mish", "hardswish", "relu6")),
        *[("softmax", {"dim": -1}), ("log_softmax", {"dim": -1}), ("threshold", {"threshold": 0.1, "value": 0.3})],
    ],
    "tensorflow": [
        *((name, {}) for name in ("gelu", "leaky_relu", "silu", "swish", "softmax", "softsign", "relu6")),
        *[("leaky_relu", {"alpha": 0.6}), ("log_softmax", {"axis": -1})],
    ],
}
NAMED = {
    "jax": [("standardize", {}), ("log1mexp", {})],
    "torch": [("hardtanh", {"min_val": -0.5}), ("rrelu", {}), ("softmin", {"dim": -1}), ("softplus", {"beta": 2.0})],
    "tensorflow": [("crelu", {}), ("silu", {"beta": 1.7})],
}


def _dense(activation):
    return keras.Sequential([keras.Input((5,)), sa.layers.Dense(4, activation=activation)])


def _shared():
    activation = keras.layers.PReLU()
    return keras.Sequential(
        [keras.Input((5,)), sa.layers.Dense(4, activation=activation), sa.layers.Dense(4, activation=activation)]
    )


def _recurrent():
    # A gate without a bound lets the state grow past float32 within five steps
    given = {"activation": keras.layers.PReLU(), "recurrent_activation": keras.ops.hard_sigmoid}
    return keras.Sequential([keras.Input((5,)), keras.layers.Reshape((5, 1)), sa.layers.LSTM(3, **given)])


def _bind(name, keywords):
    return functools.partial(native(name), **keywords) if keywords else native(name)


def make_models():
    """Return every model that all backends read, by name."""
    activations = {
        "ops.gelu": keras.ops.gelu,
        "activations.gelu": keras.activations.gelu,
        "partial": functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
        "partial of ours": functools.partial(keras.activations.softmax, axis=-1),
        "registered": functools.partial(bent, amount=0.7),
        "custom layer": Scaled(),
        "tanh gelu": functools.partial(native("gelu"), approximate=TANH),
        "sequential": keras.Sequential([keras.layers.PReLU(), keras.layers.Activation("tanh")]),
        **{f"{name} {keywords}": _bind(name, keywords) for name, keywords in PORTABLE[BACKEND]},
    }
    models = {name: _dense(activation) for name, activation in activations.items()}
    return {**models, "shared PReLU": _shared(), "LSTM with PReLU": _recurrent()}


def write(folder):
    """Save every model with random weights, and what it computes."""
    generator = np.random.default_rng(11)
    inputs = generator.normal(size=(3, 5)).astype("float32")
    outputs = {}
    for number, (name, model) in enumerate(make_models().items()):
        randomize(model, generator)
        sa.save_model(model, folder / f"{number}.keras")
        sa.save_model(model, folder / f"{number}.h5")
        outputs[f"{number} {name}"] = keras.ops.convert_to_numpy(model(inputs))
    for name, keywords in NAMED[BACKEND]:
        model = _dense(_bind(name, keywords))
        model.save(folder / f"named_{name}.keras")
    np.savez(folder / "outputs.npz", **outputs)
    np.save(folder / "inputs.npy", inputs)


def read(*folders):
    """Print, as JSON, what is read of each folder."""
    print(json.dumps([_read(folder) for folder in folders]))


def _read(folder):
    """Return how far each model is from what it computed where it was saved, and what cannot be loaded."""
    inputs, outputs = np.load(folder / "inputs.npy"), np.load(folder / "outputs.npz")
    differences = {
        f"{name} {suffix}": _difference(folder / f"{name.split()[0]}.{suffix}", inputs, outputs[name])
        for name in outputs.files
        for suffix in ("keras", "h5")
    }
    refused = {path.stem.removeprefix("named_"): _load_error(path) for path in folder.glob("named_*.keras")}
    return {"differences": differences, "refused": refused}


def _difference(path, inputs, expected):
    output = keras.ops.convert_to_numpy(sa.load_model(path)(inputs))
    return float(np.max(np.abs(output - expected) / np.maximum(1.0, np.abs(expected))))


def _load_error(path):
    """Return the facts of the error that a load ends in, or None where it does not."""
    try:
        keras.models.load_model(path)
    except sa.ActivationError as error:
        return [type(error).__name__, str(error)]
    return None


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](*map(pathlib.Path, sys.argv[2:]))
