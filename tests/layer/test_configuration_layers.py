"""Layers that are no activations inside configuration objects: their weights are those of the layer that calls them."""

import copy
import pickle
import types

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationBuildError
from tests.helpers.configured_layers import (
    KINDS,
    Applying,
    Attributes,
    Automatic,
    Base,
    Building,
    Kept,
    Plain,
    Returned,
    Spread,
    StockKept,
)
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(2, 4)).astype("float32")


def dense():
    return keras.layers.Dense(4)


def block():
    return keras.Sequential([keras.layers.Dense(4), keras.layers.BatchNormalization()])


def make(*layers):
    model = keras.Sequential([keras.Input((4,)), *layers])
    randomize(model, np.random.default_rng(4))
    return model


def out(model):
    return keras.ops.convert_to_numpy(model(X))


def with_weights(clone, model):
    clone.set_weights(model.get_weights())
    return clone


WAYS = {
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "deepcopy": copy.deepcopy,
    "clone": lambda model: with_weights(keras.models.clone_model(model), model),
}

READ = """
import pathlib, sys
import keras, numpy as np
from tests.helpers import configured_layers
folder = pathlib.Path(sys.argv[1])
saved = np.load(folder / "saved.npz")
for suffix in ("keras", "h5"):
    model = keras.models.load_model(folder / f"model.{suffix}")
    print(len(model.weights), np.array_equal(keras.ops.convert_to_numpy(model(saved["inputs"])), saved["outputs"]))
"""

CASES = [
    *((Automatic, make_object, dense) for make_object in KINDS.values()),
    *((Building, KINDS[kind], dense) for kind in ("nested", "user_dict")),
    *((Applying, KINDS[kind], block) for kind in ("dataclass", "namespace")),
    *((Returned, KINDS[kind], block) for kind in ("dataclass", "in_a_dict", "of_a_list")),
    (Spread, Attributes, dense),
]


def test_their_weights_come_back(tmp_path):
    """The weights of layers in an object come back to the bit, in both formats, a new process and each copy."""
    layers = [layer_class(make_object(make_layer())) for layer_class, make_object, make_layer in CASES]
    model = make(*layers)
    assert [len(layer.weights) for layer in layers] == [weights_of(case) for case in CASES]
    outputs = out(model)
    np.savez(tmp_path / "saved.npz", inputs=X, outputs=outputs)
    for suffix in ("keras", "h5"):
        model.save(tmp_path / f"model.{suffix}")
    assert run_python(READ, str(tmp_path)).splitlines() == [f"{len(model.weights)} True"] * 2
    for way, copied in WAYS.items():
        assert np.array_equal(out(copied(model)), outputs), way


def weights_of(case):
    return {dense: 2, block: 6}[case[2]] + (case[0] is Building)


def test_a_model_that_is_no_part_of_another(tmp_path):
    """A model without a build and a get_config is built by a call, by its build, or by what trains it."""
    for build in (
        lambda model: model(X),
        lambda model: model.build((None, 4)),
        lambda model: model.fit(X, X, verbose=0),
    ):
        model = Applying(Plain(dense()))
        model.compile("sgd", "mse")
        build(model)
        assert len(model.trainable_weights) == 2
        model.save(tmp_path / "model.keras")
        assert np.array_equal(out(keras.models.load_model(tmp_path / "model.keras")), out(model))


@pytest.mark.parametrize("kind", ["dataclass", "named", "namespace", "in_a_dict"])
def test_what_is_an_attribute_too_is_tracked_once(kind):
    """A layer that is an attribute too is tracked once: the weights and their order are those of stock Keras."""
    ours, stock = (make(layer_class(KINDS[kind](dense()))) for layer_class in (Kept, StockKept))
    assert places_of_head(ours.layers[0]) == places_of_head(stock.layers[0])


def places_of_head(layer):
    return [inner is layer.head for inner in layer._flatten_layers(include_self=False)]


