"""Every row of the catalog, proved numerically on the running backend: signatures, values, gradients and dtypes."""

import functools
import importlib
import inspect
import re
from importlib import metadata

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import OperationForm, write
from serialactivation.codec.functions import PartialActivation, read_function
from serialactivation.codec.known_functions.libraries import find_function, load_function
from serialactivation.errors import (
    ActivationConfigError,
    UncallableActivationError,
    UnknownActivationError,
    UnserializableActivationError,
)
from tests.helpers.natives import LIBRARY, gradient, is_same_program, native

pytestmark = pytest.mark.usefixtures("optimized")

VERSION = tuple(map(int, keras.__version__.split(".")[:2]))


# Whether the installed library is older than the release whose signatures the catalog holds.
OLDER_JAX = LIBRARY == "jax.nn" and tuple(map(int, metadata.version("jax").split(".")[:2])) < (0, 10)


def is_newer(function):
    """Return whether the installed Keras, or JAX, is older than *function*."""
    if function.library == LIBRARY and OLDER_JAX:
        return not hasattr(importlib.import_module(LIBRARY), function.name)
    return function.since is not None and tuple(map(int, function.since.split("."))) > VERSION


LISTED = [f for library in ("keras.activations", "keras.ops", LIBRARY) for f in catalog.LIBRARIES[library].values()]
FUNCTIONS = [function for function in LISTED if not is_newer(function)]
WITH_OPERATION = [f for f in FUNCTIONS if f.operation is not None and not is_newer(catalog.find_operation(f.operation))]
INEXACT = [function for function in WITH_OPERATION if not function.exact]
DTYPES = ("float32", "float16", "bfloat16")

X = np.concatenate([np.linspace(-8, 8, 89), [0.0, -0.0, 1e-6, -1e-6, 40.0, -40.0, 6.0]]).astype("float32")
X = X.reshape(4, 24)

# What a formula meets at its edges: no row may say "the same" of functions that differ there.
SPECIAL = np.array(
    [
        *(np.inf, -np.inf, np.nan, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0, 6.0),
        *(20.0, 20.1, -20.0, 88.8, -88.8, 1e-30, -1e-30, 1e-40, 3e4, -3e4, 1e30, -1e30),
    ],
    "float32",
).reshape(4, 6)


def inputs_of(function):
    """Return what to compare at; along an axis, one NaN makes all results NaN. Of one shape: JAX compiles once."""
    if {"axis", "dim"} & function.defaults.keys():
        return X, np.concatenate([np.roll(SPECIAL, place, axis=1) for place in range(4)], axis=1)
    return (np.concatenate([X, SPECIAL], axis=1),)


# Other values than the defaults, to compare at.
OTHERS = {
    "alpha": 0.6,
    "approximate": None,
    "axis": 0,
    "b": 2,
    "beta": 1.7,
    "dim": 0,
    "lambd": 0.8,
    "max_val": 2.5,
    "max_value": 2.5,
    "min_val": -2.5,
    "negative_slope": 0.35,
    "threshold": 0.8,
}


def keywords_of(function):
    """Return keyword sets to compare at: the defaults, and other values of each keyword that can be translated."""
    required = {
        key: -1 if key == "dim" else 0.3 for key, default in function.defaults.items() if default == catalog.REQUIRED
    }
    yield required
    for key, default in function.defaults.items():
        if key in OTHERS and not (default == catalog.REQUIRED and key != "dim"):
            keywords = {**required, key: _other(key, default)}
            if function.translate(keywords) is not None:
                yield keywords


def _other(key, default):
    if key == "approximate":
        return "tanh" if isinstance(default, str) else not default
    return OTHERS[key]


PAIRS = [
    pytest.param(function, keywords, id=f"{function.path}({keywords})")
    for function in WITH_OPERATION
    if function.exact
    for keywords in keywords_of(function)
]


def tensor(values, dtype):
    return keras.ops.cast(keras.ops.convert_to_tensor(values), dtype)


