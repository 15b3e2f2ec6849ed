"""The codec: what is given, what is passed on, what is stored, what comes back."""

import functools
import json
import random

import attrs
import keras
import numpy as np
import pytest
from hypothesis import given

import serialactivation as sa
from serialactivation.codec.codec import decode_container, encode_container
from serialactivation.codec.functions import PartialActivation
from serialactivation.errors import (
    ActivationConfigError,
    RedefinedActivationWarning,
    UnknownActivationError,
    UnserializableActivationError,
)
from tests.helpers import strategies
from tests.helpers.natives import TANH, native
from tests.matrix.values import ACCEPTED, OLD, REFUSED, Cubed, bent

X = np.linspace(-3.0, 3.0, 24, dtype="float32").reshape(4, 6)


def compute(activation):
    return keras.ops.convert_to_numpy(activation(keras.ops.convert_to_tensor(X)))


@given(strategies.activations())
def test_decode_undoes_encode(activation):
    """What comes back computes the same, to the bit, and is stored the same."""
    stored = json.loads(json.dumps(sa.serialize(activation)))
    revived = sa.deserialize(stored)

    assert np.array_equal(compute(sa.get(activation)), compute(sa.get(revived)), equal_nan=True)
    if stored is not None and stored not in ("swish", "hard_swish"):
        assert sa.serialize(revived) == stored


@given(strategies.activations())
def test_encoding_twice_is_encoding_once(activation):
    """A stored form that is given again is stored as it was."""
    stored = sa.serialize(activation)

    assert sa.serialize(stored) == stored


@given(strategies.activations())
def test_only_json_types_are_stored(activation):
    """Nothing but JSON's types: no tuple, no NumPy scalar."""
    assert is_json(sa.serialize(activation))


def is_json(value):
    if isinstance(value, dict):
        return all(type(key) is str and is_json(item) for key, item in value.items())
    if type(value) is list:
        return all(map(is_json, value))
    return value is None or type(value) in (bool, int, float, str)


@given(strategies.activations())
def test_order_of_keys_is_irrelevant(activation):
    """A config whose keys have been sorted the other way round says the same."""
    stored = sa.serialize(activation)

    assert sa.serialize(reverse_keys(stored)) == stored


def reverse_keys(value):
    if isinstance(value, dict):
        return {key: reverse_keys(value[key]) for key in reversed(list(value))}
    return [reverse_keys(item) for item in value] if isinstance(value, list) else value


@given(strategies.containers())
def test_containers_come_back_as_they_were(value):
    """Lists stay lists, tuples tuples, dicts dicts, however they are nested."""
    stored = json.loads(json.dumps(encode_container(value)))

    assert decode_container(stored) == value


@pytest.mark.parametrize("value", ACCEPTED, ids=lambda value: value.id)
def test_every_accepted_value_survives_serialize(value):
    """Each value of the matrix is stored as JSON and read back to a callable."""
    activation = value.make((None, 6))
    stored = json.loads(json.dumps(sa.serialize(activation)))

    assert callable(sa.get(stored))


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: value.id)
def test_every_refused_value_is_refused_with_its_cure(value):
    """What would be lost is refused by get and serialize alike, and the message says what to write."""
    activation = value.make((None, 6))
    for function in (sa.get, sa.serialize):
        with pytest.raises(sa.ActivationError) as caught:
            function(activation)
        assert "Write instead:\n    " in str(caught.value) or "Did you mean" in str(caught.value)


STORED = [
    (keras.activations.gelu, "gelu"),
    (keras.ops.relu, "relu"),
    (keras.ops.exp, "exponential"),
    (functools.partial(keras.ops.gelu, approximate=False), "gelu"),
    (functools.partial(keras.activations.leaky_relu, negative_slope=0.2), "leaky_relu"),
    (native("silu"), "silu"),
]


@pytest.mark.parametrize(
    ("activation", "name"), STORED, ids=[name + str(index) for index, (_, name) in enumerate(STORED)]
)
def test_a_name_is_the_first_choice(activation, name):
    """What a built-in computes to the bit is stored by its name."""
    assert sa.serialize(activation) == name


GELU = {
    "module": "keras.src.ops.nn",
    "class_name": "Gelu",
    "config": {"approximate": True},
    "registered_name": "Gelu",
}


