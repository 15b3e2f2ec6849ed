"""``keras.RematScope``: Keras assigns activations for the length of a call; a layer stores what it was given."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import UnserializableActivationError
from tests.matrix.values import bent

pytestmark = pytest.mark.skipif(not hasattr(keras, "RematScope"), reason="this Keras has no RematScope")

X = np.random.default_rng(4).normal(size=(3, 2, 4)).astype("float32")
Y = np.random.default_rng(5).normal(size=(3, 2, 4)).astype("float32")

# On PyTorch, stock Keras cannot put a function where a layer is.
HOLDS_LAYERS = keras.config.backend() != "torch"


class StockGated(keras.layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel))


@sa.serializable_activation(package="remat")
class Gated(StockGated):
    pass


class StockListed(StockGated):
    """An activation under another name, which Keras does not rematerialize."""

    def __init__(self, activation=None, gate_activation="sigmoid", **kwargs):
        super().__init__(activation, **kwargs)
        self.gate_activation = keras.activations.get(gate_activation)

    def call(self, inputs):
        return super().call(inputs) * self.gate_activation(keras.ops.mean(inputs))


@sa.serializable_activation(package="remat")
class Listed(StockListed):
    pass


def recurrent(cell):
    return lambda activation: keras.layers.RNN(cell(4, activation=activation), return_sequences=True, unroll=True)


# TensorFlow compiles no layer that is rematerialized as a whole.
WHOLE_LAYERS = [{"mode": "list_of_layers", "layer_names": ["dense", "dense_1"]}, {"mode": "full"}]
if keras.config.backend() == "tensorflow":
    WHOLE_LAYERS.clear()

LAYERS = {
    "Dense": (functools.partial(keras.layers.Dense, 4), functools.partial(sa.layers.Dense, 4)),
    "cell": (recurrent(keras.layers.GRUCell), recurrent(sa.layers.GRUCell)),
    "decorated": (StockGated, Gated),
    "two fields": (StockListed, Listed),
}

VALUES = {
    "name": lambda: "tanh",
    "function": lambda: bent,
    "layer": lambda: keras.layers.LeakyReLU(negative_slope=0.4),
    "weights": lambda: keras.layers.PReLU(shared_axes=[1], alpha_initializer="ones"),
}


def trained(make, values, **scope):
    """Return the outputs and the weights of a model after a step of training, within the scope."""
    keras.utils.set_random_seed(3)
    with keras.RematScope(**scope):
        layers = [make(activation=VALUES[value]()) for value in values]
        model = keras.Sequential([keras.Input((2, 4)), *layers])
        model.compile("sgd", "mse")
        model.train_on_batch(X, Y)
        outputs = keras.ops.convert_to_numpy(model(X))
    return [outputs, *model.get_weights()]


@pytest.mark.parametrize(
    ("layer", "scope"),
    [
        *((layer, {"mode": "activations"}) for layer in LAYERS),
        *(("Dense", scope) for scope in WHOLE_LAYERS),
    ],
)
def test_a_layer_computes_and_learns_as_stock_keras_does(layer, scope):
    """The outputs, and the weights after a training step, are those of Keras's own layer."""
    stock, ours = LAYERS[layer]
    for values in (["name", "function", *["layer"] * HOLDS_LAYERS], ["weights"]):
        expected = trained(stock, values, **({"mode": None} if values == ["weights"] else scope))
        keras.utils.clear_session(free_memory=False)
        found = trained(ours, values, **scope)
        keras.utils.clear_session(free_memory=False)
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert np.allclose(one, other, rtol=1e-6, atol=1e-7), values


@pytest.mark.parametrize("value", VALUES)
def test_what_is_stored_is_what_was_given(value, tmp_path):
    """The config has what was given, in the scope and after it; a call leaves the attribute as it is."""
    with keras.RematScope(mode="activations"):
        given = VALUES[value]()
        layer = sa.layers.Dense(4, activation=given)
        before, attribute = layer.get_config(), layer.activation
        model = keras.Sequential([keras.Input((2, 4)), layer])
        outputs = keras.ops.convert_to_numpy(model(X))
        assert layer.activation is attribute
        with pytest.raises(ValueError, match="axis -1"):
            layer(np.ones((2, 2, 5), "float32"))
        assert layer.activation is attribute
        assert layer.get_config() == before
        model.save(tmp_path / "within.keras")
    model.save(tmp_path / "after.keras")
    assert layer.get_config() == before
    for name in ("within.keras", "after.keras"):
        revived = keras.models.load_model(tmp_path / name)
        assert np.array_equal(keras.ops.convert_to_numpy(revived(X)), outputs)
        assert revived.layers[0].get_config()["activation"] == before["activation"]


@pytest.mark.parametrize("value", VALUES)
def test_a_recurrent_layer_rematerializes_in_its_cell(value):
    """A recurrent layer is rematerialized in its cell, where stock Keras fails."""
    with keras.RematScope(mode="activations"):
        layer = sa.layers.LSTM(4, activation=VALUES[value](), return_sequences=True, unroll=True)
        within = keras.ops.convert_to_numpy(layer(X))
    after = sa.layers.LSTM.from_config(layer.get_config())
    after.build(X.shape)
    after.set_weights(layer.get_weights())
    assert np.allclose(keras.ops.convert_to_numpy(after(X)), within, rtol=1e-6)


def test_assignments_are_still_guarded():
    """An assignment in the scope follows the rules of the constructor."""
    with keras.RematScope(mode="activations"):
        layer = sa.layers.Dense(4, activation="relu")
        layer(X)
        with pytest.raises(UnserializableActivationError):
            layer.activation = lambda x: x
        layer.activation = keras.ops.tanh
        layer(X)
    assert layer.get_config()["activation"] == "tanh"
