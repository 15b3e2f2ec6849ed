"""Every row of the catalog, proved numerically: signatures, values, gradients and dtypes."""

import inspect

import jax
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import catalog
from serialactivation.errors import ActivationConfigError, UnknownActivationError
from serialactivation.functions import PartialActivation, find_function, load_function, read_function
from serialactivation.notation import OperationForm, write

INSTALLED = ("keras.activations", "keras.ops", "jax.nn")
VERSION = tuple(map(int, keras.__version__.split(".")[:2]))


def is_newer(function):
    """Tell whether the installed Keras is older than *function*."""
    return function.since is not None and tuple(map(int, function.since.split("."))) > VERSION


LISTED = [function for library in INSTALLED for function in catalog.LIBRARIES[library].values()]
FUNCTIONS = [function for function in LISTED if not is_newer(function)]
WITH_OPERATION = [f for f in FUNCTIONS if f.operation is not None and not is_newer(catalog.find_operation(f.operation))]

X = (
    np.concatenate([np.linspace(-8, 8, 61), [0.0, -0.0, 1e-6, -1e-6, 40.0, -40.0, 6.0]])
    .astype("float32")
    .reshape(4, 17)
)
X = np.concatenate([X, X[:, :1]], axis=1)


def keywords_of(function):
    """Return keyword sets to compare at: the defaults, and other values of each keyword."""
    required = {key: 0.3 for key, default in function.defaults.items() if default == catalog.REQUIRED}
    yield required
    others = {
        "alpha": 0.6,
        "approximate": None,
        "axis": 0,
        "b": 2,
        "max_value": 2.5,
        "negative_slope": 0.35,
        "threshold": 0.8,
    }
    for key, default in function.defaults.items():
        if key in others and default != catalog.REQUIRED:
            yield {**required, key: (not default) if key == "approximate" else others[key]}


PAIRS = [
    pytest.param(function, keywords, id=f"{function.path}({keywords})")
    for function in WITH_OPERATION
    for keywords in keywords_of(function)
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.path)
def test_the_function_is_public_and_has_these_defaults(function):
    """The installed library has it, under this name, with these keywords."""
    loaded = load_function(function)
    parameters = dict(list(inspect.signature(loaded).parameters.items())[1:])
    known = {key: catalog.REQUIRED if p.default is p.empty else p.default for key, p in parameters.items()}

    assert find_function(loaded) is not None
    for key, default in function.defaults.items():
        assert known[key] == default
    if not function.library.startswith("jax"):
        assert known == dict(function.defaults)


@pytest.mark.parametrize(("function", "keywords"), PAIRS)
def test_its_operation_computes_the_same_to_the_bit(function, keywords):
    """Values and dtype, in float32 and in bfloat16."""
    stored = read_function(OperationForm(function.operation, function.translate(keywords)))
    for dtype in ("float32", "bfloat16"):
        inputs = keras.ops.convert_to_tensor(X, dtype=dtype)
        given, back = load_function(function)(inputs, **keywords), stored(inputs)
        assert given.dtype == back.dtype
        assert np.array_equal(np.asarray(given, "float32"), np.asarray(back, "float32"), equal_nan=True)


@pytest.mark.parametrize(("function", "keywords"), PAIRS)
def test_its_operation_has_the_same_gradient(function, keywords):
    """Training goes on as it went."""
    stored = read_function(OperationForm(function.operation, function.translate(keywords)))
    gradients = [
        jax.grad(lambda x, call=call: call(x).sum())(X)
        for call in (PartialActivation(load_function(function), keywords), stored)
    ]
    assert np.allclose(*gradients, rtol=1e-6, atol=1e-7, equal_nan=True)


@pytest.mark.parametrize("function", [f for f in WITH_OPERATION if f.library == "keras.ops"], ids=lambda f: f.path)
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
    expected = load_function(function)(X, **keywords)
    assert np.array_equal(np.asarray(operation(X)), np.asarray(expected), equal_nan=True)


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
        with pytest.raises(ActivationConfigError, match=f"Keras {function.since} has"):
            sa.deserialize(write(OperationForm(function.operation, function.complete({}))))


def test_a_function_without_its_operation_is_stored_by_name():
    """Where the installed Keras lacks the operation that equals a function of JAX, the function itself is stored."""
    lacks = is_newer(catalog.LIBRARIES["keras.ops"]["celu"])
    layer = sa.layers.Dense(3, activation=jax.nn.celu)
    config = layer.get_config()["activation"]

    assert (config == "celu") != lacks
    assert np.array_equal(sa.deserialize(config)(X), jax.nn.celu(X))


def test_aliases_are_keras():
    """A second name means what it means to Keras."""
    for alias, name in catalog.ALIASES.items():
        assert keras.activations.get(alias) is getattr(keras.activations, name)


def test_what_is_dropped_must_hold_its_default():
    """A keyword without an equal in the operation rules the operation out."""
    softmax = catalog.LIBRARIES["jax.nn"]["softmax"]
    assert softmax.translate({"axis": 1}) == {"axis": 1}
    assert softmax.translate({"where": 3}) is None


def test_values_may_mean_something_else_elsewhere():
    """PyTorch names the approximation where Keras has a flag."""
    gelu = catalog.LIBRARIES["torch.nn.functional"]["gelu"]
    assert gelu.translate({}) == {"approximate": False}
    assert gelu.translate({"approximate": "tanh"}) == {"approximate": True}
    assert gelu.translate({"approximate": "other"}) is None


def test_logits_are_kept_apart():
    """keras.activations.softmax and sigmoid stand for themselves: losses make use of what they leave on the tensor."""
    for name in ("softmax", "sigmoid"):
        assert catalog.LIBRARIES["keras.activations"][name].operation is None
