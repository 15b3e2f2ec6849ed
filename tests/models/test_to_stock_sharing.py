"""``to_stock`` of models in which one activation stands in several places: its file loads, or it is refused."""

import functools
import warnings

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.shared_activations import Chained
from tests.helpers.stock_files import read_elsewhere, write
from tests.helpers.users_models import Own
from tests.matrix.cells import randomize
from tests.matrix.values import OLD

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
STEPS = np.stack([X, X + 1], axis=1)

WAYS = {}
REFUSED = set()  # with weights


def way(function):
    """Add a way to share an activation."""
    WAYS[function.__name__] = function
    return function


def refused(function):
    """Add a way in which stock Keras would not load shared weights."""
    REFUSED.add(function.__name__)
    return way(function)


def dense(activation, **options):
    return sa.layers.Dense(4, activation=activation, **options)


def lstm(activation, **options):
    return sa.layers.LSTM(4, activation=activation, unroll=True, **options)


def sequence(*layers, shape=(4,)):
    return keras.Sequential([keras.Input(shape), *layers])


def chain(*layers, shape=(4,)):
    """Return a functional model of layers one after the other, any of them several times."""
    inputs = outputs = keras.Input(shape)
    for layer in layers:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def distribute(layer):
    return keras.layers.TimeDistributed(layer)


@way
def two_layers(bend):
    return sequence(dense(bend), dense(bend))


@way
def a_layer_and_the_graph(bend):
    return sequence(dense(bend), bend)


@way
def the_graph_and_a_layer(bend):
    return sequence(bend, dense(bend))


@way
def stock_layers_and_ours(bend):
    return sequence(keras.layers.Dense(4, activation=bend), dense(bend), sa.layers.Activation(bend), bend)


@way
def a_layer_called_twice(bend):
    shared = dense(bend)
    return chain(shared, bend, shared)


@way
def a_nested_model_called_twice(bend):
    inner = chain(dense(bend), dense(bend), bend)
    return chain(inner, inner)


@refused
def a_nested_model_called_twice_and_a_layer(bend):
    inner = chain(dense(bend))
    return chain(inner, inner, dense(bend))


@refused
def a_nested_sequential_and_the_graph_after_it(bend):
    return chain(sequence(dense(bend)), bend)


@refused
def a_nested_sequential_and_the_graph_before_it(bend):
    return chain(bend, sequence(dense(bend)))


@refused
def a_layer_of_a_nested_sequential_and_a_layer(bend):
    return chain(sequence(bend), dense(bend))


@refused
def a_layer_of_a_nested_sequential_and_the_graph(bend):
    return chain(sequence(keras.layers.Dense(4), bend), bend)


@refused
def two_nested_models(bend):
    return chain(chain(dense(bend)), sequence(dense(bend)))


@refused
def models_in_models(bend):
    return sequence(sequence(sequence(dense(bend))), bend)


@refused
def a_nested_model_of_several_outputs(bend):
    inputs, inside = keras.Input((4,)), keras.Input((4,))
    one, two = keras.Model(inside, [dense(bend)(inside), bend(inside)])(inputs)
    return keras.Model(inputs, [dense(bend)(one), two])


@way
def two_outputs(bend):
    inputs = keras.Input((4,))
    return keras.Model(inputs, [dense(bend, name=name)(inputs) for name in ("one", "two")])


@way
def distributed_layers(bend):
    return sequence(distribute(dense(bend)), distribute(dense(bend)), shape=(2, 4))


@way
def a_distributed_layer_called_twice(bend):
    steps = distribute(dense(bend))
    return chain(steps, steps, shape=(2, 4))


@refused
def a_distributed_layer_and_itself_distributed(bend):
    return sequence(distribute(dense(bend)), distribute(bend), shape=(2, 4))


@way
def a_distributed_model(bend):
    return sequence(distribute(sequence(dense(bend), dense(bend))), shape=(2, 4))


