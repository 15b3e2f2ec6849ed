"""``serialactivation.testing``: sound layers pass, and a broken one fails the checks of the promise that it breaks."""

import contextlib
import functools
import json
import pickle
import re

import keras
import pytest

import serialactivation as sa
from serialactivation import testing
from serialactivation.errors import ActivationFieldError, LayerCheckError, PromiseBrokenError, SettingsError
from serialactivation.testing import new_process
from tests.helpers import broken_layers
from tests.helpers.processes import run_bare, run_function, run_python
from tests.matrix.values import BY_NAME

IS_JAX = keras.config.backend() == "jax"


@pytest.fixture
def forked(monkeypatch):
    """The other process is forked from one that has imported Keras, and starts no interpreter of its own."""

    def run(folder):
        return json.loads(run_function(new_process.main, str(folder)).splitlines()[-1])

    monkeypatch.setattr(new_process, "_run", run)


def make_checks(layer_class, **options):
    """Return the checks of a layer, held against the same without the package."""
    factory = functools.partial(layer_class, 4)
    return testing.layer_checks(factory, input_shape=(None, 3), stock=broken_layers.stock, **options)


def find_broken(checks):
    """Return the promises that fail."""
    broken = set()
    for check in checks:
        with contextlib.suppress(AssertionError):
            check()
            continue
        with pytest.raises(PromiseBrokenError) as caught:
            check()
        assert (caught.value.promise, caught.value.activation) == (check.promise, check.activation)
        assert isinstance(caught.value.promise, testing.Promise)
        broken.add(caught.value.promise)
    return broken


PROMISES = {promise.name for promise in testing.PROMISES} - (set() if IS_JAX else {"traced_graph"})


def few():
    """Return a name, a function and a layer."""
    return ["tanh", keras.ops.gelu, keras.layers.PReLU(name="prelu")]


def test_a_sound_layer_keeps_every_promise():
    """A correct layer passes all checks, and each promise has a check."""
    checks = make_checks(broken_layers.Sound)
    assert find_broken(checks) == set()
    assert {check.promise.name for check in checks} == PROMISES
    assert len({str(check) for check in checks}) == len(checks)


@pytest.mark.once
@pytest.mark.parametrize("promise", sorted(PROMISES))
def test_a_broken_layer_fails_the_checks_of_its_promise(promise, request):
    """A layer that breaks one promise fails the checks of this promise, and no others."""
    if promise != "new_process":
        request.getfixturevalue("forked")
    checks = make_checks(broken_layers.BROKEN[promise], activations=few())
    assert find_broken(checks) == {promise}


@pytest.mark.usefixtures("forked")
def test_all_failures_are_told_at_once():
    """The error names each broken promise with its activation and its cure."""
    factory = functools.partial(broken_layers.Counts, 4)
    with pytest.raises(LayerCheckError) as caught:
        testing.check_layer(factory, input_shape=(None, 3), activations=["tanh", keras.ops.gelu])
    assert [(one.promise, one.field, one.activation) for one in caught.value.failures] == [
        ("config", "activation", "tanh"),
        ("config", "activation", "gelu"),
    ]
    text = str(caught.value)
    assert text.startswith("Counts fails 2 of ")
    assert "- Counts(activation=...) breaks the promise 'config' given tanh, gelu.\n" in text
    assert (
        text.count("copies differ.")
        == text.count("- Let get_config return the constructor's arguments by their names")
        == 1
    )


def test_failures_of_one_cause_are_told_once():
    """The many failures of a stock layer are shown in two lines for each cause, and with each cure once."""
    factory = functools.partial(keras.layers.Dense, 4)
    with pytest.raises(LayerCheckError) as caught:
        testing.check_layer(factory, input_shape=(None, 3), activations=few(), skip=["new_process"])
    text, failures = str(caught.value), caught.value.failures
    assert len(failures) > (7 if BY_NAME else 3)
    assert len(text) < 3000
    cures = text.partition("What to do:\n")[2].splitlines()
    assert len(cures) == len(set(cures))
    for failure in failures:
        assert repr(str(failure.promise)) in text
        assert all(f"- {sentence}" in text for sentence in re.split(r"(?<=\.) (?=[A-Z])", failure.cure))
    assert str(pickle.loads(pickle.dumps(caught.value))) == text


def test_a_promise_is_its_name_and_what_is_said_of_it():
    """A promise equals its name, and keeps its meaning and cure when it is pickled; a check has its promise."""
    for promise in testing.PROMISES:
        copied = pickle.loads(pickle.dumps(promise))
        assert type(copied) is testing.Promise
        assert (copied, copied.meaning, copied.cure) == (promise.name, promise.meaning, promise.cure)
    (check, *_) = testing.layer_checks(broken_layers.Sound, input_shape=(None, 3), activations=["tanh"])
    assert (check.promise, check.promise.name, str(check)) == (
        "construction",
        "construction",
        "construction-activation-tanh",
    )


# Which promises, and which activations