@pytest.mark.parametrize(
    "activation",
    [
        keras.ops.gelu,
        functools.partial(native("gelu"), approximate=TANH),
        functools.partial(keras.activations.gelu, approximate=True),
    ],
    ids=["ops", "backend", "partial"],
)
def test_an_operation_is_the_second_choice(activation):
    """Keywords go into Keras's own operation config, which stock Keras reads to the same bits."""
    assert sa.serialize(activation) == GELU
    assert np.array_equal(compute(sa.deserialize(GELU)), compute(activation))
    if OLD:  # its operations are there, and its layers cannot read one
        stock = keras.saving.deserialize_keras_object(GELU)
    else:
        stock = keras.layers.Dense.from_config({"units": 2, "activation": GELU}).activation
    assert np.array_equal(compute(stock), compute(activation))


def test_softmax_with_keywords_keeps_its_function():
    """keras.activations.softmax leaves its logits to the loss, keras.ops.softmax does not: they are kept apart."""
    partial = sa.serialize(functools.partial(keras.activations.softmax, axis=1))

    assert partial["config"] == {"function": "softmax", "keywords": {"axis": 1}}
    assert sa.serialize(keras.ops.softmax)["class_name"] == "Softmax"


def test_get_is_like_keras():
    """None is the identity, a name its function, a callable itself."""
    assert sa.get(None) is keras.activations.linear
    assert sa.get("swish") is keras.activations.silu
    assert sa.get(keras.activations.tanh) is keras.activations.tanh


def test_registered_names_are_resolved():
    """``package>name`` means the registered function, or a registered class's instance made from its config."""
    assert sa.get("matrix>bent") is bent
    assert sa.get(sa.serialize(Cubed(0.5))).weight == 0.5


def test_short_configs_are_read():
    """The short form of a built-in, as older files have it, is its name."""
    assert sa.get({"class_name": "relu", "config": {}}) is keras.activations.relu


def test_partials_of_partials_are_one():
    """Later keywords win, as in functools."""
    inner = functools.partial(keras.activations.relu, negative_slope=0.1, max_value=3.0)
    bound = sa.get(functools.partial(sa.get(inner), max_value=4.0))

    assert isinstance(bound, PartialActivation)
    assert bound.keywords == {"negative_slope": 0.1, "max_value": 4.0}


def test_numpy_keywords_become_python_numbers():
    """A NumPy scalar keeps its exact value; an array is refused."""
    stored = sa.serialize(functools.partial(keras.activations.leaky_relu, negative_slope=np.float32(0.1)))
    assert stored["config"]["negative_slope"] == float(np.float32(0.1))

    with pytest.raises(UnserializableActivationError, match="negative_slope"):
        sa.get(functools.partial(keras.activations.leaky_relu, negative_slope=np.ones(2)))


def test_unknown_keywords_are_refused():
    """A keyword that the function does not have is met at once, with those it has."""
    with pytest.raises(UnserializableActivationError, match=r"no keyword 'slope'.*negative_slope"):
        sa.get(functools.partial(keras.activations.relu, slope=0.1))


def test_positional_arguments_of_a_partial_are_refused():
    """They take the tensor's place."""
    with pytest.raises(UnserializableActivationError, match="positional argument"):
        sa.get(functools.partial(keras.activations.leaky_relu, 0.1))


NEAR = [
    ("reluu", "relu"),
    ("leakyrelu", "leaky_relu"),
    ("Gelu", "gelu"),
    ("PReLU", "keras.layers.PReLU()"),
    ("matrix>bend", "matrix>bent"),
]


@pytest.mark.parametrize(("name", "near"), NEAR)
def test_mistyped_names_propose_the_near_ones(name, near):
    """The error has the names most like the one given."""
    with pytest.raises(UnknownActivationError) as caught:
        sa.get(name)

    assert near in caught.value.near


def half_tanh(x):
    return keras.ops.tanh(x) / 2


def test_a_function_in_a_scope_is_stored_by_the_scopes_name():
    """A custom_object_scope in force names a function, under whichever key."""
    with keras.saving.custom_object_scope({"halved": half_tanh}):
        stored = sa.serialize(half_tanh)
        assert sa.deserialize(stored) is half_tanh
    assert stored["config"] == "halved"
    assert sa.deserialize(stored, custom_objects={"halved": half_tanh}) is half_tanh

    with pytest.raises(ActivationConfigError, match="halved"):
        sa.deserialize(stored)


