"""The formulas compared with the functions of Keras: the whole catalog, and the layers that are activations."""

import keras
import numpy as np
import pytest

from serialactivation.catalog.functions import LIBRARIES, REQUIRED
from serialactivation.catalog.versions import is_newer
from serialactivation.curves.formulas import FORMULAS, NOT_OF_ONE_VALUE, prelu
from serialactivation.curves.stored import Curve, Learned, NoCurve, find_curve

X = np.concatenate([np.linspace(-9.013, 9, 182), [1e-3, -1e-3, 30, -30]]).astype("float32")
KERAS = {
    function.path: function
    for library in ("keras.activations", "keras.ops")
    for function in LIBRARIES[library].values()
    if function.since is None or not is_newer(function.since, keras.__version__)
}
VALUES = {
    "alpha": (0.7, 1.3),
    "approximate": (True, False),
    "b": (0.5, 4),
    "default_value": (-1.5,),
    "max_value": (None, 6, 2.5),
    "negative_slope": (0.0, 0.3, 0.9),
    "threshold": (0.0, 0.8),
}
LAYERS = {
    "ELU": keras.layers.ELU(alpha=0.6),
    "LeakyReLU": keras.layers.LeakyReLU(negative_slope=0.15),
    "ReLU": keras.layers.ReLU(negative_slope=0.1, max_value=3.0, threshold=0.5),
    "Identity": keras.layers.Identity(),
    "Activation": keras.layers.Activation("selu"),
}


def combine(function):
    """Return keywords with which a function is called: its defaults, and each other value of each keyword."""
    required = {key: VALUES[key][0] for key, value in function.defaults.items() if value == REQUIRED}
    others = [{key: value} for key in function.defaults if key in VALUES for value in VALUES[key]]
    both = [{"negative_slope": 0.3, "max_value": 2.5, "threshold": 0.8}] if "max_value" in function.defaults else []
    return [{**required, **one} for one in ({}, *others, *both)]


def compute(path, keywords, x=X):
    library, _, name = path.rpartition(".")
    function = getattr(keras.activations if library == "keras.activations" else keras.ops, name)
    with np.errstate(all="ignore"):  # of Keras's NumPy backend, where a function is not defined
        return keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(x), **keywords))


def find(path, keywords):
    """Return the curve of a function by its path, from the form in which this package stores it."""
    library, _, name = path.rpartition(".")
    function = {"module": library, "class_name": "function", "config": name, "registered_name": name}
    return find_curve(
        {
            "module": "serialactivation",
            "class_name": "PartialActivation",
            "config": {"function": function, "keywords": keywords},
            "registered_name": "serialactivation>PartialActivation",
        }
    )


@pytest.mark.parametrize("path", KERAS)
def test_a_formula_computes_what_keras_computes(path):
    """Each function of the catalog has a formula that agrees with Keras, or is said not to be of one value."""
    if KERAS[path].name in NOT_OF_ONE_VALUE:
        assert isinstance(find(path, {}), NoCurve)
        return
    for keywords in combine(KERAS[path]):
        curve = find(path, keywords)
        assert isinstance(curve, Curve), (path, keywords)
        np.testing.assert_allclose(
            curve.compute(X.astype("float64")).astype("float32"), compute(path, keywords), rtol=1e-5, atol=1e-6
        )


def test_what_has_no_curve_depends_on_more_than_one_value():
    """Of a function that is said not to be of one value, another third input changes the first output."""
    x, other = np.array([[2.0, 0.0, 0.5, 0.25], [2.0, 0.0, 3.0, 0.25]], "float32")
    paths = [path for path, function in KERAS.items() if function.name in NOT_OF_ONE_VALUE]
    assert len(paths) > 2
    assert not [path for path in paths if compute(path, {}, x)[0] == compute(path, {}, other)[0]]


@pytest.mark.once
def test_every_function_of_the_catalog_is_known():
    """Those of the backends, too: each has a curve, or a reason for having none."""
    for library, functions in LIBRARIES.items():
        for name, function in functions.items():
            required = {key: 0.5 for key, value in function.defaults.items() if value == REQUIRED and key != "dim"}
            found = find(f"{library}.{name}", required)
            reason = found.reason if isinstance(found, NoCurve) else ""
            assert not reason or reason in NOT_OF_ONE_VALUE.values(), (library, name, reason)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_has_the_curve_of_what_it_computes(name):
    """From the config of an activation layer follows what it computes."""
    curve = find_curve(keras.saving.serialize_keras_object(LAYERS[name]))
    assert isinstance(curve, Curve)
    expected = keras.ops.convert_to_numpy(LAYERS[name](keras.ops.convert_to_tensor(X)))
    np.testing.assert_allclose(curve.compute(X.astype("float64")), expected, rtol=1e-5, atol=1e-6)


def test_a_prelu_is_the_formula_with_its_weights():
    """Each weight of a PReLU gives one curve."""
    layer = keras.layers.PReLU(shared_axes=[1])
    layer.build((None, X.size, 3))
    layer.alpha.assign([[0.1, -0.4, 1.5]])
    assert find_curve(keras.saving.serialize_keras_object(layer)) == Learned((1,))
    outputs = keras.ops.convert_to_numpy(layer(np.repeat(X[None, :, None], 3, axis=2)))
    for channel, alpha in enumerate((0.1, -0.4, 1.5)):
        np.testing.assert_allclose(outputs[0, :, channel], prelu(X, alpha), rtol=1e-5, atol=1e-6)


@pytest.mark.once
@pytest.mark.parametrize(
    "stored",
    [
        "team>bent",
        {"module": "team.layers", "class_name": "function", "config": "relu", "registered_name": "team>relu"},
        {"module": "team", "class_name": "ReLU", "config": {}, "registered_name": "team>ReLU"},
        {"module": None, "class_name": "ReLU", "config": {}, "registered_name": "ReLU"},
        {"module": "keras.layers", "class_name": "ReLU", "config": {"max_value": "6"}, "registered_name": None},
        {"module": "keras.layers", "class_name": "ReLU", "config": {"threshold": None}, "registered_name": None},
        {"module": "keras.layers", "class_name": "ELU", "config": {"alpha": 10**400}, "registered_name": None},
        {"module": "keras.src.ops.nn", "class_name": "Elu", "config": {"beta": 2.0}, "registered_name": "Elu"},
        {"module": "keras.layers", "class_name": "Dropout", "config": {}, "registered_name": None},
        ["relu"],
        7,
    ],
    ids=str,
)
def test_what_is_not_known_has_no_curve(stored):
    """A name of another program, and keywords that no function of Keras has, have no formula."""
    assert isinstance(find_curve(stored), NoCurve)


@pytest.mark.once
def test_a_limit_may_be_infinite():
    """Keras stores an infinite number as it is."""
    curve = find_curve(keras.saving.serialize_keras_object(keras.layers.ReLU(max_value=float("inf"))))
    np.testing.assert_array_equal(curve.compute(X), np.maximum(X, 0))


@pytest.mark.once
def test_no_formula_is_for_nothing():
    """Each formula is that of a function in the catalog."""
    names = {function.name for functions in LIBRARIES.values() for function in functions.values()}
    assert FORMULAS.keys() - names == set()
    assert NOT_OF_ONE_VALUE.keys() - names == set()
    assert not FORMULAS.keys() & NOT_OF_ONE_VALUE.keys()