def test_promises_are_skipped_by_name():
    """Promises are skipped by their names, or by the promises themselves."""
    every = make_checks(broken_layers.Sound, activations=["tanh"])
    left = make_checks(broken_layers.Sound, activations=["tanh"], skip=["new_process", testing.PROMISES[0]])
    assert [str(check) for check in left] == [
        str(check) for check in every if check.promise not in ("new_process", "construction")
    ]
    testing.check_layer(
        broken_layers.Counts, input_shape=(None, 3), activations=["tanh"], skip=("config", "new_process")
    )


@pytest.mark.parametrize(
    ("skip", "said"),
    [
        (["keras_fil"], "'keras_fil' is not the name of a promise.\nDid you mean 'keras_file'"),
        (["everything"], "The known names are construction, config, "),
        ("new_process", "Write skip=['new_process']"),
        ([3], "3 is not the name of a promise"),
    ],
)
def test_a_promise_that_there_is_not_is_refused(skip, said):
    """An unknown name is refused with similar ones before anything is checked."""
    for check in (testing.layer_checks, testing.check_layer):
        with pytest.raises(SettingsError) as caught:
            check(broken_layers.Sound, input_shape=(None, 3), skip=skip)
        assert said in str(caught.value)


@pytest.mark.parametrize("hooked", broken_layers.HOOKED, ids=lambda hooked: hooked.__name__)
def test_a_layer_with_hooks_keeps_its_promises(hooked):
    """A layer with hooks is given what its hooks take, and nothing else, and passes."""
    checks = testing.layer_checks(hooked, input_shape=(None, 3), skip=["new_process"])
    assert find_broken(checks) == set()
    assert {check.promise for check in checks} >= {"construction", "keras_file", "refusal", "dtype_policy"}


def test_what_was_asked_for_is_given():
    """An activation that a layer's hooks refuse fails it, where the caller has asked for it."""
    checks = testing.layer_checks(broken_layers.Bounded, input_shape=(None, 3), activations=["tanh", "relu"])
    (failed,) = [check for check in checks if str(check) == "construction-activation-relu"]
    with pytest.raises(PromiseBrokenError, match="needs an activation that bounds"):
        failed()


def test_a_layer_that_takes_nothing_of_the_default_is_told():
    """It is to be given what it takes."""
    with pytest.raises(ActivationFieldError, match="activations="):
        testing.layer_checks(broken_layers.Picky, input_shape=(None, 3))
    testing.check_layer(broken_layers.Picky, input_shape=(None, 3), activations=["softsign"], skip=["new_process"])


@pytest.mark.usefixtures("forked")
def test_a_layer_of_stock_keras_fails():
    """The kit needs no layer of ours: what stock Keras loses, is reported."""
    checks = testing.layer_checks(functools.partial(keras.layers.Dense, 4), input_shape=(None, 3), activations=few())
    broken = find_broken(checks)
    by_name = {"json", "keras_file", "h5_file", "clone", "new_process"} if BY_NAME else set()
    assert {*by_name, "sharing", "state", "refusal"} <= broken


@pytest.mark.usefixtures("forked")
def test_several_inputs_and_fields(tmp_path):
    """A structure of shapes, with integers among them."""
    checks = testing.layer_checks(
        broken_layers.Joins, input_shape=[(None, 3), (None, 3)], input_dtype="int32", activations=["tanh"]
    )
    assert {check.field for check in checks} == {"activation", "gate_activation"}
    assert find_broken(checks) == set()


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize(
    ("shape", "dtype", "call"),
    [
        ([(None, 3), (None,)], ["float32", "int32"], lambda layer, inputs: layer(*inputs)),
        (
            {"features": (None, 3), "chosen": (None,)},
            {"chosen": "int32", "features": "float32"},
            lambda layer, inputs: layer(**inputs),
        ),
    ],
    ids=["by position", "by name"],
)
def test_a_call_that_takes_several_arguments(shape, dtype, call):
    """Each input of a layer has its own dtype."""
    checks = testing.layer_checks(
        broken_layers.Picks, input_shape=shape, input_dtype=dtype, call=call, activations=few()
    )
    assert find_broken(checks) == set()


@pytest.mark.parametrize(
    ("factory", "fields", "said"),
    [
        (functools.partial(keras.layers.Dense, 4), ["gate"], "'gate'"),
        (keras.layers.Flatten, None, "it has no argument for an activation"),
    ],
)
def test_a_layer_without_such_an_argument_is_refused(factory, fields, said):
    """A layer that does not take the argument is refused before anything is checked."""
    with pytest.raises(ActivationFieldError, match=said):
        testing.layer_checks(factory, input_shape=(None, 3), fields=fields)


def test_a_layer_that_no_other_process_can_import_is_told():
    """Its class is found nowhere."""

    @sa.serializable_activation(package="broken")
    class Local(broken_layers.Sound):
        pass

    (check,) = [
        check
        for check in testing.layer_checks(Local, input_shape=(None, 3), activations=["tanh"])
        if check.promise.name == "new_process"
    ]
    with pytest.raises(PromiseBrokenError, match="is defined within a function"):
        check()


