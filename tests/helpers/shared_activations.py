"""Models in which one activation stands in several places. New processes import them."""

import keras
import numpy as np

import serialactivation as sa
from tests.matrix.cells import randomize
from tests.matrix.layers import DecoratedGated

X = np.random.default_rng(5).normal(size=(6, 4)).astype("float32")
Y = np.random.default_rng(6).normal(size=(6, 4)).astype("float32")


def two_owners(shared=None):
    shared = shared or keras.layers.PReLU()
    return keras.Sequential(
        [keras.Input((4,)), sa.layers.Dense(4, activation=shared), sa.layers.Dense(4, activation=shared)]
    )


def two_fields(shared=None):
    shared = shared or keras.layers.PReLU()
    return keras.Sequential([keras.Input((4,)), DecoratedGated(4, activation=shared, gate_activation=shared)])


def owner_and_graph(shared=None):
    shared = shared or keras.layers.PReLU()
    inputs = keras.Input((4,))
    return keras.Model(inputs, shared(sa.layers.Dense(4, activation=shared)(inputs)))


def graph_and_owner(shared=None):
    shared = shared or keras.layers.PReLU()
    inputs = keras.Input((4,))
    return keras.Model(inputs, sa.layers.Dense(4, activation=shared)(shared(inputs)))


def ours_and_stock(shared=None):
    shared = shared or keras.layers.PReLU()
    return keras.Sequential(
        [keras.Input((4,)), sa.layers.Dense(4, activation=shared), keras.layers.Dense(4, activation=shared)]
    )


def nested(shared=None):
    shared = shared or keras.layers.PReLU()
    inner = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=shared)])
    return keras.Sequential([keras.Input((4,)), inner, sa.layers.Dense(4, activation=shared)])


@sa.serializable_activation(package="sharing")
class Applies(keras.layers.Layer):
    """A layer without get_config that takes a layer under a name that is no activation's."""

    def __init__(self, inner=None, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


def other_argument(shared=None):
    shared = shared or keras.layers.PReLU()
    return keras.Sequential([keras.Input((4,)), Applies(shared), sa.layers.Dense(4, activation=shared)])


MODELS = [two_owners, two_fields, owner_and_graph, graph_and_owner, nested]


def trained(make):
    model = make()
    model.compile("adam", keras.losses.MeanSquaredError())
    model.fit(X, Y, epochs=2, batch_size=3, shuffle=False, verbose=0)
    for variable in model.variables:
        variable.assign(np.random.default_rng(2).uniform(0.1, 1.0, variable.shape))
    return model


def assert_same(model, revived):
    assert len(revived.weights) == len(model.weights)
    assert len(revived.optimizer.variables) == len(model.optimizer.variables)
    for ours, theirs in zip(model.optimizer.variables, revived.optimizer.variables, strict=True):
        assert np.array_equal(keras.ops.convert_to_numpy(ours), keras.ops.convert_to_numpy(theirs))
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))
    arguments = {"epochs": 2, "batch_size": 3, "shuffle": False, "verbose": 0}
    assert model.fit(X, Y, **arguments).history == revived.fit(X, Y, **arguments).history


@keras.saving.register_keras_serializable(package="sharing")
class BuildsBidirectional(keras.layers.Layer):
    """Copies a layer of ours in its constructor, in life and during a load."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        layer = sa.layers.Dense(4, activation=keras.layers.PReLU())
        self.copies = [sa.layers.Dense.from_config(layer.get_config()) for _ in range(2)]

    def build(self, shape):
        for layer in self.copies:
            layer.build(shape)

    def call(self, inputs):
        return sum(layer(inputs) for layer in self.copies)


@sa.serializable_activation(package="models")
class Chained(keras.layers.Layer):
    """Applies several activations, one after the other."""

    def __init__(self, activations=(), **kwargs):
        super().__init__(**kwargs)
        self.activations = activations

    def call(self, inputs):
        for activation in self.activations:
            inputs = activation(inputs)
        return inputs


def fill(model):
    """Call *model*, and set every weight at random."""
    model(np.zeros((2, *model.input_shape[1:]), "float32"))
    randomize(model, np.random.default_rng(5))


def sharing(layers, activation):
    """Return a model in which two Dense of *layers* hold one *activation*, beside one that holds its like."""
    like = type(activation).from_config(activation.get_config())
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(4, activation=activation, name="first"),
            layers.Dense(4, activation="relu", name="between"),
            layers.Dense(4, activation=activation, name="second"),
            layers.Dense(4, activation=like, name="like"),
        ],
        name="model",
    )