@refused
def a_distributed_model_and_a_distributed_layer(bend):
    return sequence(distribute(sequence(dense(bend))), distribute(dense(bend)), shape=(2, 4))


@refused
def distributed_in_a_nested_model_and_outside(bend):
    return sequence(sequence(distribute(dense(bend)), shape=(2, 4)), distribute(dense(bend)), shape=(2, 4))


@refused
def a_bidirectional_layer_and_another(bend):
    backward = lstm(bend, go_backwards=True)
    return sequence(
        keras.layers.Bidirectional(lstm(bend), backward_layer=backward, merge_mode="sum"), dense(bend), shape=(2, 4)
    )


@refused
def both_activations_of_a_recurrent_layer(bend):
    return sequence(lstm(bend, recurrent_activation=bend), dense(bend), shape=(2, 4))


@refused
def a_model_as_an_activation_and_its_layer(bend):
    return sequence(dense(sequence(bend)), dense(bend))


@way
def a_model_as_an_activation_twice(bend):
    inner = sequence(bend)
    return sequence(dense(inner), dense(inner), inner)


@way
def regularized_outputs(bend):
    return sequence(dense(bend, activity_regularizer="l2"), dense(bend))


@way
def called_with_keywords(bend):
    partial = functools.partial(keras.layers.BatchNormalization(), training=False)
    return chain(dense(partial), partial.func, dense(partial), bend)


@refused
def a_nested_model_that_is_not_built(bend):
    return chain(keras.Sequential([dense(bend)]), dense(bend))


@way
def two_of_one_name(bend):
    return sequence(dense(bend), sequence(dense(type(bend).from_config(bend.get_config()))))


def make(name, activation):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.SharedActivationWarning)  # Bidirectional copies its layer
        model = WAYS[name](activation)
    model(inputs_of(model))
    randomize(model, np.random.default_rng(5))
    return model


def inputs_of(model):
    return STEPS if len(model.inputs[0].shape) == 3 else X


@pytest.mark.parametrize("weights", [True, False], ids=["weights", "no weights"])
@pytest.mark.filterwarnings("ignore::serialactivation.errors.SharedActivationWarning")
def test_every_way_of_sharing_is_equal_elsewhere_or_refused(weights, tmp_path):
    """A process that cannot import this package loads each file, and computes the same."""
    equal, said = {}, set()
    for name in WAYS:
        model = make(name, keras.layers.PReLU(name="bend") if weights else keras.layers.LeakyReLU(0.4, name="bend"))
        inputs = inputs_of(model)
        try:
            stock = sa.to_stock(model)
        except errors.StockFormError:
            said.add(name)
            continue
        write(stock, model(inputs), [inputs], tmp_path, name)
        equal[f"{name}.keras"] = "equal"

    assert read_elsewhere(tmp_path) == equal
    expected = REFUSED if weights else set()
    assert said >= expected if OLD else said == expected
    assert len(equal) >= (3 if OLD else 8)


class Subclassed(keras.Model):
    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    def call(self, inputs):
        return self.layer(inputs)


@pytest.mark.parametrize(
    "make",
    [
        lambda bend: sequence(Chained([bend, keras.layers.ReLU()]), dense(bend)),
        lambda bend: sequence(keras.layers.TimeDistributed(Chained([bend])), dense(bend), shape=(2, 4)),
        lambda bend: sequence(Own(activation=bend), bend),
        lambda bend: chain(Subclassed(dense(bend)), dense(bend)),
    ],
    ids=["list", "distributed list", "model without a graph", "plain model without a graph"],
)
def test_what_has_no_stock_form_is_refused_however_it_is_shared(make):
    """Users' layers that keep activations by this package, and models whose graph is in their code."""
    model = make(keras.layers.LeakyReLU())
    with pytest.raises((errors.StockFormError, errors.ModelKindError)) as caught:
        sa.to_stock(model)
    assert caught.value.path.startswith(f"{model.name}/")
