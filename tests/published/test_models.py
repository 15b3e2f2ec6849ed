"""Whole models of packages: what ``check`` says is what stock Keras does, and what is repaired computes the same."""

import os
import pathlib

import pytest

from serialactivation.rules.rule import Verdict
from tests.published.packages import PACKAGES
from tests.published.survey import EXACT, read

FOLDER = pathlib.Path(os.environ["PUBLISHED_MODELS"])
FAILS = {Verdict.DOES_NOT_LOAD, Verdict.UNCALLABLE, Verdict.RUNS}


@pytest.fixture(scope="module")
def surveyed():
    """What ``python -m tests.published survey`` found."""
    return read(FOLDER / "survey.json")


def test_all_packages_are_there(surveyed):
    """Each package of the survey has models."""
    assert {one.package for one in surveyed} == {package.requirement for package in PACKAGES}


def test_the_verdict_is_the_load(surveyed):
    """The verdict on each model is what Keras does with it."""
    said = {(one.package, one.name): (one.verdict, one.stock) for one in surveyed if one.verdict is not None}
    wrong = {
        name: (verdict, stock)
        for name, (verdict, stock) in said.items()
        if (verdict is Verdict.LOADS and stock) or (verdict in FAILS and not stock)
    }
    assert wrong == {}


def test_what_keras_2_loads_is_repaired(surveyed):
    """It loads in stock Keras, without this package, and computes the same."""
    usable = [one for one in surveyed if one.verdict is not None and not one.old]
    assert len(usable) > 30
    failing = [one for one in usable if one.repaired != "" or one.repaired_verdict is not Verdict.LOADS]
    assert failing == []
    different = {(one.package, one.name): one.difference for one in usable if one.difference > EXACT}
    assert different == {}


def test_a_repaired_model_is_not_called_good_if_it_fails(surveyed):
    """No repaired copy that fails has the verdict that it loads."""
    wrong = [one for one in surveyed if one.repaired and one.repaired_verdict is Verdict.LOADS]
    assert wrong == []


def test_weights_are_called_weights(surveyed):
    """Keras does not load them as models."""
    assert {one.package for one in surveyed if one.verdict is None} == {"EmoPy==0.0.5", "mhcnuggets==2.4.1"}
