"""The fuzzer runs; how long it is to run, is for a person to say."""

import pytest

from tests.fuzz import fuzz

pytestmark = pytest.mark.once


def test_a_few_inputs_find_nothing():
    """Each kind of change among them."""
    inputs, lines = fuzz(8.0, seed=0)
    assert inputs > 50
    assert lines > 500
