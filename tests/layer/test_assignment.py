"""What is assigned after construction follows the constructor's rules, or is refused."""

import copy
import functools
import random

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationAssignmentError, UnknownActivationError, UnserializableActivationError
from tests.helpers.round_trips import revive
from tests.matrix.layers import DecoratedGated, DecoratedNested
from tests.matrix.values import bent

X = np.random.default_rng(3).normal(size=(4, 5)).astype("float32")

STATELESS = {
    "name": "tanh",
    "ops": keras.ops.gelu,
    "registered": bent,
    "partial": functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
    "layer": keras.layers.LeakyReLU(negative_slope=0.4),
}


def assert_comes_back(layer, inputs=X):
    layer(inputs)
    revived = revive(layer)
    revived(inputs)
    revived.set_weights(layer.get_weights())
    assert np.array_equal(keras.ops.convert_to_numpy(layer(inputs)), keras.ops.convert_to_numpy(revived(inputs)))


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("value", STATELESS.values(), ids=STATELESS)
def test_a_stateless_activation_may_be_assigned(value, built):
    """The layer computes with an assigned activation without weights, which comes back."""
    before = keras.layers.ReLU()
    layer = sa.layers.Dense(3, activation=before, kernel_initializer="ones")
    if built:
        layer.build((None, 5))
    layer.activation = value

    expected = sa.get(value)(keras.ops.matmul(X, np.ones((5, 3), "float32")))
    assert np.allclose(keras.ops.convert_to_numpy(layer(X)), keras.ops.convert_to_numpy(expected), rtol=1e-6)
    assert_comes_back(layer)
    assert before not in layer._flatten_layers()


@sa.serializable_activation(package="assignment", fields=[sa.ActivationField(name="activation", key="act")])
class Renamed(keras.layers.Layer):
    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)

    def call(self, inputs):
        return self.activation(inputs)


def test_a_field_under_another_key_may_be_assigned():
    """A field with another key is assigned by its name, and stored under the key."""
    layer = Renamed()
    with pytest.raises(UnserializableActivationError):
        layer.activation = lambda x: x
    layer.activation = keras.ops.gelu
    assert layer.get_config()["act"]["class_name"] == "Gelu"
    assert_comes_back(layer)


@pytest.mark.parametrize("value", [lambda x: x, keras.layers.Activation(keras.ops.gelu)])
def test_what_the_constructor_refuses_is_refused(value):
    """An assignment of what the constructor refuses is refused at once, and changes nothing."""
    layer = sa.layers.Dense(3, activation="relu", name="head")
    before = layer.get_config()
    with pytest.raises(UnserializableActivationError) as caught:
        layer.activation = value
    assert (caught.value.layer, caught.value.field) == ("Dense 'head'", "activation")
    with pytest.raises(UnknownActivationError):
        layer.activation = "reluu"
    assert layer.get_config() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (keras.layers.PReLU, lambda: "tanh"),
        (lambda: "tanh", keras.layers.PReLU),
        (keras.layers.PReLU, keras.layers.PReLU),
    ],
    ids=["out", "into", "over"],
)
def test_weights_neither_come_nor_go_in_a_built_layer(before, after):
    """A built layer refuses an assignment that would add, remove or replace weights; an unbuilt one accepts it."""
    layer = sa.layers.Dense(3, activation=before(), name="head")
    layer.build((None, 5))
    with pytest.raises(ActivationAssignmentError) as caught:
        layer.activation = after()
    assert (caught.value.layer, caught.value.field) == ("head", "activation")

    layer = sa.layers.Dense(3, activation=before())
    layer.activation = after()
    layer.build((None, 5))
    assert len(layer.weights) == 2 + (after is keras.layers.PReLU)
    assert_comes_back(layer)


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("name", ["activation", "recurrent_activation"])
def test_a_recurrent_layer_takes_it_through_its_cell(name, built):
    """``lstm.activation`` shows that of the cell, also after an assignment."""
    layer = sa.layers.LSTM(3)
    inputs = np.random.default_rng(1).normal(size=(2, 3, 4)).astype("float32")
    if built:
        layer(inputs)
    before = keras.ops.convert_to_numpy(layer(inputs)) if built else None
    setattr(layer, name, keras.ops.gelu)

    assert getattr(layer.cell, name) is getattr(layer, name)
    assert before is None or not np.allclose(keras.ops.convert_to_numpy(layer(inputs)), before)
    assert_comes_back(layer, inputs)


