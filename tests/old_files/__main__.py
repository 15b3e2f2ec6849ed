"""Writes the files: each a small model of one kind, with weights at random, and what tf_keras computes from it."""

import itertools
import json
import os
import pathlib
import sys
import tarfile
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import numpy as np
import tensorflow as tf
import tf_keras as keras

from tests.old_files import FILE

L = keras.layers
RANDOM = np.random.default_rng(0)
MODELS = {}
OLD = {"recurrent_activation": "hard_sigmoid"}


def model(make):
    """Keep what makes a model, by its name."""
    MODELS[make.__name__] = make
    return make


def sequence(*layers):
    return keras.Sequential(list(layers))


def inner(*outputs):
    x = keras.Input((6,))
    return keras.Model(x, [L.Dense(units)(x) for units in outputs] if len(outputs) > 1 else L.Dense(outputs[0])(x))


@model
def first_layer():
    return sequence(L.Dense(4, batch_input_shape=(None, 6)), L.LeakyReLU(alpha=0.2), L.ThresholdedReLU(0.3), L.Dense(2))


@model
def normalized():
    return sequence(L.Dense(4, input_shape=(6,), activation=L.LeakyReLU(0.3)), L.BatchNormalization(axis=[1]))


@model
def separable():
    return sequence(L.SeparableConv1D(4, 3, input_shape=(8, 2)), L.SpatialDropout1D(0.2), L.Flatten())


@model
def random_layers():
    layers = L.RandomFlip(input_shape=(4, 4, 3)), L.RandomRotation(0.1), L.RandomContrast(0.1), L.RandomZoom(0.1)
    return sequence(*layers, L.RandomTranslation(0.1, 0.1), L.Flatten(), L.Dense(2))


@model
def bins():
    return sequence(L.Discretization(bin_boundaries=[0.0, 1.0], input_shape=(6,)), L.Flatten())


@model
def policy():
    return sequence(L.Input((6,)), L.Dense(4, dtype=keras.mixed_precision.Policy("float32"), activation="relu"))


@model
def wrapped():
    both = L.Bidirectional(L.LSTM(4, return_sequences=True), input_shape=(5, 3))
    cells = L.RNN([L.GRUCell(4), L.LSTMCell(3)])
    return sequence(both, L.TimeDistributed(L.Dense(3)), cells)


@model
def attention():
    a, b = keras.Input((5, 4)), keras.Input((6, 4))
    return keras.Model([a, b], L.Attention(score_mode="dot")([a, b]))


@model
def heads():
    a, b = keras.Input((5, 4)), keras.Input((6, 4))
    return keras.Model([a, b], L.MultiHeadAttention(2, 3)(a, b))


@model
def functions():
    a = keras.Input((6,))
    x = L.Dense(4)(a[:, :3])
    y = tf.nn.relu(x) * 2 + tf.reduce_sum(a, axis=1, keepdims=True)
    return keras.Model(a, 1 - tf.concat([x, tf.transpose(tf.transpose(y))], -1))


@model
def called():
    x, model = keras.Input((6,)), inner(6)
    model(keras.Input((6,)))
    return keras.Model(x, L.Dense(2)(model(model(x))))


@model
def several_outputs():
    x = keras.Input((6,))
    return keras.Model(x, L.Concatenate()(inner(4, 3)(x)))


@model
def stacked():
    return sequence(inner(4), sequence(L.Dense(5, input_shape=(4,))), L.Dense(2))


@model
def sequence_in_a_graph():
    x = keras.Input((6,))
    return keras.Model(x, sequence(L.Dense(4, input_shape=(6,)))(x))


@model
def states():
    x, h = keras.Input((5, 3)), keras.Input((4,))
    y, *state = L.LSTM(4, return_sequences=True, return_state=True)(x)
    return keras.Model([x, h], [L.LSTM(4)(y, initial_state=state), L.GRU(4)(x, initial_state=h)])


@model
def states_both_ways():
    x, h, g = keras.Input((5, 3)), keras.Input((4,)), keras.Input((4,))
    y, *state = L.Bidirectional(L.LSTM(4, return_sequences=True, return_state=True))(x)
    outputs = L.Bidirectional(L.LSTM(2))(L.Dense(3)(y), initial_state=[L.Dense(2)(one) for one in state])
    return keras.Model([x, h, g], [outputs, L.Bidirectional(L.GRU(4))(x, initial_state=[h, g])])


@model
def states_of_cells():
    x, *states = keras.Input((5, 3)), *[keras.Input((size,)) for size in (4, 4, 2)]
    outputs = L.RNN([L.LSTMCell(4), L.GRUCell(2)])(x, initial_state=[states[:2], states[2]])
    return keras.Model([x, *states], outputs)


@model
def decayed():
    return compile_with(keras.optimizers.legacy.Adam(learning_rate=0.01, decay=1e-3), "cosine_proximity", ["mae"])


@model
def nadam():
    return compile_with(keras.optimizers.legacy.Nadam(0.01), keras.losses.Huber(0.3), [keras.metrics.Precision()])


def compile_with(*arguments):
    made = sequence(L.Dense(4, input_shape=(6,)))
    made.compile(*arguments)
    return made