def numbers(result):
    """Return a tensor of any dtype as float32, which holds each of its values."""
    return keras.ops.convert_to_numpy(keras.ops.cast(result, "float32"))


def stored_form(function, keywords):
    return read_function(OperationForm(function.operation, function.translate(keywords)))


def same_bits(first, second):
    """Return whether two arrays hold the same values; 0.0 is not -0.0, any NaN is NaN."""
    signs = np.signbit(first) == np.signbit(second)
    return np.array_equal(first, second, equal_nan=True) and bool(np.all(signs | np.isnan(first)))


def read_signature(function):
    """Return the keywords and defaults that the installed function shows, or None: PyTorch's built-ins show none."""
    try:
        parameters = dict(list(inspect.signature(load_function(function)).parameters.items())[1:])
    except ValueError:
        return None
    return {key: catalog.REQUIRED if p.default is p.empty else p.default for key, p in parameters.items()}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.path)
def test_the_function_is_public_and_has_these_defaults(function):
    """The installed library has it, under this name, with these keywords."""
    assert find_function(load_function(function)) is not None
    known = read_signature(function)
    if known is None:
        return
    if LIBRARY == "torch.nn.functional" and function.defaults.get("dim") == catalog.REQUIRED:
        assert known.pop("dim") is None  # deprecated: PyTorch guesses an axis, with a warning
    if function.name == "gumbel_softmax":
        assert known == dict(function.defaults)
    for key in known.keys() & function.defaults.keys():
        assert known[key] == function.defaults[key]
    if not function.library.startswith("jax"):
        assert known.keys() | {"dim"} == function.defaults.keys() | {"dim"}


# Another draw at each call.
RANDOM = {"gumbel_softmax", "rrelu"}
WITH_DEFAULTS = [f for f in FUNCTIONS if f.defaults and catalog.REQUIRED not in f.defaults.values()]


