"""The callback that checks a model before it is trained."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa

LEAKY = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
X = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)


class Net(keras.Model):
    """A subclassed model of a user's, which is built by its first call."""

    def __init__(self, activation):
        super().__init__(name="net")
        self.dense = keras.layers.Dense(3, activation=activation, name="dense")

    def call(self, inputs):
        return self.dense(inputs)


def stack(activation):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=activation, name="dense")])


def fit(model, callback, epochs=1):
    model.fit(X, X[:, :3], verbose=0, epochs=epochs, callbacks=[callback], shuffle=False)


def compiled(model):
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


@pytest.mark.parametrize("make", [stack, Net])
def test_a_model_that_would_be_lost_is_not_trained(make):
    """The error comes before the first batch: the weights are the initial ones."""
    model = compiled(make(LEAKY))
    model(X)
    before = model.get_weights()
    with pytest.raises(sa.errors.NotRestoredError) as error:
        fit(model, sa.callbacks.CheckBeforeTraining())
    assert [one.path.rpartition("/")[2] for one in error.value.findings if one.kind == "activation"] == ["dense"]
    assert all(map(np.array_equal, before, model.get_weights()))


def test_training_is_what_it_is_without_the_check():
    """With shuffled data, dropout and a second fit, the weights are the same to the bit."""

    def train(*callbacks):
        keras.utils.set_random_seed(3)
        model = compiled(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5)]))
        for _ in range(2):
            model.fit(X, X[:, :3], verbose=0, batch_size=1, callbacks=list(callbacks))
        return model.get_weights()

    callback = sa.callbacks.CheckBeforeTraining()
    assert all(map(np.array_equal, train(), train(callback)))
    assert callback.report.ok
    assert callback.report.was_run


def test_one_callback_checks_each_model():
    """As in a loop of a tuner: a new model is checked, and the same one only once."""
    callback = sa.callbacks.CheckBeforeTraining()
    good = compiled(stack("relu"))
    fit(good, callback)
    first = callback.report
    fit(good, callback)
    assert callback.report is first
    with pytest.raises(sa.errors.NotRestoredError):
        fit(compiled(stack(LEAKY)), callback)


def test_a_warning_lets_the_model_be_trained():
    """And it says what the error says."""
    model = compiled(stack(LEAKY))
    before = model.get_weights()
    callback = sa.callbacks.CheckBeforeTraining(on_lost="warn")
    with pytest.warns(sa.errors.NotRestoredWarning) as caught:
        fit(model, callback)
    assert str(caught[0].message) == str(callback.report.make_error())
    assert not np.array_equal(before[0], model.get_weights()[0])


@pytest.mark.parametrize("given", [{"on_lost": "ignore"}, {"ways": ["kers"]}])
def test_a_mistyped_argument_is_refused(given):
    """When the callback is made."""
    with pytest.raises(sa.errors.SettingsError):
        sa.callbacks.CheckBeforeTraining(**given)
