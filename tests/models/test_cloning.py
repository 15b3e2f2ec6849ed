"""``clone_model``: the clone computes the same, by Keras's roads or past them, or it is refused."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.users_models import ACTIVATIONS, KINDS, Head, make_graph, nest
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(4, 4)).astype("float32")


def numpy(model):
    return keras.ops.convert_to_numpy(model(X))


def copy_weights(model, clone):
    clone(X)
    clone.set_weights(model.get_weights())
    return clone


# Where Keras finds the weights of an activation beside a model's layers: else none is taken.
TRACKING = ["graph of its own", "no graph"]
holder = keras.Model(*make_graph())
holder.beside = keras.layers.PReLU()
if holder.beside in holder._flatten_layers():
    TRACKING.append("functional")


@pytest.mark.parametrize(
    ("kind", "activation"),
    [*((kind, activation) for kind in KINDS for activation in ACTIVATIONS), *((kind, "weights") for kind in TRACKING)],
)
def test_a_model_of_a_users_class_keeps_its_activation(kind, activation):
    """Alone and inside another, and where the models inside are cloned layer by layer. Keras's function loses it."""
    make = {**ACTIVATIONS, "weights": keras.layers.PReLU}[activation]
    model = KINDS[kind](make())
    outer = nest(model)
    for whole in (model, outer):
        whole(X)
        randomize(whole, np.random.default_rng(1))
        for recursive in (False, True):
            clone = copy_weights(whole, sa.clone_model(whole, recursive=recursive))
            assert type(clone) is type(whole)
            assert np.array_equal(numpy(clone), numpy(whole))
            assert not set(map(id, clone.weights)) & set(map(id, whole.weights))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_files_and_json_keep_it_too(kind, activation, tmp_path):
    """Keras's own ``from_config`` of a Sequential hands no argument on, and in 3.6 none of a Functional model."""
    for model in (KINDS[kind](ACTIVATIONS[activation]()), nest(KINDS[kind](ACTIVATIONS[activation]()))):
        model(X)
        randomize(model, np.random.default_rng(1))
        model.save(tmp_path / "model.keras")
        revived = keras.models.load_model(tmp_path / "model.keras")
        assert np.array_equal(numpy(revived), numpy(model))
        made = keras.models.model_from_json(model.to_json())
        assert np.array_equal(numpy(copy_weights(model, made)), numpy(model))


@pytest.mark.parametrize("kind", ["functional", "sequential", "graph of its own"])
def test_what_keras_would_lose_is_refused_where_keras_makes_the_clone(kind):
    """With functions or other inputs, Keras makes the clone: a model that it would clone wrongly is refused."""
    model = KINDS[kind]("tanh")
    asked = {
        "clone_function": lambda layer: type(layer).from_config(layer.get_config()),
        "call_function": lambda layer, *args, **kwargs: layer(*args, **kwargs),
        "input_tensors": keras.Input((4,)),
    }
    if kind == "sequential":
        del asked["call_function"]  # Keras takes none for it
        if keras.__version__.startswith("3.6."):
            del asked["input_tensors"]  # Keras asks the tensor for its truth
    for name, value in asked.items():
        with pytest.raises(errors.CloneError) as caught:
            sa.clone_model(model, **{name: value})
        assert caught.value.model == model.name
        assert caught.value.field in ("post_activation", "activation")
        assert "on the model alone" in str(caught.value)
        plain = Head(*make_graph())
        assert np.array_equal(numpy(copy_weights(plain, sa.clone_model(plain, **{name: value}))), numpy(plain))
    with pytest.raises(errors.CloneError):
        sa.clone_model(nest(model), recursive=True, clone_function=asked["clone_function"])


class Undecorated(keras.Model):
    def __init__(self, *args, post_activation="linear", **kwargs):
        super().__init__(*args, **kwargs)
        self.post_activation = keras.activations.get(post_activation)

    def call(self, inputs, training=None, mask=None):
        return self.post_activation(super().call(inputs, training=training, mask=mask))


def test_a_class_that_is_not_decorated_is_refused_with_a_cure_that_works():
    """Keras passes its activation on to nobody."""
    with pytest.raises(errors.CloneError) as caught:
        sa.clone_model(Undecorated(*make_graph(), post_activation="tanh"))
    assert "@serialactivation.serializable_activation above class Undecorated" in str(caught.value)
    model = Undecorated(*make_graph())
    assert np.array_equal(numpy(copy_weights(model, sa.clone_model(model))), numpy(model))


