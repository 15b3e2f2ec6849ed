"""What may be imported first: every module, every public name, and what a pickle names."""

import base64
import functools
import itertools
import pathlib
import pickle
import pkgutil

import keras
import pytest

import serialactivation as sa
from serialactivation import errors, testing
from serialactivation.spec.fields import ActivationField
from tests.helpers.first_imports import find_failures
from tests.helpers.processes import run_bare
from tests.shares import find_turn

PACKAGE = pathlib.Path(sa.__file__).parent
MODULES = sorted(
    (one.name for one in pkgutil.walk_packages([PACKAGE], "serialactivation.")), key=lambda name: name.rpartition(".")
)

NAMES = [
    *(f"import serialactivation as sa; sa.{name}" for name in sa.__all__),
    *(f"from serialactivation import testing; testing.{name}" for name in testing.__all__),
]

PICKLED = {
    "sa.get": sa.get,
    "a partial": sa.get(functools.partial(keras.activations.leaky_relu, negative_slope=0.4)),
    "a partial of Keras's operation": sa.get(keras.ops.gelu),
    "a partial of a partial": functools.partial(sa.get, "relu"),
    "the mixin": sa.SerializableActivationMixin,
    "the decorator": sa.serializable_activation,
    "a twin": sa.layers.Dense,
    "a layer": sa.layers.Dense(2, activation=keras.layers.LeakyReLU(negative_slope=0.4)),
    "a field": ActivationField(name="gate"),
    "fields": sa.activation_fields(sa.layers.LSTM),
    "an error": errors.UnknownActivationError("reluu", ["relu"]),
    "save_model": sa.save_model,
    "convert": sa.convert,
    "a case of the kit": testing.ActivationCase("tanh", functools.partial(keras.activations.get, "tanh")),
}


def unpickling(value):
    data = base64.b85encode(pickle.dumps(value)).decode()
    return f"import base64, pickle; value = pickle.loads(base64.b85decode({data!r})); print(value)"


@pytest.mark.once
def test_every_name_and_a_module_of_each_folder_may_come_first():
    """Each name may be the first that a process imports; the layers are registered once Keras is there.

    So may each module. No two import each other, see ``test_packages.py``, so those of one folder differ little: one of
    each is tried, and the next one with each commit.
    """
    folders = itertools.groupby(MODULES, key=lambda name: name.rpartition(".")[0])
    modules = [(names := list(group))[find_turn() % len(names)] for _, group in folders]
    assert len(modules) > 40
    reload = "import serialactivation, importlib; importlib.reload(serialactivation); import keras"
    assert find_failures([*(f"import {name}" for name in modules), *NAMES, reload]) == {}


def test_what_was_pickled_comes_first():
    """A worker that has imported nothing reads functions, classes, activations, layers and errors."""
    assert find_failures([unpickling(value) for value in PICKLED.values()]) == {}


def test_a_statement_that_cannot_come_first_is_found():
    """What finds failures in forks finds them."""
    assert list(find_failures(["import serialactivation", "import serialactivation.nothing"])) == [
        "import serialactivation.nothing"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "from serialactivation.mixin import SerializableActivationMixin",
        unpickling(sa.get),
        unpickling(PICKLED["a partial of Keras's operation"]),
    ],
    ids=["mixin", "get", "partial"],
)
def test_a_new_interpreter_says_the_same(code):
    """No process has been forked: Keras is imported in full."""
    registered = "; import keras; assert keras.saving.get_registered_object('serialactivation>Dense')"
    run_bare(code + registered)