def test_a_shadowed_name_is_refused():
    """A built-in's name that a custom object has taken would mean one thing now and another in a file."""
    with keras.saving.custom_object_scope({"relu": half_tanh}):
        with pytest.raises(UnserializableActivationError, match="hides the built-in"):
            sa.get("relu")
        with pytest.raises(UnserializableActivationError):
            sa.get(half_tanh)
    assert sa.get("relu") is keras.activations.relu


def test_a_function_whose_name_was_registered_again_is_refused():
    """Its name means the later function now."""

    def first(x):
        return x

    def second(x):
        return -x

    for function in (first, second):
        keras.saving.register_keras_serializable(package="codec_test", name="twice")(function)

    assert sa.deserialize(sa.serialize(second)) is second
    with pytest.raises(UnserializableActivationError):
        sa.get(first)


def test_a_registered_lambda_survives():
    """Once it has a name, a lambda is a function like any other."""
    doubled = keras.saving.register_keras_serializable(package="codec_test", name="doubled")(lambda x: x * 2)

    assert sa.deserialize(sa.serialize(doubled))(3) == 6


PARTIAL = {"class_name": "PartialActivation", "registered_name": "serialactivation>PartialActivation"}


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "neither a name nor an object"),
        ({"class_name": "function", "config": 3}, "the config of a function must be its name"),
        ({"class_name": "function", "config": "lost>fn", "module": "m"}, "no function is registered"),
        ({"class_name": "Lost", "config": {}, "module": "m", "registered_name": "m>Lost"}, "Could not .* class"),
        ({**PARTIAL, "config": {}}, "must have a function"),
        ({"class_name": "Dense", "module": "keras.optimizers", "config": {}, "registered_name": None}, "Dense"),
    ],
)
def test_damaged_configs_get_one_clear_error(config, reason):
    """Whatever is wrong with it, a config that cannot be read raises an ActivationError."""
    with pytest.raises(sa.ActivationError, match=reason):
        sa.deserialize(config)


def test_a_file_cannot_name_what_is_not_listed():
    """Only functions of the closed list are imported, whatever module a config names."""
    with pytest.raises(ActivationConfigError, match="no function is registered"):
        sa.deserialize({"class_name": "function", "module": "os", "config": "system", "registered_name": "system"})


def test_errors_tell_the_facts_as_attributes():
    """The value and the reason are there to be read by a program."""
    with pytest.raises(UnserializableActivationError) as caught:
        sa.get(np.tanh)

    assert caught.value.value is np.tanh
    assert caught.value.cure == "keras.ops.tanh"
    assert attrs.asdict(caught.value)["layer"] is None


def test_a_config_nested_too_deep_gets_a_clear_error():
    """A hostile file cannot exhaust the stack."""
    config = functools.reduce(lambda inner, _: [inner], range(5000), "relu")
    with pytest.raises(ActivationConfigError, match="too deeply"):
        decode_container(config)


def quarter(shape, dtype=None):
    return keras.ops.full(shape, 0.25, dtype)


class MainInitializer(keras.initializers.Initializer):
    __module__ = "__main__"

    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype)


@pytest.mark.parametrize(
    ("initializer", "name"), [(quarter, "quarter"), (MainInitializer(), "MainInitializer")], ids=["function", "class"]
)
def test_what_an_activation_holds_must_be_registered_too(initializer, name):
    """An unregistered initializer, function or class, in a module or in a script, would be met at the load."""
    with pytest.raises(UnserializableActivationError, match=f"'{name}' inside it is not registered"):
        sa.get(keras.layers.PReLU(alpha_initializer=initializer))


def test_functions_of_keras_beyond_the_list_are_refused():
    """A function that Keras would not find again is refused with a way around."""
    with pytest.raises(UnserializableActivationError, match="cannot store this function by name"):
        sa.get(keras.ops.normalize)


def define_swish(factor=1.5):
    """Define and register a function, as a notebook's cell does."""

    @keras.saving.register_keras_serializable(package="cells")
    def swishy(x):
        return x * keras.ops.sigmoid(factor * x)

    return swishy


def test_a_function_defined_again_is_the_same():
    """Running a notebook's cell twice leaves what was made before as good as it was."""
    first, _ = define_swish(), define_swish()

    assert sa.serialize(first)["config"] == "cells>swishy"


