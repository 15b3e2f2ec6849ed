"""Every row of the catalog, proved numerically: signatures, values, gradients and dtypes."""

import inspect

import jax
import keras
import numpy as np
import pytest

from serialactivation import catalog
from serialactivation.functions import PartialActivation, find_function, load_function, read_function
from serialactivation.notation import OperationForm

INSTALLED = ("keras.activations", "keras.ops", "jax.nn")
FUNCTIONS = [function for library in INSTALLED for function in catalog.LIBRARIES[library].values()]
WITH_OPERATION = [function for function in FUNCTIONS if function.operation is not None]

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
    assert public - set(catalog.ALIASES) == set(catalog.LIBRARIES["keras.activations"])


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
