"""The ready-made layers: Keras's own in every respect but one."""

import functools
import inspect
import json
import re

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.versions import is_newer
from serialactivation.errors import UncallableActivationError
from serialactivation.spec.fields import constructor_parameters
from tests.helpers.processes import run_bare
from tests.helpers.round_trips import revive
from tests.matrix.cells import make_model
from tests.matrix.layers import CASES, CASES_BY_NAME
from tests.matrix.values import NESTING, OLD

TWINS = [case for case in CASES if hasattr(sa.layers, case.layer)]


def public_layers():
    """Return Keras's public layers, each class once: several have two names."""
    values = [getattr(keras.layers, name) for name in dir(keras.layers)]
    return {value.__name__: value for value in values if isinstance(value, type) and issubclass(value, keras.Layer)}


def test_every_layer_of_keras_with_an_activation_has_a_twin():
    """Every public layer of the installed Keras with an activation among its arguments has a twin."""
    with_fields = {name for name, layer_class in public_layers().items() if sa.activation_fields(layer_class)}

    assert set(sa.layers.__all__) == with_fields
    assert {case.layer for case in CASES if hasattr(sa.layers, case.layer)} == with_fields


def test_no_argument_for_an_activation_has_an_unknown_name():
    """No layer of Keras has an activation in an argument whose name the search for fields would not find."""
    for layer_class in public_layers().values():
        arguments = {parameter.name for parameter in constructor_parameters(layer_class)}
        fields = {field.name for field in sa.activation_fields(layer_class)}
        assert not {name for name in arguments - fields if "activation" in name}
        source = inspect.getsource(layer_class.__init__)
        assert {match[1] for match in re.finditer(r"activations\.get\((\w+)\)", source)} <= fields


# A module of PyTorch's lists its attributes itself.
@pytest.mark.parametrize("name", sa.layers.__all__)
def test_signature_docstring_and_name_are_keras(name):
    """``help()`` and an editor show for a layer what they show for Keras's layer."""
    ours, stock = getattr(sa.layers, name), getattr(keras.layers, name)

    assert issubclass(ours, stock)
    assert inspect.signature(ours.__init__) == inspect.signature(stock.__init__)
    assert ours.__doc__ == stock.__doc__
    assert ours.__name__ == name
    assert keras.saving.get_registered_name(ours) == f"serialactivation>{name}"


# PyTorch's own LSTM calls its activation past the cell, which the stock layer's path then leaves out.
PAST_THE_CELL = ("lstm_cell/p_re_lu", "p_re_lu") if keras.config.backend() == "torch" else ("", "")


# TimeDistributed runs its layer's call outside the layer's scope: stock Keras then leaves the layer's name out.
# Bidirectional copies its layer by a config, which an older stock layer cannot read.
WRAPPERS = ("TimeDistributed", "Bidirectional") if OLD else ("TimeDistributed",)


