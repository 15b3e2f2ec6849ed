"""Layers of other packages, decorated: they keep every promise, but for what is known to be their own."""

import os

import pytest

from serialactivation import testing
from tests.downstream.found import find_layers
from tests.downstream.measure import CASES, make_checks, make_factory, run
from tests.downstream.packages import load
from tests.downstream.subclasses import FORMS, find_base, find_class

PACKAGE = load(os.environ["DOWNSTREAM"])
BUILT = [row for row in PACKAGE.rows if row.unbuildable is None]
LOADED = [row for row in BUILT if not any("keras_file" in (one.promises or ["keras_file"]) for one in row.broken)]


def test_every_layer_class_that_takes_an_activation_has_a_row():
    """None is left out, and none is there that the package has no more."""
    found = {f"{one.__module__}.{one.__qualname__}" for one in find_layers(PACKAGE.name)}
    assert {f"{PACKAGE.name}.{row.path}" for row in PACKAGE.rows} == found


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row.path)
def test_a_decorated_layer_keeps_every_promise(row):
    """It breaks only the promises that its row gives a reason for; a reason that no longer holds fails here."""
    broken = {name: outcome for name, outcome in run(make_checks(PACKAGE, row, "decorated")) if outcome != "kept"}
    assert {name: why for name, why in broken.items() if not any(one.covers(name) for one in row.broken)} == {}
    assert [outdated for known in row.broken if (outdated := known.find_outdated(broken))] == []


@pytest.mark.parametrize("row", LOADED[:1], ids=lambda row: row.path)
def test_another_process_loads_a_decorated_layer(row):
    """One of the package: each would import it whole once more."""
    checks = testing.layer_checks(
        make_factory(PACKAGE, row, "decorated"),
        input_shape=row.shape,
        input_dtype=row.dtype,
        call=row.call,
        activations=CASES,
    )
    next(check for check in checks if check.promise.name == "new_process")()


@pytest.mark.parametrize("row", BUILT[:1], ids=lambda row: row.path)
def test_the_package_is_left_as_it_is(row):
    """The decorated class is a subclass: the class of the package is unchanged."""
    base = find_base(PACKAGE, row)
    plain, decorated = (find_class(PACKAGE, row, form) for form in FORMS)
    assert {plain.__bases__, decorated.__bases__} == {(base,)}
    assert not hasattr(base, "__serialactivation_spec__")
    assert hasattr(decorated, "__serialactivation_spec__")
