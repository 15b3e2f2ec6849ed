"""Programs drawn at random: whatever a user writes comes back equal, or is refused where the model is made."""

import pytest

from tests.programs.campaign import run_programs
from tests.programs.program import draw_program

BATCHES = [range(first, first + 14) for first in (0, 14)]


@pytest.mark.once
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: str(seeds[0]))
def test_drawn_programs_come_back_equal_or_are_refused(seeds):
    """Each program's model computes the same after every way back; ``python -m tests.programs`` runs more of them."""
    outcomes = run_programs(seeds)

    assert {outcome.seed: outcome.failures for outcome in outcomes if outcome.failures} == {}
    assert sum(outcome.is_equal for outcome in outcomes) > len(seeds) / 2


def test_programs_are_drawn_the_same_and_apart():
    """A seed is one program; another is another; and fixing a decision changes that one alone."""
    assert draw_program(3) == draw_program(3)
    assert len({draw_program(seed).source for seed in range(50)}) > 45
    drawn, fixed = draw_program(3).taken, draw_program(3, {"levels": 0}).taken
    assert drawn["levels"] != fixed["levels"]
    assert all(position == drawn[name] for name, position in fixed.items() if name in drawn and name != "levels")