@pytest.mark.parametrize("case", [c for c in TWINS if not c.name.startswith(WRAPPERS)], ids=lambda case: case.name)
def test_weight_paths_are_keras(case):
    """Names, order and paths of the weights are the stock layer's, the activation's included."""
    paths = []
    for library in ("stock", "ours"):
        keras.utils.clear_session(free_memory=False)
        model = make_model(case, library, keras.layers.PReLU(shared_axes=None))
        model(np.ones((1, *case.shape), "float32"))
        paths.append([variable.path.replace(*PAST_THE_CELL) for variable in model.weights])

    assert paths[0] == paths[1]
    assert any("alpha" in path for path in paths[1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_sizes_may_be_edited_in_a_config(case):
    """A layer whose size was edited in its config is built for the new size, with its activation."""
    wider = case.name in ("Nested", "Activation")
    shape = (*case.shape[:-1], case.shape[-1] + wider)
    activation = keras.Sequential([keras.layers.PReLU(), NESTING(keras.layers.PReLU())])
    layer = case.make("ours", activation)
    layer(np.ones((2, *case.shape), "float32"))
    config = json.loads(json.dumps(layer.get_config()))
    for key in ("units", "filters", "depth_multiplier"):
        if key in config:
            config[key] = 6
    revived = type(layer).from_config(config)

    output = revived(np.ones((2, *shape), "float32"))
    assert not np.isnan(keras.ops.convert_to_numpy(output)).any()


def test_configs_hold_the_base_config():
    """Name, dtype and trainable are Keras's, and survive."""
    layer = sa.layers.Dense(3, keras.ops.gelu, name="head", trainable=False, dtype="bfloat16")
    revived = revive(layer)

    assert (revived.name, revived.trainable, revived.dtype_policy.name) == ("head", False, "bfloat16")


_PRINT_CONFIG = """
import functools, json, keras, serialactivation as sa
shared = keras.layers.PReLU()
model = keras.Sequential([
    keras.Input((4,)),
    sa.layers.Dense(3, activation=shared),
    sa.layers.Dense(3, activation=keras.Sequential([keras.layers.PReLU(), keras.layers.LeakyReLU()])),
    sa.layers.Dense(3, activation=functools.partial(keras.activations.softmax, axis=-1)),
    sa.layers.Dense(3, activation=keras.ops.gelu),
    sa.layers.Dense(3, activation=keras.src.ops.nn.Gelu()),
])
print(json.dumps(model.get_config()))
"""


def test_configs_are_the_same_bytes_in_two_processes():
    """Two processes write the same config for a model: it has no addresses, counters or orders of sets."""
    first, second = (run_bare(_PRINT_CONFIG, hash_seed=seed) for seed in (1, 2))

    assert first == second
    assert "shared_object_id" not in first


def test_a_partial_is_called_with_its_keywords():
    """What a partial computes in the layer is what functools computes."""
    partial = functools.partial(keras.activations.relu, negative_slope=0.1, max_value=0.5)
    layer = sa.layers.Activation(partial)
    inputs = np.linspace(-2, 2, 9, dtype="float32")

    assert np.array_equal(
        keras.ops.convert_to_numpy(layer(inputs)),
        keras.ops.convert_to_numpy(partial(keras.ops.convert_to_tensor(inputs))),
    )


@pytest.mark.parametrize("mode", ["int8", "float8"])
def test_quantize_works_on_a_fresh_layer(mode):
    """An activation with weights is there before the first call, as quantize needs it."""
    layer = sa.layers.Dense(3, activation=keras.layers.PReLU())
    layer.build((None, 4))
    layer.quantize(mode)

    assert keras.ops.convert_to_numpy(layer(np.ones((2, 4), "float32"))).shape == (2, 3)


def test_cases_are_found_by_name():
    """The matrix has one case a name."""
    assert len(CASES_BY_NAME) == len(CASES)


class Conv1x1(sa.layers.Conv2D):
    """A subclass that fixes an argument of its parent, and passes the others on."""

    def __init__(self, filters, **kwargs):
        super().__init__(filters, 1, **kwargs)


class HiddenDense(sa.layers.Dense):
    """A subclass that gives its parent an activation under another name."""

    def __init__(self, units, hidden_activation=None, **kwargs):
        super().__init__(units, activation=hidden_activation, **kwargs)


def test_a_subclass_may_fix_arguments_of_its_parent():
    """Arguments that a constructor passes to its parent by itself are not in the config."""
    layer = Conv1x1(3, activation=keras.ops.gelu, padding="same")
    revived = revive(layer)
    assert (revived.kernel_size, revived.padding) == ((1, 1), "same")
    assert revived.get_config()["activation"]["class_name"] == "Gelu"

    hidden = HiddenDense(3, keras.ops.gelu, use_bias=False)
    config = json.loads(json.dumps(hidden.get_config()))
    assert "activation" not in config
    again = HiddenDense.from_config(config)
    assert (again.use_bias, again.get_config()) == (False, hidden.get_config())


@pytest.mark.parametrize("case", [case for case in TWINS if case.name == case.layer], ids=lambda case: case.name)
def test_a_config_is_keras(case):
    """The config of a layer with a name for its activation is that of the stock layer, key by key."""
    stock, ours = (case.make(library, "relu").get_config() for library in ("stock", "ours"))
    lost = ours.keys() - stock.keys()  # by Keras, before 3.15
    assert lost <= ({"output_padding"} if is_newer("3.15", keras.__version__) else set())
    assert {key: ours[key] for key in stock} == stock


@pytest.mark.parametrize("value", [3, 2.5, True, ["relu"], ("relu",), {"gate": "relu"}])
@pytest.mark.parametrize(
    "make",
    [
        lambda value: sa.layers.Dense(3, activation=value),
        lambda value: sa.layers.LSTM(3, recurrent_activation=value),
        lambda value: sa.layers.Activation(value),
    ],
    ids=["Dense", "LSTM", "Activation"],
)
def test_what_is_no_activation_is_refused(make, value):
    """A ready-made layer refuses several activations and anything else that is not one."""
    with pytest.raises(UncallableActivationError) as caught:
        make(value)
    assert caught.value.value == value


def test_a_subclass_may_take_several():
    """A subclass may accept several activations, and use them in its own way."""

    class TakesSeveral(sa.layers.Dense):
        def __init__(self, units, activation=("relu",), **kwargs):
            super().__init__(units, **kwargs)
            self.branches = activation

    assert TakesSeveral(3, ("relu", "tanh")).get_config()["activation"]["items"] == ["relu", "tanh"]
