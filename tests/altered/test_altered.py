"""A small share of the altered files; ``python -m tests.altered`` makes more of them."""

import pytest

from tests.altered.compare import compare, make_cases

pytestmark = pytest.mark.once

MODELS = ("Dense", "GRU", "Attention", "PReLU", "ZeroPadding2D", "frozen", "twice")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("altered")
    return compare(folder, make_cases(folder, 150, 4, MODELS))


def test_nothing_that_loads_is_said_to_be_broken(cases):
    """No file that Keras loads has the verdict that it does not load, whatever was altered in it."""
    assert [case for case in cases if case.is_false_alarm] == []


def test_what_is_said_to_load_loads(cases):
    """And can be called, whatever was altered in it."""
    assert [case[1:] for case in cases if case.is_missed] == []


def test_there_is_enough_of_each(cases):
    """Many of the altered files load, and many do not, so that both verdicts are tested."""
    outcomes = [case.outcome for case in cases]
    assert min(outcomes.count("loads"), outcomes.count("does not load")) > 30