@pytest.mark.parametrize("function", [f for f in WITH_DEFAULTS if f.name not in RANDOM], ids=lambda f: f.path)
def test_the_defaults_are_what_is_computed(function):
    """It takes the keywords of the catalog, shown in a signature or not, and computes the same with its defaults."""
    inputs = tensor(X, "float32")
    loaded = load_function(function)
    assert same_bits(numbers(loaded(inputs)), numbers(loaded(inputs, **function.defaults)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("function", "keywords"), PAIRS)
def test_its_operation_computes_the_same_to_the_bit(function, keywords, dtype):
    """Values, at infinities, NaN and denormals too, and gradients: training goes on as it went."""
    given, back = PartialActivation(load_function(function), keywords), stored_form(function, keywords)
    for values in inputs_of(function):
        inputs = tensor(values, dtype)
        if not is_same_program(given, back, inputs):
            assert given(inputs).dtype == back(inputs).dtype
            assert same_bits(*(numbers(call(inputs)) for call in (given, back)))
            assert same_bits(*(numbers(gradient(call, inputs)) for call in (given, back)))


def test_another_program_is_computed():
    """Programs differ as what they compute does."""
    leaky = [functools.partial(keras.activations.leaky_relu, negative_slope=slope) for slope in (0.1, 0.2)]
    assert not is_same_program(*leaky, tensor(X, "float32"))


def test_what_is_not_exact_differs_and_is_close():
    """It is stored by its name; what stands for it on other backends computes the same to 1e-5 in float32."""
    for function in INEXACT:
        see_inexact(function)


def see_inexact(function):
    keywords = next(iter(keywords_of(function)))
    given, near = PartialActivation(load_function(function), keywords), stored_form(function, keywords)

    def differ(measure):
        return not all(same_bits(*(numbers(measure(call, tensor(X, d))) for call in (given, near))) for d in DTYPES)

    assert differ(lambda call, inputs: call(inputs)) or differ(gradient)
    assert np.allclose(*(numbers(call(tensor(X, "float32"))) for call in (given, near)), rtol=1e-5, atol=1e-5)
    assert sa.serialize(functools.partial(load_function(function), **keywords))["class_name"] == "PartialActivation"


def test_a_builtin_without_an_operation_computes_the_same():
    """It is stored by that name."""
    for function in (f for f in FUNCTIONS if f.builtin is not None):
        builtin = keras.activations.get(function.builtin)
        for dtype in DTYPES:
            inputs = tensor(SPECIAL, dtype)
            assert same_bits(numbers(load_function(function)(inputs)), numbers(builtin(inputs))), function.path
        assert sa.serialize(load_function(function)) == function.builtin


# Before 3.11, stock Keras had other names for what a Threshold is made with, and in its functions these.
RENAMED = {"threshold"} if VERSION < (3, 11) else set()
READ = [f for f in WITH_OPERATION if f.library == "keras.ops" and f.name not in RENAMED]


@pytest.mark.parametrize("function", READ, ids=lambda f: f.path)
def test_stock_keras_reads_the_operation(function):
    """The operation's config is Keras's own: it loads without this package."""
    keywords = next(iter(keywords_of(function)))
    config = {
        "module": function.operation.module,
        "class_name": function.operation.class_name,
        "config": function.complete(keywords),
        "registered_name": function.operation.class_name,
    }
    operation = keras.saving.deserialize_keras_object(config)
    inputs = tensor(X, "float32")
    assert same_bits(numbers(operation(inputs)), numbers(load_function(function)(inputs, **keywords)))


def test_every_activation_of_keras_is_listed():
    """A Keras release with a new activation fails here."""
    public = {
        name
        for name in dir(keras.activations)
        if callable(getattr(keras.activations, name)) and name not in ("get", "serialize", "deserialize")
    }
    listed = {name for name, function in catalog.LIBRARIES["keras.activations"].items() if not is_newer(function)}
    assert public - set(catalog.ALIASES) == listed


@pytest.mark.parametrize("function", [f for f in LISTED if f.since], ids=lambda f: f.path)
def test_what_keras_lacks_is_refused_with_the_version_that_has_it(function):
    """A function that is newer than the installed Keras is neither given nor read, and the error says what has it."""
    is_activation = function.library == "keras.activations"
    if not is_newer(function):
        assert hasattr(keras.activations if is_activation else keras.ops, function.name)
        return
    if is_activation:
        with pytest.raises(UnknownActivationError) as refused:
            sa.layers.Dense(3, activation=function.name)
        assert refused.value.since == function.since
    if catalog.find_operation(function.operation).library == function.library:
        with pytest.raises(ActivationConfigError, match=f"Upgrade Keras to {re.escape(function.since)} or newer"):
            sa.deserialize(write(OperationForm(function.operation, function.complete({}))))


def test_a_function_without_its_operation_is_stored_by_name():
    """Where the installed Keras lacks the operation that equals a backend's function, the function itself is stored."""
    equal_on_the_newest = [f for f in catalog.LIBRARIES[LIBRARY].values() if f.operation is not None and f.exact]
    for function in equal_on_the_newest:
        if not is_newer(catalog.find_operation(function.operation)) or catalog.REQUIRED in function.defaults.values():
            continue
        stored = sa.serialize(load_function(function))
        assert stored["config"]["function"]["config"] == function.name
        assert find_function(sa.deserialize(stored).function) is function


# Public names of the backends' modules that are activations in their documentation; those left out need a second
# tensor (prelu) or work in place (relu_).
KNOWN = {
    "jax.nn": """celu elu gelu glu hard_sigmoid hard_silu hard_swish hard_tanh identity leaky_relu log1mexp log_sigmoid
        log_softmax mish relu relu6 selu sigmoid silu soft_sign softmax softplus sparse_plus sparse_sigmoid squareplus
        standardize swish tanh""",
    "torch.nn.functional": """celu elu gelu glu gumbel_softmax hardshrink hardsigmoid hardswish hardtanh leaky_relu
        log_softmax logsigmoid mish relu relu6 rrelu selu sigmoid silu softmax softmin softplus softshrink softsign tanh
        tanhshrink threshold""",
    "tf.nn": """crelu elu gelu leaky_relu log_softmax relu relu6 selu sigmoid silu softmax softplus softsign swish
        tanh""",
}


@pytest.mark.parametrize("library", KNOWN)
def test_every_known_activation_of_a_backend_is_listed(library):
    """The closed lists have what the backends call activations, and the installed one has each of them."""
    assert set(KNOWN[library].split()) == set(catalog.LIBRARIES[library])


def test_aliases_are_keras():
    """A second name means what it means to Keras."""
    for alias, name in catalog.ALIASES.items():
        assert keras.activations.get(alias) is getattr(keras.activations, name)


def test_what_is_dropped_must_hold_its_default():
    """A keyword without an equal in the operation rules the operation out, and so does an unknown one."""
    softmax = catalog.LIBRARIES["jax.nn"]["softmax"]
    assert softmax.translate({"axis": 1}) == {"axis": 1}
    assert softmax.translate({"where": 3}) is None
    assert softmax.translate({"new": 3}) is None


def test_values_may_mean_something_else_elsewhere():
    """PyTorch names the approximation where Keras has a flag, and TensorFlow's None is the last axis."""
    gelu = catalog.LIBRARIES["torch.nn.functional"]["gelu"]
    assert gelu.translate({}) == {"approximate": False}
    assert gelu.translate({"approximate": "tanh"}) == {"approximate": True}
    assert gelu.translate({"approximate": "other"}) is None
    assert catalog.LIBRARIES["tf.nn"]["softmax"].translate({}) == {"axis": -1}


def test_logits_are_kept_apart():
    """keras.activations.softmax and sigmoid stand for themselves: losses make use of what they leave on the tensor."""
    for name in ("softmax", "sigmoid"):
        assert catalog.LIBRARIES["keras.activations"][name].operation is None


REQUIRING = [f for f in FUNCTIONS if catalog.REQUIRED in f.defaults.values()]


def test_a_missing_keyword_is_refused_with_the_line_to_write():
    """A function that no layer could call is found out when it is given."""
    for function in REQUIRING:
        with pytest.raises(UncallableActivationError) as caught:
            sa.layers.Dense(2, activation=load_function(function))
        assert caught.value.cure.startswith(f"functools.partial({function.path}, ")


def test_a_keyword_that_the_backend_does_not_know_is_refused():
    """Functions without a signature too: the catalog knows their keywords."""
    with pytest.raises(UnserializableActivationError, match="no keyword 'nothing'"):
        sa.get(functools.partial(native("gelu"), nothing=1))


def test_what_is_stored_of_each_function_is_trusted(tmp_path):
    """Alone, and with each of its keywords, in one model that Keras saves."""
    inputs = keras.Input((2, 4))
    given = [
        functools.partial(load_function(function), **keywords)
        for function in FUNCTIONS
        for keywords in keywords_of(function)
        if function.name != "gumbel_softmax"  # another draw at each call
    ]
    model = keras.Model(inputs, [sa.layers.Activation(activation)(inputs) for activation in given])
    model.save(tmp_path / "model.keras")

    stored = [layer["config"]["activation"] for layer in model.get_config()["layers"][1:]]
    modules = {one["module"] for one in stored if isinstance(one, dict)}
    assert modules >= {"keras.src.activations.activations", "keras.src.ops.nn"}
    assert sa.untrusted(tmp_path / "model.keras") == ()
    again = sa.load_model(tmp_path / "model.keras", trusted=())
    rows = X.reshape(-1, 2, 4)[:8]
    for before, after in zip(model(rows), again(rows), strict=True):
        assert same_bits(numbers(before), numbers(after))
