"""Recurrent layers: activations inside the scan have their weights before it starts, and come back."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.round_trips import revive
from tests.matrix.cells import randomize

X = np.random.default_rng(5).normal(size=(4, 3, 2)).astype("float32")
Y = np.random.default_rng(6).normal(size=(4, 3)).astype("float32")
IMAGES = np.random.default_rng(7).normal(size=(2, 3, 5, 2)).astype("float32")


def distinct():
    return {"activation": keras.layers.PReLU(), "recurrent_activation": keras.layers.PReLU()}


def shared():
    activation = keras.layers.PReLU()
    return {"activation": activation, "recurrent_activation": activation}


LAYERS = {
    "LSTM": lambda **given: sa.layers.LSTM(3, **given),
    "GRU": lambda **given: sa.layers.GRU(3, **given),
    "RNN(LSTMCell)": lambda **given: keras.layers.RNN(sa.layers.LSTMCell(3, **given)),
    "RNN([GRUCell, LSTMCell])": lambda **given: keras.layers.RNN(
        [sa.layers.GRUCell(3), sa.layers.LSTMCell(3, **given)]
    ),
    "Bidirectional(LSTM)": lambda **given: keras.layers.Bidirectional(sa.layers.LSTM(3, **given), merge_mode="sum"),
}

parametrize_layers = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
parametrize_given = pytest.mark.parametrize("given", [distinct, shared])


def trained(layer):
    model = keras.Sequential([keras.Input((3, 2)), layer])
    model.compile("adam", keras.losses.MeanSquaredError())
    model.fit(X, Y, epochs=1, batch_size=4, shuffle=False, verbose=0)
    randomize(model, np.random.default_rng(2))
    return model


@parametrize_given
@parametrize_layers
def test_two_activations_with_weights_come_back(make, given, tmp_path):
    """Two activations, distinct or shared, come back with the optimizer's state, and training goes on alike."""
    model = trained(make(**given()))
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")

    assert len(revived.weights) == len(model.weights)
    for ours, theirs in zip(model.get_weights(), revived.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))
    arguments = {"epochs": 2, "batch_size": 4, "shuffle": False, "verbose": 0}
    assert model.fit(X, Y, **arguments).history == revived.fit(X, Y, **arguments).history


@parametrize_layers
def test_one_instance_in_both_fields_is_one(make):
    """One instance in both fields has one set of weights, half as many as two instances."""
    counts = [len(trained(make(**given())).weights) for given in (shared, distinct)]
    extra = 2 if make is LAYERS["Bidirectional(LSTM)"] else 1
    assert counts[1] - counts[0] == extra


@parametrize_given
@parametrize_layers
def test_weights_are_there_before_any_call(make, given):
    """The owner's build is enough, so that the scan never makes a variable."""
    layer = make(**given())
    layer.build((None, 3, 2))
    before = [variable.path for variable in layer.weights]
    layer(X)
    assert [variable.path for variable in layer.weights] == before
    assert sum(path.endswith("alpha") for path in before) >= 1


@pytest.mark.parametrize("unroll", [False, True])
@pytest.mark.parametrize("options", [{}, {"return_sequences": True}, {"return_state": True}, {"go_backwards": True}])
def test_options_of_the_layer_do_not_matter(options, unroll):
    """The activation sees the state, whatever the layer returns."""
    layer = sa.layers.GRU(3, activation=keras.layers.PReLU(), unroll=unroll, **options)
    layer.build((None, 3, 2))
    assert layer.cell.activation.alpha.shape == (3,)
    revived = revive(layer)
    revived.build((None, 3, 2))
    revived.set_weights(layer.get_weights())
    first, second = (keras.tree.flatten(each(X)) for each in (layer, revived))
    assert [keras.ops.convert_to_numpy(a).tolist() for a in first] == [
        keras.ops.convert_to_numpy(a).tolist() for a in second
    ]


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("options", [{}, {"return_sequences": True}, {"return_state": True}])
def test_a_convolutional_state_has_its_own_shape(padding, options):
    """ConvLSTM's activations see the state: space and filters."""
    layer = sa.layers.ConvLSTM1D(4, 2, padding=padding, activation=keras.layers.PReLU(), **options)
    layer.build((None, 3, 5, 2))
    assert layer.cell.activation.alpha.shape == ((5, 4) if padding == "same" else (4, 4))
    layer(IMAGES)


@keras.saving.register_keras_serializable(package="recurrent")
class PlainCell(keras.layers.Layer):
    """A user's cell, with a build and a call of its own, and no get_config."""

    def __init__(self, units, activation="tanh", gate_activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.state_size = self.units = units
        self.activation = keras.activations.get(activation)
        self.gate_activation = keras.activations.get(gate_activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

    def call(self, inputs, states):
        hidden = keras.ops.matmul(inputs, self.kernel) + keras.ops.matmul(states[0], self.recurrent)
        output = self.activation(hidden) * self.gate_activation(hidden)
        return output, [output]


@sa.serializable_activation(package="recurrent")
class Cell(PlainCell):
    pass


@pytest.mark.parametrize("wrap", [keras.layers.RNN, lambda cell: keras.layers.RNN([sa.layers.LSTMCell(2), cell])])
def test_a_users_cell_is_traced_with_its_states(wrap, tmp_path):
    """The activations of a user's cell have their weights before the scan, and the model comes back."""
    partial = functools.partial(keras.activations.leaky_relu, negative_slope=0.3)
    model = trained(wrap(Cell(3, activation=keras.layers.PReLU(), gate_activation=partial)))
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")

    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


def test_a_users_cell_is_traced_with_the_batch_of_its_input():
    """A user's cell is traced with the batch size of a call before the build."""
    layer = keras.layers.RNN(Cell(3, activation=keras.layers.PReLU()))
    layer.build((4, *X.shape[1:]))

    assert [weight.shape for weight in layer.weights] == [(2, 3), (3, 3), (3,)]


def test_a_shared_instance_across_recurrent_layers_is_one_again(tmp_path):
    """One PReLU in two LSTMs and a Dense has one set of weights after a load."""
    activation = keras.layers.PReLU()
    model = keras.Sequential(
        [
            keras.Input((3, 2)),
            sa.layers.LSTM(3, activation=activation, return_sequences=True),
            sa.layers.GRU(3, recurrent_activation=activation),
            sa.layers.Dense(3, activation=activation),
        ]
    )
    randomize(model, np.random.default_rng(2))
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")

    assert len(revived.weights) == len(model.weights) == 3 + 3 + 2 + 1
    assert revived.layers[0].activation is revived.layers[1].recurrent_activation is revived.layers[2].activation
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))