def test_what_a_class_was_compiled_with_goes_along():
    """The clone of a model of a user's class is compiled as the model is."""
    model = Head(*make_graph(), post_activation="tanh")
    model.compile(keras.optimizers.Adam(0.02), keras.losses.MeanSquaredError())
    clone = sa.clone_model(model)
    assert clone.optimizer.get_config() == model.optimizer.get_config()


EMPTY = {
    "empty": lambda: keras.Sequential([], name="empty"),
    "an input alone": lambda: keras.Sequential([keras.Input((4,))]),
    "deferred": lambda: keras.Sequential([sa.layers.Dense(3, activation=keras.layers.PReLU())]),
    "empty inside": lambda: keras.Sequential([keras.Sequential([]), keras.layers.Dense(2)]),
    "deferred inside": lambda: keras.Sequential([keras.Sequential([sa.layers.Dense(3)]), keras.layers.Dense(2)]),
}
try:
    keras.Model(*[keras.Input((4,))] * 2)
except ValueError:  # as in Keras 3.10, which finds the two unconnected
    pass
else:
    EMPTY["identity"] = lambda: keras.Model(*[keras.Input((4,))] * 2)


def by_file(save, load, suffix):
    def function(model, folder):
        save(model, folder / f"model{suffix}")
        return load(folder / f"model{suffix}")

    return function


WAYS = {
    "keras": by_file(sa.save_model, sa.load_model, ".keras"),
    "h5": by_file(sa.save_model, sa.load_model, ".h5"),
    "json": lambda model, _: sa.model_from_json(sa.model_to_json(model)),
    "clone": lambda model, _: sa.clone_model(model),
    "recursive clone": lambda model, _: sa.clone_model(model, recursive=True),
    "convert": lambda model, _: sa.convert(model),
    "to_stock": lambda model, _: sa.to_stock(model),
}


@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built:UserWarning")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", EMPTY)
def test_models_without_layers_or_weights_go_every_way(kind, way, tmp_path):
    """Keras's ``clone_model`` ends in an IndexError for a Sequential without layers; compiled ones stay compiled."""
    model = EMPTY[kind]()
    made = WAYS[way](model, tmp_path)

    assert (type(made), made.name, made.built) == (type(model), model.name, model.built)
    assert way == "to_stock" or len(made.layers) == len(model.layers)
    assert made.weights == model.weights == []


def test_an_empty_clone_is_compiled_and_takes_inputs():
    """The clone of a model without layers is compiled, keeps its flags, and may be given inputs."""
    model = keras.Sequential([], trainable=False)
    model.compile("sgd", "mse")
    clone = sa.clone_model(model)
    assert clone.compiled
    assert isinstance(clone.optimizer, keras.optimizers.SGD)
    assert not clone.trainable
    placed = sa.clone_model(keras.Sequential([]), input_tensors=keras.Input((4,)))
    assert [type(layer) for layer in placed._layers] == [keras.layers.InputLayer]


def make_block(**options):
    @sa.serializable_activation(package="cloning")
    class Block(keras.Model):
        def __init__(self, activation=None, gate_activation=None, **kwargs):
            super().__init__(**kwargs)
            self.dense = keras.layers.Dense(4)
            self.activation = keras.activations.get(activation)
            self.gate_activation = sa.get(gate_activation)

        def call(self, x):
            return self.gate_activation(self.activation(self.dense(x)))

    return Block(**options)


@pytest.mark.parametrize(
    "make",
    [
        lambda: functools.partial(keras.ops.gelu, approximate=False),
        lambda: keras.ops.sin,
        keras.layers.PReLU,
        lambda: keras.Sequential([keras.layers.PReLU()]),
        lambda: functools.partial(keras.layers.BatchNormalization(), training=False),
    ],
    ids=["partial", "function", "weights", "sequential", "layer with keywords"],
)
def test_a_model_of_a_users_class_that_is_a_layer_of_another_is_cloned(make):
    """A decorated model among a model's layers is cloned with its activations, whatever they are."""
    inputs = keras.Input((4,))
    model = keras.Model(inputs, make_block(activation=make(), gate_activation="tanh")(inputs))
    randomize(model, np.random.default_rng(1))
    clone = copy_weights(model, sa.clone_model(model))
    np.testing.assert_array_equal(numpy(clone), numpy(model))