def test_a_layer_in_two_objects_stays_shared(tmp_path):
    """A layer in two objects, or twice in one, stays one layer in the formats that keep shared objects."""

    @sa.serializable_activation(package="configuration_layers")
    class Twice(Base):
        def call(self, inputs):
            first, second = self.config.head
            return first(second(inputs))

    shared, twice = dense(), keras.layers.Dense(4)
    model = make(Automatic(Plain(shared)), Building(Plain(shared)), Twice(Plain([twice, twice])))
    assert len(model.weights) == 5
    model.save(tmp_path / "model.keras")
    sa.save_model(model, tmp_path / "model.h5")
    for revived in (
        keras.models.load_model(tmp_path / "model.keras"),
        sa.load_model(tmp_path / "model.h5"),
        with_weights(sa.clone_model(model), model),
    ):
        assert len(revived.weights) == 5
        assert np.array_equal(out(revived), out(model))


def test_what_a_layer_does_not_call_is_none_of_its():
    """A layer has the weights of what it calls, and no others."""

    @sa.serializable_activation(package="configuration_layers")
    class Choosing(keras.layers.Layer):
        def __init__(self, parts, **kwargs):
            super().__init__(**kwargs)
            self.chosen = types.SimpleNamespace(**parts)

        def call(self, inputs):
            return self.chosen.head(inputs)

    model = make(Choosing({"other": dense(), "head": dense()}))
    assert len(model.weights) == 2
    assert np.array_equal(out(WAYS["pickle"](model)), out(model))


class Scaled(keras.layers.Layer):
    """Its author's config knows nothing of the variable's value, and its call reads a layer's weight."""

    def __init__(self, parts, **kwargs):
        super().__init__(**kwargs)
        self.parts = parts

    def call(self, inputs):
        self.parts.steps.assign(self.parts.steps + 1)
        return keras.ops.matmul(inputs * self.parts.scale, self.parts.head.kernel)

    def get_config(self):
        return super().get_config()

    @classmethod
    def from_config(cls, config):
        return cls(make_parts(), **config)


def make_parts():
    head = dense()
    head.build((None, 4))
    steps = keras.Variable(0.0, trainable=False)
    return types.SimpleNamespace(scale=keras.Variable(np.ones(4, "float32")), steps=steps, unread=steps + 1, head=head)


def test_what_a_call_reads_out_of_an_object_comes_back(tmp_path):
    """A variable that a call reads or sets, and the weights of a layer that it does not call, come back."""
    layer = sa.serializable_activation(package="configuration_layers")(type("Scaling", (Scaled,), {}))(make_parts())
    model = make(layer)
    assert len(layer.trainable_weights) == 3
    assert len(layer.non_trainable_weights) == 1
    for suffix in ("keras", "h5"):
        model.save(tmp_path / f"model.{suffix}")
        revived = keras.models.load_model(tmp_path / f"model.{suffix}")
        assert np.array_equal(out(revived), out(model))
        assert float(revived.layers[0].parts.steps) == float(layer.parts.steps)


def test_an_object_with_many_layers_is_looked_at_at_once():
    """The layers in an object are looked at once, however many they are, and not inside each other."""
    layers = [keras.layers.Dense(4, use_bias=False) for _ in range(400)]
    assert len(make(Automatic(Plain([*layers, dense()]))).weights) == 1


def test_a_call_that_cannot_be_traced_is_refused():
    """A call that cannot be traced is refused, because the weights of a layer that it applies might not be saved."""

    class Opaque(Automatic):
        def call(self, inputs):
            if float(inputs[0, 0]) != 2:  # PyTorch has ones in the place of abstract tensors
                raise ValueError("it is made for these numbers")
            return super().call(inputs)

    for run in (lambda layer: layer.build((None, 4)), lambda layer: layer(keras.Input((4,)))):
        with pytest.raises(
            ActivationBuildError, match=r"cannot build layer .*\n.*self\.layer = config\.head"
        ) as refused:
            run(Opaque(Plain(dense())))
        assert (refused.value.kind, refused.value.field) == ("layer", "config.head")
