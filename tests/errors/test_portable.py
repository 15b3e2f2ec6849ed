"""Errors and warnings in other processes, and copied."""

import concurrent.futures
import copy
import functools
import pickle
import sys
import threading
import types

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.error_examples import EXAMPLES
from tests.helpers.processes import FORKS


def closure(slope):
    return lambda x: slope * x


def cycle():
    held = {"activation": [keras.layers.PReLU()]}
    held["activation"].append(held)
    return held


class Unwilling:
    def __reduce__(self):
        raise Exception("I am not to be pickled")  # anything may be raised


class Shy(Unwilling):
    def __repr__(self):
        raise Exception("nor to be seen")


class Forgetful:
    def __setstate__(self, state):
        raise LookupError("I forgot")

    def __getstate__(self):
        return "nothing"


VALUES = {
    "lambda": lambda: lambda x: x,
    "closure": lambda: closure(0.3),
    "bound method": lambda: threading.Lock().acquire,
    "layer": lambda: keras.layers.PReLU(),
    "layer with a lambda": lambda: keras.layers.Dense(2, activation=lambda x: x),
    "model": lambda: keras.Sequential([keras.Input((2,)), sa.layers.Dense(2, activation=keras.layers.PReLU())]),
    "tensor": lambda: keras.ops.ones((2,)),
    "symbolic tensor": lambda: keras.KerasTensor((None, 2)),
    "generator": lambda: (x for x in "ab"),
    "module": lambda: sys,
    "cycle": cycle,
    "unwilling": Unwilling,
    "forgetful": Forgetful,
    "class in a function": lambda: type("Local", (), {}),
}


def holding(value):
    """Return an error or a warning of every class that shows a value of the user's."""
    yield errors.UnserializableActivationError(value, "it is lost", "Write this.", "Dense", "activation")
    yield errors.UncallableActivationError(value, "it is NumPy's", "keras.ops.tanh")
    yield errors.ActivationAssignmentError("dense", "activation", value, "it is built")
    yield errors.ActivationConfigError("$.activation", {"config": value}, "it is empty", "Do that.")
    yield errors.ActivationBuildError("dense", "activation", "p_re_lu", [(None, 4), value], "it is open", "Do this.")
    yield errors.ActivationFieldError("Dense", value, "no such argument", "Leave it out.")
    yield errors.LayerArgumentError("Block", "stream", value, "it cannot be stored")
    yield errors.NewerArgumentError("layers.Dense", "mode", value, "3.13", "3.6.0")
    yield errors.StockFormError("model/dense", "activation", value, "Keras has none", "Do this.")
    yield errors.TargetKerasError(value, "it is no version", "Write one.")
    yield errors.PrunedArgumentWarning("layers.Dense", "mode", value, "3.6.0")
    yield errors.RedefinedActivationWarning("mine>f", value)
    yield sa.ActivationError("in a hook of the user's", value)


@pytest.mark.once
@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_an_error_pickles_whatever_it_holds(make, protocol):
    """An unpickled error has its class, text and notes; a value that cannot be pickled is shown as it was."""
    for error in holding(make()):
        error.add_note("a note")
        error.__cause__ = ValueError(make())
        revived = pickle.loads(pickle.dumps(error, protocol))
        assert type(revived) is type(error)
        assert revived.__notes__ == ["a note"]
        if (
            type(error) is not errors.RedefinedActivationWarning
        ):  # which says where a function that is there was written
            assert str(revived) == str(error)
        assert len(revived.args) == len(error.args)
        again = pickle.loads(pickle.dumps(revived, protocol))
        assert str(again) == str(revived)


@pytest.mark.once
@pytest.mark.parametrize("make", [*VALUES.values(), Shy], ids=[*VALUES, "shy"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_holds_the_same(make, copied):
    """The very values: what is copied is the error, and no layer."""
    value = make()
    for error in holding(value):
        error.add_note("a note")
        twin = copied(error)
        assert twin is not error
        assert type(twin) is type(error)
        assert all(one is other for one, other in zip(twin.args, error.args, strict=True))
        assert vars(twin) == vars(error)
    assert twin.args[1] is value


@pytest.mark.once
def test_what_can_be_pickled_comes_along():
    """A value that another process can have is there, and no text."""
    partial = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
    for value in (np.tanh, keras.ops.gelu, Unwilling, 0.3, ["relu", None], {"a": (1, 2)}, np.float32(2)):
        error = pickle.loads(pickle.dumps(errors.UnserializableActivationError(value, "it is lost", "Write this.")))
        assert error.value == value
        assert error.args[0] == value
    error = pickle.loads(pickle.dumps(errors.UnserializableActivationError(partial, "it is lost", "Write this.")))
    assert (error.value.func, error.value.keywords) == (partial.func, partial.keywords)


@pytest.mark.once
def test_what_is_shown_is_its_repr():
    """What stands for a value that was not pickled has the repr of the value, without quotes."""
    value = closure(1)
    error = pickle.loads(pickle.dumps(errors.UnserializableActivationError(value, "it is lost", "Write this.")))
    assert error.value == repr(value)
    assert repr(error.value) == repr(value)


@pytest.mark.once
def test_what_the_other_process_does_not_find_is_shown():
    """A module that is there alone, such as a notebook, or one that cannot be imported."""
    module = sys.modules["only_here"] = types.ModuleType("only_here")
    exec("def act(x): return x", vars(module))
    data = pickle.dumps(errors.UnserializableActivationError(module.act, "it is lost", "Write this."))
    del sys.modules["only_here"]
    assert pickle.loads(data).value == repr(module.act)


@pytest.mark.once
@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_is_copied(error):
    """A copy of an error has its attributes and its text."""
    for twin in (copy.copy(error), copy.deepcopy(error)):
        assert (type(twin), str(twin), twin.args) == (type(error), str(error), error.args)


def refuse(kind):
    made = {
        "lambda": lambda: sa.layers.Dense(2, activation=lambda x: x, name="head"),
        "unknown": lambda: sa.layers.Dense(2, activation="reluu", name="head"),
        "in call": lambda: Late()(np.ones((2, 3), "float32")),
    }
    made[kind]()


class Late(keras.layers.Layer):
    def call(self, inputs):
        return sa.layers.Dense(2, activation=lambda x: x, name="head")(inputs)


def test_a_pool_of_processes_shows_the_refusal():
    """The layer, the argument and the cure, where the lambda stayed in the worker."""
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=FORKS) as pool:
        for kind, expected in (
            ("lambda", errors.UnserializableActivationError),
            ("unknown", errors.UnknownActivationError),
            ("in call", errors.UnserializableActivationError),
        ):
            with pytest.raises(expected) as caught:
                pool.submit(refuse, kind).result()
            assert "Dense 'head'(activation=...)" in str(caught.value)
    assert "<lambda>" in caught.value.value
    assert "register_keras_serializable" in caught.value.cure
