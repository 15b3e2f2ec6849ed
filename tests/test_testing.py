"""``serialactivation.testing``: sound layers pass, and a broken one fails the checks of the promise that it breaks."""

import contextlib
import functools

import keras
import pytest

import serialactivation as sa
from serialactivation import testing
from serialactivation.errors import ActivationFieldError, LayerCheckError, PromiseBrokenError
from tests import broken_layers
from tests.processes import run_bare

IS_JAX = keras.config.backend() == "jax"


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
        assert (caught.value.promise, caught.value.activation) == (check.promise.name, check.activation)
        broken.add(caught.value.promise)
    return broken


PROMISES = {promise.name for promise in testing.PROMISES} - (set() if IS_JAX else {"traced_graph"})


def few():
    """Return a name, a function and a layer."""
    return ["tanh", keras.ops.gelu, keras.layers.PReLU(name="prelu")]


def test_a_sound_layer_keeps_every_promise():
    """And every promise has a check."""
    checks = make_checks(broken_layers.Sound)
    assert find_broken(checks) == set()
    assert {check.promise.name for check in checks} == PROMISES
    assert len({str(check) for check in checks}) == len(checks)


@pytest.mark.once
@pytest.mark.parametrize("promise", sorted(PROMISES))
def test_a_broken_layer_fails_the_checks_of_its_promise(promise):
    """Of that one, and of no other."""
    checks = make_checks(broken_layers.BROKEN[promise], activations=few())
    assert find_broken(checks) == {promise}


def test_all_failures_are_told_at_once():
    """Which promise, for which activation, and what to do."""
    factory = functools.partial(broken_layers.Counts, 4)
    with pytest.raises(LayerCheckError) as caught:
        testing.check_layer(factory, input_shape=(None, 3), activations=["tanh", keras.ops.gelu])
    assert [(one.promise, one.field, one.activation) for one in caught.value.failures] == [
        ("config", "activation", "tanh"),
        ("config", "activation", "gelu"),
    ]
    text = str(caught.value)
    assert text.startswith("Counts fails 2 of ")
    assert "Counts(activation=...) given 'tanh' breaks the promise 'config'" in text
    assert "copies differ. Let get_config return what the constructor was given" in text


def test_a_layer_of_stock_keras_fails():
    """The kit needs no layer of ours: what stock Keras loses, is told."""
    checks = testing.layer_checks(functools.partial(keras.layers.Dense, 4), input_shape=(None, 3), activations=few())
    broken = find_broken(checks)
    assert {"json", "keras_file", "h5_file", "clone", "new_process", "sharing", "state", "refusal"} <= broken


def test_several_inputs_and_fields(tmp_path):
    """A structure of shapes, with integers among them."""
    checks = testing.layer_checks(
        broken_layers.Joins, input_shape=[(None, 3), (None, 3)], input_dtype="int32", activations=["tanh"]
    )
    assert {check.field for check in checks} == {"activation", "gate_activation"}
    assert find_broken(checks) == set()


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
    """Each of a dtype of its own."""
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
    """Before anything is checked."""
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


def test_a_layer_of_another_dtype_is_compared(tmp_path):
    """NumPy has no bfloat16, and no file of its own keeps it."""
    factory = functools.partial(broken_layers.Sound, 4, dtype="bfloat16")
    checks = testing.layer_checks(factory, input_shape=(None, 3), activations=["tanh"])
    assert find_broken([check for check in checks if check.promise.name in ("keras_file", "new_process")]) == set()


def test_a_dtype_policy_is_in_force_until_all_is_computed():
    """What a layer computes under another one is no loss."""
    checks = testing.layer_checks(broken_layers.Rounds, input_shape=(None, 3), activations=few())
    assert find_broken([check for check in checks if check.promise.name == "dtype_policy"]) == set()


def test_what_a_layer_asserts_is_told():
    """As any other exception of its own."""
    checks = testing.layer_checks(broken_layers.Asserts, input_shape=(None, 3), activations=[keras.layers.ReLU()])
    with pytest.raises(PromiseBrokenError, match=r"AssertionError: .*names only"):
        next(check for check in checks if check.promise.name == "keras_file")()


@pytest.mark.once
def test_more_is_checked_where_it_is_asked_for():
    """By the argument."""
    usual, full = (make_checks(broken_layers.Sound, full=full) for full in (False, True))
    assert {check.activation for check in full} > {check.activation for check in usual}


@pytest.mark.slow
def test_a_sound_layer_keeps_every_promise_with_rarer_activations():
    """A registered function, layer and object, a model, and one whose weights are not trained."""
    assert find_broken(make_checks(broken_layers.Sound, full=True)) == set()


# The plugin

PAGE = """
import functools

import pytest
import serialactivation as sa
from serialactivation import testing
from tests.broken_layers import Counts, Sound


@pytest.mark.parametrize(
    "check", testing.layer_checks(Sound, input_shape=(None, 3), fields=["activation"]), ids=str
)
def test_sound(check):
    check()


def test_counts(check_layer):
    check_layer(Counts, input_shape=(None, 3), activations=["tanh"])
"""


def run_pytest(tmp_path, *options):
    """Return what pytest prints of a user's page of tests, in a process of its own."""
    (tmp_path / "test_page.py").write_text(PAGE)
    code = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]) not in (0, 1))"
    return run_bare(code, str(tmp_path), "-q", "-p", "no:cacheprovider", "-c", str(tmp_path / "none.ini"), *options)


@pytest.mark.once
def test_the_plugin_gives_the_fixture_and_the_option(tmp_path):
    """pytest finds both where the package is installed; a failure is told in its words."""
    (tmp_path / "none.ini").write_text("")
    printed = run_pytest(tmp_path, "-k", "test_counts or construction")
    assert "6 passed" in printed
    assert "1 failed" in printed
    assert "breaks the promise 'config'" in printed
    assert "15 passed" in run_pytest(tmp_path, "-k", "construction", "--serialactivation-full")


@pytest.mark.once
def test_nothing_imports_keras_until_it_is_used():
    """Neither the package nor the plugin."""
    code = (
        "import sys; sys.modules['keras'] = None; import serialactivation.testing as kit; "
        "import serialactivation.testing.plugin; print(len(kit.PROMISES), 'check_layer' in dir(kit))"
    )
    assert run_bare(code).split() == ["13", "True"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = testing.nothing
