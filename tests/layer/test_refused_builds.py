"""A build that is refused where Keras drops errors: the refusal comes at the next chance, and nothing goes on unbuilt.

Keras runs a model without a build on abstract tensors before it calls it, and builds a model that it loads: what either
raises, it drops.
"""

import types

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationBuildError

X = np.full((2, 3), 2, "float32")
IGNORED = ("ignore:`build\\(\\)` was called on layer", "ignore:Layer .* looks like it has unbuilt state")


class Stock(keras.Model):
    """No model of ours, and without a build; one activation is for two widths."""

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.first = sa.layers.Dense(4, activation=activation)
        self.last = sa.layers.Dense(3, activation=activation, name="last")

    def call(self, inputs):
        return self.last(self.first(inputs))


class Ours(sa.SerializableActivationMixin, Stock, package="refused_builds"):
    """It has no build either."""


class Building(sa.SerializableActivationMixin, Stock, package="refused_builds"):
    """Its build builds the first layer, which can be built but once."""

    def build(self, input_shape):
        self.first.build(input_shape)
        self.last.build((None, 4))


class Outer(keras.Model):
    def __init__(self, activation, inner=Stock, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner(activation)

    def call(self, inputs):
        return self.inner(inputs)


class Inside(Outer):
    """What is refused is inside a layer with a build of its own."""

    def __init__(self, activation, **kwargs):
        super().__init__(activation, Building, **kwargs)


def trained(model, method):
    model.compile("sgd", "mse")
    getattr(model, method)(*(X, X)[: 1 + (method == "fit")], verbose=0)


WAYS = {
    "call": lambda model: model(X),
    "symbolic call": lambda model: model(keras.Input((3,))),
    "predict": lambda model: trained(model, "predict"),
    "fit": lambda model: trained(model, "fit"),
    "built first": lambda model: (model.build((None, 3)), model(X)),
    "called again": lambda model: [model(X) for _ in range(2) if not tried(model)],
}


def tried(model):
    with pytest.raises(ActivationBuildError):
        model(X)


@pytest.mark.filterwarnings(*IGNORED)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model_class", [Stock, Ours, Outer, Inside])
def test_a_refusal_in_a_first_run_reaches_the_user(model_class, way):
    """A refusal reaches the user with its cure, in every way to run a model for the first time."""
    kinds = (
        (ActivationBuildError, RuntimeError) if way == "fit" else ActivationBuildError
    )  # older Kerases: with its text
    with pytest.raises(kinds, match=r"fit only one of.*\n(Give each layer|Share its weights)"):
        WAYS[way](model_class(keras.layers.PReLU()))


@pytest.mark.filterwarnings(*IGNORED)
def test_a_layer_that_tells_its_shape_is_refused_in_a_graph():
    """A layer that computes its own shape, which Keras does not run in a graph, is refused there."""

    @sa.serializable_activation(package="refused_builds")
    class Sized(Inside):
        def __init__(self, activation):
            super().__init__(activation)

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], 3)

    with pytest.raises(ActivationBuildError, match="fit only one of"):
        keras.Sequential([keras.Input((3,)), Sized(keras.layers.PReLU())])


@sa.serializable_activation(package="refused_builds")
class Eager(keras.Model):
    """Its call cannot be traced, but runs; what it applies stands in an object that Keras does not look into."""

    def __init__(self, activation=None, config=None, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Dense(3)
        self.config, self.parts = config, types.SimpleNamespace(activation=activation)

    def call(self, inputs):
        if float(inputs[0, 0]) != 2:  # PyTorch has numbers in its place of an abstract tensor, and they are ones
            raise ValueError("it is made for these numbers")
        applied = self.parts.activation or self.config.applied_activation or self.config.head
        return applied(self.first(inputs))


HIDDEN = {
    "argument": lambda: Eager(keras.layers.PReLU()),
    "member": lambda: Eager(None, types.SimpleNamespace(applied_activation=keras.layers.PReLU())),
    "layer": lambda: Eager(None, types.SimpleNamespace(applied_activation=None, head=keras.layers.Dense(3))),
}


@pytest.mark.parametrize("make", HIDDEN.values(), ids=HIDDEN)
def test_what_keras_leaves_to_run_has_its_weights_where_they_are_saved(make):
    """A model whose call cannot be traced is refused, because the weights of its activation might not be saved."""
    with pytest.raises(ActivationBuildError, match=r"Assign it to an attribute|made for these numbers"):
        make()(X)


def test_what_has_nothing_to_save_runs():
    """A ReLU, which has nothing to save, runs in the place of a PReLU."""
    assert Eager(keras.layers.ReLU())(X).shape == (2, 3)


def test_a_refusal_in_a_load_is_no_warning():
    """A refusal in a load is an error, where Keras warns only, and would load the model without weights."""

    @sa.serializable_activation(package="refused_builds")
    class Scaling(keras.Model):
        def __init__(self, config, **kwargs):
            super().__init__(**kwargs)
            self.config = config

        def build(self, input_shape):
            self.scale = self.add_weight(shape=(1,), name="scale")

        def call(self, inputs, factor):
            return self.config.head(inputs * self.scale * factor)

    model = Scaling(types.SimpleNamespace(head=keras.layers.Dense(3)))
    with (
        pytest.raises(ActivationBuildError, match="cannot be traced"),
        pytest.warns(UserWarning, match="cannot be built automatically"),
    ):
        model.build_from_config({"input_shape": (None, 3)})


def test_a_layer_can_be_called_after_a_refusal():
    """A layer can be called on an input that fits after a refusal, and has its weights once."""
    shared = keras.layers.PReLU()
    keras.Sequential([keras.Input((5, 3)), sa.layers.Dense(4, activation=shared)])
    layer = sa.layers.Dense(4, activation=shared)
    with pytest.raises(ActivationBuildError, match="fit only one of"):
        layer(keras.Input((6, 3)))
    assert not layer.built
    layer(keras.Input((5, 3)))
    assert [tuple(weight.shape) for weight in layer.weights] == [(3, 4), (4,), (5, 4)]