@model
def scaled():
    x = keras.Input((5, 3))
    y = L.LSTM(3, return_sequences=True, **OLD)(x)
    deep = keras.Model(y, L.Dense(2)(L.GRU(4, reset_after=False, **OLD)(y)))
    cells = [L.GRUCell(2, **OLD), L.LSTMCell(3, **OLD)]
    return keras.Model(x, [deep(y), L.Bidirectional(L.GRU(2, **OLD))(y), L.RNN(cells)(y)])


@model
def scaled_convolution():
    return sequence(L.ConvLSTM1D(3, 3, input_shape=(4, 6, 2)), L.Flatten())


def write(name, made, folder):
    """Write a model with random weights in both formats, and what it computes."""
    set_weights(made)
    for suffix in (".h5", ".keras"):
        made.save(folder / f"{name}{suffix}")
    record(name, made, folder)


def set_weights(made):
    made.set_weights([np.abs(RANDOM.normal(size=w.shape)).astype(w.dtype) / 2 for w in made.get_weights()])


def record(name, made, folder):
    """Write inputs, and what a model computes from them."""
    inputs = [RANDOM.normal(size=[2, *one.shape[1:]]).astype("float32") for one in made.inputs]
    outputs = tf.nest.flatten(made(inputs if len(inputs) > 1 else inputs[0], training=False))
    numbered = itertools.chain(enumerate(inputs), enumerate(outputs))
    names = [f"{'x' if place < len(inputs) else 'y'}" for place in range(len(inputs) + len(outputs))]
    arrays = {f"{letter}{number}": value for letter, (number, value) in zip(names, numbered, strict=True)}
    np.savez(folder / f"{name}.npz", **{key: np.asarray(value) for key, value in arrays.items()})


def write_older(folder):
    """Write HDF5 files as older Kerases wrote them, from files of tf_keras."""
    rewrite("layer_list", first_list(), list_layers, folder)
    rewrite("no_modules", sequence(L.Input((5, 3)), L.Bidirectional(L.LSTM(4)), L.Dense(2)), strip, folder)
    rewrite("initializers", first_list(), add_dtypes, folder)
    rewrite("old_optimizer", compile_with(keras.optimizers.legacy.Adam(0.01), "mse"), rename_rate, folder)
    for layer in (L.GRU(4), L.LSTM(4), L.Bidirectional(L.LSTM(4))):
        write_cudnn(layer, folder)


def first_list():
    return sequence(L.Dense(4, activation="relu", input_shape=(6,)), L.Dense(3))


def rewrite(name, made, edit, folder):
    set_weights(made)
    made.save(folder / f"{name}.h5")
    record(name, made, folder)
    with h5py.File(folder / f"{name}.h5", "r+") as file:
        for key in [key for key in ("model_config", "training_config") if key in file.attrs]:
            file.attrs[key] = json.dumps(edit(json.loads(file.attrs[key])))


def list_layers(config):
    return {"class_name": "Sequential", "config": strip(config)["config"]["layers"][1:]}


def strip(stored):
    """Return a config without the names of modules, as Keras 2 wrote it before TensorFlow 2.13."""
    if isinstance(stored, list):
        return [strip(one) for one in stored]
    if not isinstance(stored, dict):
        return stored
    return {key: strip(one) for key, one in stored.items() if key not in ("module", "registered_name", "build_config")}


def add_dtypes(config):
    for layer in strip(config)["config"]["layers"][1:]:
        layer["config"]["kernel_initializer"]["config"]["dtype"] = "float32"
    return config


def rename_rate(config):
    if "optimizer_config" in config:
        inner_config = config["optimizer_config"]["config"]
        inner_config["lr"] = inner_config.pop("learning_rate")
        inner_config.update(epsilon=None, schedule_decay=0.004)
    return config


def write_cudnn(layer, folder):
    """Write the file of a layer of cuDNN, whose weights tf_keras reads into the layer that computes the same."""
    made = sequence(L.Input((5, 3)), layer)
    set_weights(made)
    cell = getattr(layer, "layer", layer)
    name = f"cudnn_{layer.name}"
    made.save(folder / f"{name}.h5")
    with h5py.File(folder / f"{name}.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        stored = config["config"]["layers"][1]
        stored = stored["config"].get("layer", stored)
        stored["class_name"] = f"CuDNN{type(cell).__name__}"
        for key in ("activation", "dropout", "implementation", "recurrent_activation", "recurrent_dropout", "unroll",
                    "reset_after", "use_bias"):  # fmt: skip
            stored["config"].pop(key, None)
        file.attrs["model_config"] = json.dumps(config)
        group = file["model_weights"][layer.name]
        for weight in [one for one in group.attrs["weight_names"] if "bias" in one]:
            size = group[weight].size * (1 if group[weight].ndim == 2 else 2)
            del group[weight]
            group.create_dataset(weight, data=RANDOM.normal(size=size).astype("float32"))
    made.load_weights(folder / f"{name}.h5")
    record(name, made, folder)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for name, make in MODELS.items():
            keras.backend.clear_session()
            write(name, make(), folder)
        keras.backend.clear_session()
        write_older(folder)
        with tarfile.open(FILE, "w:xz") as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name, filter=lambda member: member.replace(mtime=0, uid=0, gid=0, deep=False))


if __name__ == "__main__":
    sys.exit(main())