@pytest.mark.usefixtures("forked")
def test_a_layer_of_another_dtype_is_compared(tmp_path):
    """NumPy has no bfloat16, and no file of its own keeps it."""
    factory = functools.partial(broken_layers.Sound, 4, dtype="bfloat16")
    checks = testing.layer_checks(factory, input_shape=(None, 3), activations=["tanh"])
    assert find_broken([check for check in checks if check.promise.name in ("keras_file", "new_process")]) == set()


def test_a_dtype_policy_is_in_force_until_all_is_computed():
    """A layer is made, called and loaded under one policy: what it computes under another is not compared."""
    checks = testing.layer_checks(broken_layers.Rounds, input_shape=(None, 3), activations=few())
    assert find_broken([check for check in checks if check.promise.name == "dtype_policy"]) == set()


def test_what_a_layer_asserts_is_told():
    """An AssertionError of the layer's own code is reported like any other exception of it."""
    checks = testing.layer_checks(broken_layers.Asserts, input_shape=(None, 3), activations=[keras.layers.ReLU()])
    with pytest.raises(PromiseBrokenError, match=r"AssertionError: .*names only"):
        next(check for check in checks if check.promise.name == "keras_file")()


@pytest.mark.once
def test_more_is_checked_where_it_is_asked_for():
    """With ``full=True``, more activations are checked."""
    usual, full = (make_checks(broken_layers.Sound, full=full) for full in (False, True))
    assert {check.activation for check in full} > {check.activation for check in usual}


@pytest.mark.usefixtures("forked")
@pytest.mark.slow
def test_a_sound_layer_keeps_every_promise_with_rarer_activations():
    """A registered function, layer and object, a model, and one whose weights are not trained."""
    assert find_broken(make_checks(broken_layers.Sound, full=True)) == set()


# A notebook, and other places that no process can import

SESSION = """
import warnings, keras, serialactivation as sa
from serialactivation import testing
from tests.helpers.broken_layers import Sound

@sa.serializable_activation
class Own(keras.layers.Layer):
    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
    def call(self, inputs):
        return self.activation(inputs)

@keras.saving.register_keras_serializable()
def bent(x):
    return x * 2.0

@keras.saving.register_keras_serializable()
class Bent(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2.0

for factory, activations in ((Own, ["tanh"]), (Sound, ["tanh", bent, Bent()])):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for check in testing.layer_checks(factory, input_shape=(None, 3), activations=activations):
            if check.promise == "new_process":
                check()
    messages = [" ".join(f"{type(one.message).__name__}: {one.message}".split()) for one in caught]
    print(*[one for one in messages if one.startswith("PromiseNotTried")])
testing.check_layer(Own, input_shape=(None, 3), activations=["tanh"], skip=["new_process"])
"""


def test_what_no_other_process_can_import_is_not_tried():
    """The check in another process is skipped, with the reason, for a layer of a notebook or of ``python -c``."""
    own, some = run_bare(SESSION).splitlines()
    assert own == (
        "PromiseNotTriedWarning: Own: the promise 'new_process' was not tried: Own is defined in __main__, which no "
        "other process can import. Move it into a module and import it from there, or pass skip=['new_process']."
    )
    assert re.search(r"was not tried: with bent, bent\w*: defined in __main__", some)


# The plugin

PAGE = """
import functools

import pytest
import serialactivation as sa
from serialactivation import testing
from tests.helpers.broken_layers import Counts, Sound


@pytest.mark.parametrize(
    "check", testing.layer_checks(Sound, input_shape=(None, 3), fields=["activation"]), ids=str
)
def test_sound(check):
    check()


def test_counts(check_layer):
    check_layer(Counts, input_shape=(None, 3), activations=["tanh"], skip=["new_process"])
"""


def run_pytest(tmp_path, *options):
    """Return what pytest prints of a user's page of tests, in a process of its own."""
    (tmp_path / "test_page.py").write_text(PAGE)
    code = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]) not in (0, 1))"
    return run_python(code, str(tmp_path), "-q", "-p", "no:cacheprovider", "-c", str(tmp_path / "none.ini"), *options)


@pytest.mark.once
def test_the_plugin_gives_the_fixture_and_the_option(tmp_path):
    """pytest finds both where the package is installed; a failure is reported in its words."""
    (tmp_path / "none.ini").write_text("")
    printed = run_pytest(tmp_path, "-k", "test_counts or construction")
    assert "6 passed" in printed
    assert "1 failed" in printed
    assert "breaks the promise 'config'" in printed
    assert "15 passed" in run_pytest(tmp_path, "-k", "construction", "--serialactivation-full")


@pytest.mark.once
def test_nothing_imports_keras_until_it_is_used():
    """An import of serialactivation.testing or of its plugin does not import Keras."""
    code = (
        "import sys; sys.modules['keras'] = None; import serialactivation.testing as kit; "
        "import serialactivation.testing.plugin; print(len(kit.PROMISES), 'check_layer' in dir(kit))"
    )
    assert run_bare(code).split() == ["13", "True"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = testing.nothing
