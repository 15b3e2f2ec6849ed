"""Every layer by every value by every way back: equal, or refused at construction."""

import pytest

from tests.matrix.cells import WAYS
from tests.matrix.layers import CASES
from tests.matrix.run import run_row
from tests.matrix.values import OLD, VALUES

CASE_PARAMETERS = [
    pytest.param(case.name, marks=[pytest.mark.slow] if case.slow else [], id=case.name) for case in CASES
]


@pytest.mark.parametrize("name", CASE_PARAMETERS)
def test_every_value_comes_back_or_is_refused(name, tmp_path):
    """No cell computes something else, none fails later; what came back was read by another process."""
    outcomes = run_row(name, "ours", tmp_path, VALUES)

    wrong = {
        (value, way): outcome
        for value, by_way in outcomes.items()
        for way, outcome in by_way.items()
        if not outcome.startswith("refused: " if VALUES[value].refused else "equal")
    }
    assert wrong == {}
    assert len(outcomes) == len(VALUES)
    assert all(tuple(by_way) == WAYS for by_way in outcomes.values())


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_the_matrix_can_fail(tmp_path):
    """The same measurement finds what stock Keras loses: silently, at save, at load."""
    values = ["ops.gelu", "a function called relu", "partial(leaky_relu)", "lambda", "LeakyReLU()"]
    outcomes = run_row("Dense", "stock", tmp_path, values)

    assert outcomes["ops.gelu"]["keras"].startswith("different: ")
    assert outcomes["a function called relu"]["h5"].startswith("different: ")
    assert outcomes["partial(leaky_relu)"]["keras"].startswith("failed to be saved: ")
    assert outcomes["lambda"]["keras"].startswith("failed to come back: ")
    assert outcomes["LeakyReLU()"]["keras"].startswith("failed to come back: " if OLD else "equal")
