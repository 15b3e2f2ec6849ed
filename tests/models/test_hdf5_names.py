"""Weights of one name in ``.h5`` files: written under two by ``save_model``, where stock Keras leaves half a file."""

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(2, 5, 4)).astype("float32")

READ = """
import sys, keras, numpy, serialactivation as sa, tests.models.test_hdf5_names as names
for path in sys.argv[1:]:
    model = sa.load_model(path)
    print(keras.ops.convert_to_numpy(model(names.X)).tobytes().hex(), len(model.weights))
"""


def learning(*shape):
    """A Functional activation: its weights are there, and have their names, before a layer has it."""
    inputs = keras.Input(shape or (4,))
    return keras.Model(inputs, keras.layers.PReLU(name="p")(inputs))


@sa.serializable_activation(package="hdf5_names")
class Twice(keras.layers.Layer):
    """Two activations, which may have one name."""

    def __init__(self, first_activation=None, second_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.first_activation = sa.get(first_activation)
        self.second_activation = sa.get(second_activation)

    def call(self, inputs):
        return self.first_activation(inputs) + 2 * self.second_activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="hdf5_names")
class Wrapper(keras.layers.Wrapper):
    """A user's wrapper, which has a weight that is called like the layer inside."""

    def build(self, input_shape):
        self.scale = self.add_weight(name=self.layer.name, shape=(input_shape[-1],))
        if not self.layer.built:
            self.layer.build(input_shape)

    def call(self, inputs):
        return self.layer(inputs) * self.scale


def named_cells():
    return keras.layers.RNN([sa.layers.GRUCell(4, name="cell") for _ in range(2)])


def both_ways():
    gated = sa.layers.GRU(4, activation=learning(), recurrent_activation=learning(), return_sequences=True)
    return keras.layers.Bidirectional(gated, merge_mode="sum")


def layers_of_one_name():
    return Twice(keras.layers.PReLU(name="p"), keras.layers.PReLU(name="p"))


# What each layer holds more than once, by the last parts of the name.
LAYERS = {
    "Bidirectional": both_ways,
    "cells": named_cells,
    "Functional activations": lambda: sa.layers.GRU(4, activation=learning(), recurrent_activation=learning()),
    "one name in one layer": layers_of_one_name,
    "TimeDistributed": lambda: keras.layers.TimeDistributed(Twice(learning(), learning())),
    "nested": lambda: keras.Sequential([keras.Input((5, 4)), layers_of_one_name(), layers_of_one_name()]),
    "wrapper": lambda: Wrapper(sa.layers.Dense(4, activation=keras.layers.PReLU())),
}


def make(layer):
    model = keras.Sequential([keras.Input((5, 4)), LAYERS[layer]()])
    model(X)
    randomize(model, np.random.default_rng(1))
    return model


def outputs(model):
    return keras.ops.convert_to_numpy(model(X))


def test_another_process_reads_what_save_model_writes(tmp_path):
    """Models whose names stop Keras's writer are saved and loaded, and their names in this process stay."""
    paths, expected = [], []
    for layer in LAYERS:
        model = make(layer)
        names = [weight.path for weight in model.weights]
        with pytest.raises((TypeError, ValueError)):
            model.save(tmp_path / "stock.h5")
        paths.append(str(tmp_path / f"{len(paths)}.h5"))
        sa.save_model(model, paths[-1])
        expected.append(f"{outputs(model).tobytes().hex()} {len(model.weights)}")
        assert [weight.path for weight in model.weights] == names
        with h5py.File(paths[-1]) as file:
            written = set(file["model_weights"][model.layers[0].name].attrs["weight_names"].astype(str))
        assert written >= {name for name in names if names.count(name) == 1 and layer != "wrapper"}

    assert run_python(READ, *paths).splitlines() == expected


def test_a_model_that_was_loaded_is_saved_again(tmp_path):
    """Keras builds the cells of a recurrent layer one by one as it loads, so that both directions have one name."""
    bidirectional = keras.layers.Bidirectional(keras.layers.RNN(sa.layers.LSTMCell(4, activation=keras.layers.PReLU())))
    model = keras.Sequential([keras.Input((5, 4)), bidirectional])
    randomize(model, np.random.default_rng(1))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    sa.save_model(loaded, tmp_path / "model.h5")
    assert np.array_equal(outputs(sa.load_model(tmp_path / "model.h5")), outputs(model))


def test_a_trained_model_is_saved_with_its_optimizer(tmp_path):
    """Its variables are called after the weights, of all layers together."""
    model = keras.Sequential([keras.Input((5, 4)), *(sa.layers.Dense(4, activation=learning(5, 4)) for _ in range(2))])
    model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    model.fit(X, X, verbose=0)
    sa.save_model(model, tmp_path / "model.h5")
    revived = sa.load_model(tmp_path / "model.h5")
    assert np.array_equal(outputs(revived), outputs(model))
    with h5py.File(tmp_path / "model.h5") as file:
        assert len(file["optimizer_weights"].attrs["weight_names"]) == len(model.optimizer.variables)


@pytest.mark.parametrize("layer", ["Functional activations", "one name in one layer"])
def test_keras_own_save_says_what_is_wrong(layer, tmp_path):
    """The cure works; without it, HDF5 says that a name exists."""
    model = make(layer)
    with pytest.raises(errors.ModelFileError, match=r"two of its weights are called '.*p/alpha'") as caught:
        model.save(tmp_path / "model.h5")
    assert (caught.value.model, caught.value.suffix) == (model.layers[0].name, ".h5")
    assert "serialactivation.save_model(model, ...)" in caught.value.cure
    model.save(tmp_path / "model.keras")  # where names are none of the file's
    assert np.array_equal(outputs(keras.models.load_model(tmp_path / "model.keras")), outputs(model))


@sa.serializable_activation(package="hdf5_names")
class Twins(keras.Model):
    """A model with two layers of one name, which no graph may have."""

    def __init__(self, names=("twin", "twin"), activation=None, **kwargs):
        super().__init__(**kwargs)
        self.names = names
        self.first, self.second = (sa.layers.Dense(4, activation=activation, name=name) for name in names)

    def call(self, inputs):
        return self.second(self.first(inputs))


def test_layers_of_one_name_are_refused(tmp_path):
    """A layer's name is its group's in such a file, by which its weights are found; named apart, they come back."""
    path = tmp_path / "model.h5"
    for names in (("twin", "twin"), ("twin", "top_level_model_weights")):
        model = Twins(names)
        model(X)
        with pytest.raises(errors.ModelFileError, match="the same name"):
            sa.save_model(model, path)
        assert not list(tmp_path.iterdir())
    model = Twins(("one", "other"))
    model(X)
    sa.save_model(model, path)
    assert np.array_equal(outputs(sa.load_model(path)), outputs(model))
