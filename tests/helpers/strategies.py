"""Hypothesis strategies: activations that are distinguished by what they compute, and containers of names."""

import functools

import keras
from hypothesis import strategies as st

from serialactivation.catalog import functions as catalog
from serialactivation.codec.known_functions.libraries import load_function
from tests.helpers.natives import LIBRARY
from tests.matrix.values import Cubed, bent


def _is_there(function):
    """Return whether the installed libraries have *function*: an older Keras, or JAX, lacks some."""
    try:
        load_function(function)
    except AttributeError:
        return False
    return True


# Another draw at each call, and another shape than it was given.
UNFIT = {"gumbel_softmax", "crelu"}

FUNCTIONS = {
    library: [f for f in catalog.LIBRARIES[library].values() if _is_there(f) and f.name not in UNFIT]
    for library in ("keras.activations", "keras.ops", LIBRARY)
}
NAMES = sorted(
    {*(function.name for function in FUNCTIONS["keras.activations"]), *catalog.ALIASES} - {"threshold", "glu"}
)

FLOATS = st.floats(0.05, 4.0, allow_nan=False)
VALUES = {
    "alpha": FLOATS,
    "approximate": st.booleans(),
    "axis": st.sampled_from([-1, 0, 1]),
    "b": FLOATS,
    "beta": FLOATS,
    "default_value": FLOATS,
    "dim": st.sampled_from([-1, 0, 1]),
    "epsilon": st.floats(1e-6, 1e-2),
    "max_value": st.none() | FLOATS,
    "negative_slope": FLOATS,
    "lambd": FLOATS,
    "threshold": FLOATS,
    "value": FLOATS,
}


def _value(key, default):
    return st.sampled_from(["none", "tanh"]) if key == "approximate" and isinstance(default, str) else VALUES[key]


def _keywords(function):
    return st.fixed_dictionaries(
        {key: _value(key, default) for key, default in function.defaults.items() if default == catalog.REQUIRED},
        optional={
            key: _value(key, default)
            for key, default in function.defaults.items()
            if default != catalog.REQUIRED and key in VALUES
        },
    )


@st.composite
def partials(draw):
    """A catalogued function of Keras or the running backend, with some of its keywords."""
    function = draw(st.sampled_from(list(FUNCTIONS)).flatmap(lambda library: st.sampled_from(FUNCTIONS[library])))
    keywords = draw(_keywords(function))
    loaded = load_function(function)
    return functools.partial(loaded, **keywords) if keywords else loaded


def activations():
    """Anything that may be given, stateless."""
    return st.one_of(
        st.none(),
        st.sampled_from(NAMES),
        partials(),
        st.just(bent),
        st.builds(lambda amount: functools.partial(bent, amount=amount), FLOATS),
        st.builds(Cubed, FLOATS),
        st.builds(lambda slope: keras.layers.LeakyReLU(negative_slope=slope, name="leaky"), FLOATS),
    )


def containers():
    """Names in lists, tuples and dicts, nested."""
    return st.recursive(
        st.none() | st.sampled_from(NAMES),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(st.sampled_from(["a", "b", "gate"]), inner, max_size=3),
        ),
        max_leaves=8,
    )