def test_a_cells_own_attribute_is_checked_as_the_config_is_written():
    """``get_config`` checks what was assigned to a stock cell inside a layer of ours."""
    layer = sa.layers.LSTM(3)
    layer.cell.activation = keras.ops.gelu
    assert layer.get_config()["activation"]["class_name"] == "Gelu"
    layer.cell.activation = lambda x: x
    with pytest.raises(UnserializableActivationError):
        layer.get_config()


def test_raw_attributes_stay_raw():
    """Where the constructor keeps a name, an assigned name stays one."""

    @sa.serializable_activation(package="assignment")
    class Raw(keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def call(self, inputs):
            return keras.activations.get(self.activation)(inputs)

    layer = Raw()
    layer.activation = "tanh"
    assert layer.activation == "tanh"
    assert_comes_back(layer)


def test_an_attribute_that_nothing_calls_is_refused():
    """An assignment is refused in a layer that passes its activation to a sublayer, which would keep the old one."""
    layer = DecoratedNested(3, activation="relu")
    with pytest.raises(ActivationAssignmentError, match="no attribute of this name"):
        layer.activation = "tanh"


def fixing(parent, init, package):
    """Return a subclass of *parent* whose constructor passes its activation up in the way of *init*."""

    class Fixes(parent):
        def __init__(self, units, **kwargs):
            init(super().__init__, units, kwargs)

    return sa.serializable_activation(package=f"fixing_{package}_{parent.__module__.split('.')[0]}")(Fixes)


FIXED = {
    "keyword": lambda up, units, kwargs: up(units, activation="relu", **kwargs),
    "position": lambda up, units, kwargs: up(units, "relu", **kwargs),
    "put in": lambda up, units, kwargs: up(units, **{**kwargs, "activation": "relu"}),
}
TAKEN = {
    "default": lambda up, units, kwargs: up(units, **{"activation": "relu", **kwargs}),
    "left": lambda up, units, kwargs: up(units, **kwargs),
}


@pytest.mark.parametrize("parent", [sa.layers.Dense, keras.layers.Dense], ids=["twin", "stock"])
@pytest.mark.parametrize("way", FIXED)
def test_what_a_subclass_fixes_is_refused(way, parent):
    """An assignment of another activation than the one that the constructor fixes is refused."""
    layer = fixing(parent, FIXED[way], way)(3)
    with pytest.raises(ActivationAssignmentError, match="sets 'activation' itself"):
        layer.activation = "tanh"
    assert_comes_back(layer)
    layer.activation = "relu"
    assert_comes_back(layer)


@pytest.mark.parametrize("parent", [sa.layers.Dense, keras.layers.Dense], ids=["twin", "stock"])
def test_what_a_constructor_cannot_take_is_refused(parent):
    """An activation other than the fixed one is refused, because a load would make the layer with the fixed one."""

    class Takes(parent):
        def __init__(self, units):
            super().__init__(units, activation="relu")

    layer = sa.serializable_activation(package=f"taking_{parent.__module__.split('.')[0]}")(Takes)(3)
    with pytest.raises(ActivationAssignmentError, match="sets 'activation' itself"):
        layer.activation = keras.activations.tanh
    layer.activation = layer.activation
    assert_comes_back(layer)


@pytest.mark.parametrize("parent", [sa.layers.Dense, keras.layers.Dense], ids=["twin", "stock"])
@pytest.mark.parametrize("way", TAKEN)
def test_what_a_subclass_only_defaults_to_is_replaced(way, parent):
    """An assigned activation replaces a default, also where the constructor does not name the argument."""
    kind = fixing(parent, TAKEN[way], way)
    for activation in ("tanh", keras.layers.LeakyReLU(negative_slope=0.4), keras.layers.PReLU()):
        layer = kind(3)
        state = random.getstate()
        layer.activation = activation
        assert random.getstate() == state
        assert layer.activation is keras.activations.get(activation)
        assert_comes_back(layer)


def test_lists_changed_in_place_are_stored_as_they_are():
    """Items that are assigned or appended come back, and ``get_config`` refuses one that would be lost."""

    @sa.serializable_activation(package="assignment")
    class Many(keras.layers.Layer):
        def __init__(self, activations=(), **kwargs):
            super().__init__(**kwargs)
            self.activations = list(activations)

        def call(self, inputs):
            for activation in self.activations:
                inputs = sa.get(activation)(inputs)
            return inputs

    layer = Many(["relu", "linear"])
    layer.activations.append(keras.layers.PReLU(alpha_initializer="ones"))
    layer.activations[0] = keras.ops.gelu
    assert_comes_back(layer)
    layer.activations[1] = lambda x: x
    with pytest.raises(UnserializableActivationError):
        layer.get_config()


def test_an_activation_changed_inside_is_met_as_the_config_is_written():
    """``get_config`` refuses an activation that was changed inside, if it would be lost."""
    inner = keras.layers.Activation("relu")
    layer = sa.layers.Dense(3, activation=inner)
    inner.activation = keras.ops.gelu
    with pytest.raises(UnserializableActivationError, match="stock Activation"):
        layer.get_config()

    grown = keras.Sequential([keras.layers.PReLU()])
    layer = sa.layers.Dense(3, activation=grown)
    grown.add(keras.layers.Activation(keras.ops.gelu))
    with pytest.raises(UnserializableActivationError):
        layer.get_config()


def test_one_field_of_several_is_assigned():
    """An assignment to one field leaves the other as it is."""
    layer = DecoratedGated(3, activation="relu", gate_activation=keras.ops.gelu)
    layer.activation = "tanh"
    assert layer.get_config()["activation"] == "tanh"
    assert layer.get_config()["gate_activation"]["class_name"] == "Gelu"
    assert_comes_back(layer)


@pytest.mark.parametrize("make", [lambda: sa.layers.Dense(3, "relu"), lambda: sa.layers.LSTM(3, "relu")])
def test_each_name_that_is_assigned_is_written(make):
    """The config has the activation that was assigned last, a name, a function or None, in a copy too."""
    layer = make()
    for value, stored in (("tanh", "tanh"), (keras.activations.silu, "silu"), (None, None)):
        layer.activation = value
        assert layer.get_config()["activation"] == stored
    layer.activation = "elu"
    copied = copy.deepcopy(layer)
    copied.activation = "selu"
    assert (layer.get_config()["activation"], copied.get_config()["activation"]) == ("elu", "selu")
    layer.activation = keras.layers.LeakyReLU(negative_slope=0.3)
    assert layer.get_config()["activation"]["class_name"] == "LeakyReLU"


@pytest.mark.parametrize("holder", [lambda layer: layer, lambda layer: layer.cell], ids=["Dense", "LSTM"])
def test_what_is_put_past_setattr_is_written(holder, request):
    """The config has what the layer computes with, however it was set."""
    layer = getattr(sa.layers, request.node.callspec.id)(3, "relu")
    vars(holder(layer))["activation"] = keras.activations.tanh
    assert layer.get_config()["activation"] == "tanh"


def test_a_config_that_an_author_keeps_is_not_changed():
    """The dict that an author's ``get_config`` returns is not changed."""
    kept = {"units": 3, "activation": "kept by its author"}

    @sa.serializable_activation(package="assignment")
    class Keeps(keras.layers.Dense):
        def get_config(self):
            return kept

    assert Keeps(3, "relu").get_config()["activation"] == "relu"
    assert kept == {"units": 3, "activation": "kept by its author"}


def test_a_layer_that_is_older_than_the_decorator_writes_its_config():
    """A layer that was made before its class was decorated writes its config."""

    class Plain(keras.layers.Dense):
        pass

    layer = Plain(3, "tanh")
    sa.serializable_activation(package="assignment")(Plain)
    assert layer.get_config()["activation"] == "tanh"
