"""The order of a layer's weights is the same, however its activations came to be there."""

import itertools

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(4, 5)).astype("float32")


@sa.serializable_activation(package="ordering")
class Gated(keras.layers.Layer):
    """Layers of its own before, between and after its activations, which stand in another order than the arguments."""

    def __init__(self, activation="relu", gate_activation="sigmoid", activations=("tanh",), **kwargs):
        super().__init__(**kwargs)
        self.before = keras.layers.Dense(5, name="before")
        self.gate_activation = sa.get(gate_activation)
        self.between = keras.layers.Dense(5, name="between")
        self.activation = sa.get(activation)
        self.activations = [sa.get(one) for one in activations]
        self.after = keras.layers.Dense(5, name="after")

    def call(self, inputs):
        outputs = self.activation(self.before(inputs)) * self.gate_activation(self.between(inputs))
        for activation in self.activations:
            outputs = activation(outputs)
        return self.after(outputs)


def bend(start):
    return keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(start))


def assign_one(name):
    def change(layer):
        setattr(layer, name, bend(0.5))

    change.__name__ = name
    return change


def assign_list(layer):
    layer.activations = [bend(0.6), "relu", bend(0.7)]


def append(layer):
    layer.activations.append(bend(0.8))


def swap(layer):
    layer.activation, layer.gate_activation = layer.gate_activation, layer.activation


CHANGES = [assign_one("activation"), assign_one("gate_activation"), assign_list, append, swap]
STARTS = {
    "names": dict,
    "activation": lambda: {"activation": bend(0.1)},
    "gate": lambda: {"gate_activation": bend(0.2)},
    "both": lambda: {"activation": bend(0.1), "gate_activation": bend(0.2)},
    "all": lambda: {"activation": bend(0.1), "gate_activation": bend(0.2), "activations": [bend(0.3), "relu"]},
}


def make(start, changes):
    layer = Gated(**STARTS[start](), name="gated")
    for change in changes:
        change(layer)
    model = keras.Sequential([keras.Input((5,)), layer])
    randomize(model, np.random.default_rng(1))
    return model


def numpy(model):
    return keras.ops.convert_to_numpy(model(X))


@pytest.mark.parametrize("start", STARTS)
def test_assigned_activations_have_their_place(start):
    """A layer with assigned activations has its weights in the order of one that was made with them."""
    pairs = itertools.permutations(CHANGES, 2) if start == "both" else ()
    for changes in (*((change,) for change in CHANGES), *pairs):
        model = make(start, changes)
        clone = sa.clone_model(model)
        clone.set_weights(model.get_weights())

        assert [weight.path for weight in clone.weights] == [weight.path for weight in model.weights]
        assert np.array_equal(numpy(clone), numpy(model))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_format_gives_each_activation_its_own_values(change, tmp_path):
    """Each activation gets its own values from both formats, with Keras's functions and ours, and from weights."""
    model = make("all", [change])
    expected = numpy(model)
    for save, load in ((keras.saving.save_model, keras.saving.load_model), (sa.save_model, sa.load_model)):
        for name in ("model.keras", "model.h5"):
            save(model, tmp_path / name)
            assert np.array_equal(numpy(load(tmp_path / name)), expected)
    model.save_weights(tmp_path / "model.weights.h5")
    revived = sa.model_from_json(sa.model_to_json(model))
    revived.load_weights(tmp_path / "model.weights.h5")

    assert np.array_equal(numpy(revived), expected)
    assert np.array_equal(numpy(sa.convert(model)), expected)


@pytest.mark.parametrize("name", ["LSTM", "GRU", "ConvLSTM1D"])
def test_a_cell_has_its_activations_in_order(name):
    """Activations that are assigned to a recurrent layer are in the order of its cell."""
    arguments = (3, 1) if name == "ConvLSTM1D" else (3,)
    shape = (2, 4, 2) if name == "ConvLSTM1D" else (2, 5)
    layer = getattr(sa.layers, name)(*arguments, recurrent_activation=bend(0.2), unroll=name != "ConvLSTM1D")
    layer.activation = bend(0.1)
    model = keras.Sequential([keras.Input(shape), layer])
    clone = sa.clone_model(model)

    starts = [float(keras.ops.convert_to_numpy(weight).max()) for weight in model.weights if "alpha" in weight.path]
    assert starts == pytest.approx([0.1, 0.2])
    assert [weight.path for weight in clone.weights] == [weight.path for weight in model.weights]


def test_a_stock_layer_whose_activation_was_assigned_is_converted():
    """Keras puts what is assigned last; each activation gets its own values all the same."""
    layer = keras.layers.LSTM(3, recurrent_activation=bend(0.2), unroll=True)
    layer.cell.activation = bend(0.1)
    model = keras.Sequential([keras.Input((2, 5)), layer])
    inputs = np.stack([X, X], axis=1)
    model(inputs)
    randomize(model, np.random.default_rng(1))
    expected = keras.ops.convert_to_numpy(model(inputs))
    converted = sa.convert(model)

    assert np.array_equal(keras.ops.convert_to_numpy(converted(inputs)), expected)
