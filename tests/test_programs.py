"""Programs drawn at random: whatever a user writes comes back equal, or is refused where the model is made."""

import pytest

from tests.programs.campaign import run_programs

BATCHES = [range(first, first + 10) for first in range(0, 40, 10)]


@pytest.mark.once
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: str(seeds[0]))
def test_drawn_programs_come_back_equal_or_are_refused(seeds):
    """Each program's model computes the same after every way back; ``python -m tests.programs`` runs more of them."""
    outcomes = run_programs(seeds)

    assert {outcome.seed: outcome.failures for outcome in outcomes if outcome.failures} == {}
    assert any(outcome.is_equal for outcome in outcomes)


def test_a_program_of_which_a_value_is_lost_is_found():
    """A program that loses an activation is told from one that keeps it."""