def test_a_changed_function_is_stored_with_a_warning():
    """A trained model can be saved after its cell was changed; a new layer is not given the old function."""
    old = define_swish(1.5)
    layer = sa.layers.Dense(3, activation=old)
    define_swish(3.0)

    with pytest.warns(RedefinedActivationWarning, match="cells>swishy"):
        assert layer.get_config()["activation"]["config"] == "cells>swishy"
    with pytest.raises(UnserializableActivationError):
        sa.layers.Dense(3, activation=old)


@keras.saving.register_keras_serializable(package="codec_test")
class Halfway:
    """It tells its arguments, and cannot be made from them."""

    def __call__(self, x):
        return x

    def get_config(self):
        return {}


def test_an_object_without_from_config_is_refused():
    """Keras would find that out in the load."""
    with pytest.raises(UnserializableActivationError, match="from_config"):
        sa.get(Halfway())


@keras.saving.register_keras_serializable(package="codec")
def tells_tuples(x, axes=None):
    return x * (2.0 if isinstance(axes, tuple) else 1.0)


@pytest.mark.parametrize("axes", [(1, 2), [1, 2], ((1,), [2])])
def test_keywords_stay_what_they_are(axes):
    """A tuple is no list, in life and after a round trip."""
    partial = functools.partial(tells_tuples, axes=axes)
    revived = sa.deserialize(json.loads(json.dumps(sa.serialize(partial))))
    assert sa.get(partial).keywords == revived.keywords == {"axes": axes}


def test_a_tuple_for_an_operation_stays_one():
    """Stock Keras reads a list from an operation's config, so the function is stored with its keywords."""
    partial = functools.partial(keras.ops.log_softmax, axis=(0, 1))
    revived = sa.deserialize(json.loads(json.dumps(sa.serialize(partial))))
    x = np.random.default_rng(1).normal(size=(2, 3)).astype("float32")
    assert np.array_equal(keras.ops.convert_to_numpy(revived(x)), keras.ops.convert_to_numpy(partial(x)))


def test_a_closure_over_an_array_is_compared_by_identity():
    """Registered twice with different arrays, the first is still distinguished from the second."""

    def make(table):
        @keras.saving.register_keras_serializable(package="codec")
        def lookup(x):
            return x * table

        return lookup

    first = make(np.ones(4, "float32"))
    sa.layers.Dense(4, activation=first)
    make(np.zeros(4, "float32"))
    with pytest.raises(UnserializableActivationError):
        sa.get(first)


def test_positional_values_of_a_partial_are_written_by_keyword_in_the_cure():
    """The line to write is the user's own."""
    with pytest.raises(UnserializableActivationError) as caught:
        sa.get(functools.partial(keras.activations.elu, 2.0))
    assert caught.value.cure == "functools.partial(keras.activations.elu, alpha=2.0)"


def test_a_decorated_function_that_is_registered_inside_tells_where_to_register():
    """The decorator above hides the registered function."""

    @keras.saving.register_keras_serializable(package="codec")
    def twice(x):
        return x * 2

    decorated = functools.wraps(twice)(lambda x: twice(x))  # as jax.jit does it
    with pytest.raises(UnserializableActivationError) as caught:
        sa.get(decorated)
    assert "@jax.jit" in caught.value.cure


def test_damage_of_any_kind_gets_one_typed_error():
    """Every part of every stored form, taken out or replaced: it is read, or refused by name; nothing else."""
    forms = [
        sa.serialize(value)
        for value in (
            "gelu",
            keras.ops.gelu,
            keras.layers.PReLU(),
            keras.Sequential([keras.layers.PReLU()]),
            functools.partial(keras.layers.BatchNormalization(), training=False),
            functools.partial(bent, amount=0.8),
        )
    ]
    junk = [None, 0, -1.5, "", "relu", [], {}, [1], True, {"class_name": "__slice__", "config": {}}, "builtins", "os"]
    generator = random.Random(5)
    read = refused = 0
    for form in forms:
        for path in list(_paths(form)):
            for value in generator.sample(junk, 4):
                try:
                    sa.deserialize(_replace(form, path, value))
                    read += 1
                except sa.ActivationError:
                    refused += 1
    assert read > 50
    assert refused > 200


def _paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


def _replace(value, path, new):
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = _replace(copied[path[0]], path[1:], new)
    return copied
