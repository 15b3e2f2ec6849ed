"""Cells whose states are of another dtype than they compute in: what stock Keras keeps is kept."""

import functools

import keras
import numpy as np

import serialactivation as sa
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize

X = np.random.default_rng(5).normal(size=(2, 3, 4)).astype("float32")

READ = """
import sys, keras, numpy, serialactivation as sa, tests.layer.test_cell_states as cells
for path in sys.argv[1:]:
    for model in (keras.models.load_model(path + ".keras"), sa.load_model(path + ".h5")):
        print(keras.ops.convert_to_numpy(model(cells.X)).tobytes().hex())
"""


class StockCell(keras.layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.state_size = 4
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 4))

    def call(self, inputs, states):
        output = self.activation(keras.ops.matmul(inputs, self.kernel) + states[0])
        return output, [output]


@sa.serializable_activation(package="cell_states")
class Cell(StockCell):
    """The same, decorated."""


def functional():
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.PReLU()(inputs))


GATED = functools.partial(sa.layers.GRUCell, 4), functools.partial(keras.layers.GRUCell, 4)
CASES = [
    (Cell, StockCell, keras.layers.PReLU),
    (Cell, StockCell, functional),
    (*GATED, lambda: keras.Sequential([keras.layers.PReLU()])),
]
if keras.config.backend() == "tensorflow":  # whose operators take no two dtypes, so that stock Keras keeps no GRUCell
    del CASES[2]


def make(cell, activation):
    stacked = [cell(activation=activation(), dtype="mixed_float16"), keras.layers.GRUCell(4)]
    model = keras.Sequential([keras.Input((3, 4)), keras.layers.RNN(stacked)])
    model(X)  # which makes the activation's weights in stock Keras
    randomize(model, np.random.default_rng(1))
    return model


def test_activations_compute_as_in_stock_keras_there(tmp_path):
    """Activations in a stack of cells compute as in stock Keras, to the bit, also in another process."""
    paths, expected = [], []
    for ours, stock, activation in CASES:
        model = make(ours, activation)
        outputs = keras.ops.convert_to_numpy(model(X))
        assert np.array_equal(outputs, keras.ops.convert_to_numpy(make(stock, activation)(X)))
        paths.append(str(tmp_path / str(len(paths))))
        model.save(f"{paths[-1]}.keras")
        sa.save_model(model, f"{paths[-1]}.h5")
        expected += [outputs.tobytes().hex()] * 2

    assert run_python(READ, *paths).splitlines() == expected


def test_they_follow_the_cell_where_its_states_do():
    """Activations have the dtype of a cell that is alone, or in a stack with the same policy."""
    for stacked in (lambda cell: cell, lambda cell: keras.layers.StackedRNNCells([cell], dtype="mixed_float16")):
        cell = Cell(keras.layers.PReLU(), dtype="mixed_float16")
        model = keras.Sequential([keras.Input((3, 4)), keras.layers.RNN(stacked(cell))])
        model(X)
        assert cell.activation.dtype_policy.name == "mixed_float16"


def test_an_unbuilt_activation_has_weights_as_in_stock_keras():
    """An unbuilt activation has float32 weights in a cell of half precision whose states are float32."""
    cell = Cell(keras.layers.PReLU(), dtype="float16")
    keras.layers.RNN([cell, keras.layers.GRUCell(4)]).build((None, 3, 4))
    assert [weight.dtype for weight in cell.weights] == ["float16", "float32"]
