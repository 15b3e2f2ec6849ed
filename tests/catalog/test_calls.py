"""What the calls of Keras's classes take, by the catalog, held against the installed Keras."""

import pytest

from serialactivation.catalog.calls import find_call_arguments
from tests.calls import read_installed


def test_the_catalog_has_what_the_installed_keras_takes():
    """Every class that is in the catalog and in the installed Keras takes the same arguments in both."""
    compared = 0
    for module, calls in read_installed().items():
        for name, call in calls.items():
            found = find_call_arguments(f"keras.{module}.{name}")
            if found is not None and module != "models":
                names = [one.rstrip("=") for one in call.split() if not one.startswith("*")]
                assert (list(found.names), found.takes_more) == (names, "*" in call), name
                compared += 1
    assert compared > 350


@pytest.mark.parametrize(
    ("count", "named", "word"),
    [
        (3, (), "by position"),
        (1, ("surplus",), "does not take"),
        (1, ("inputs",), "twice"),
        (0, ("mask",), "lacks"),
    ],
)
def test_arguments_that_do_not_fit_are_named(count, named, word):
    """A call is refused for too many arguments, for an unknown one, for one given twice, and for a missing one."""
    assert word in find_call_arguments("keras.layers.Softmax").find_fault(count, frozenset(named))


@pytest.mark.parametrize(("owner", "named"), [("keras.layers.Softmax", {"training"}), ("keras.layers.Layer", {"any"})])
def test_arguments_that_fit_are_taken(owner, named):
    """Every layer may be called with ``training``, and some with anything."""
    assert find_call_arguments(owner).find_fault(1, frozenset(named)) is None
