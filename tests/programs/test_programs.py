"""Programs drawn at random: whatever a user writes comes back equal, or is refused where the model is made."""

import pytest

from tests.programs.campaign import run_programs
from tests.programs.forms import FORMS, SHAPES
from tests.programs.models import MODELS, READY_MADE
from tests.programs.program import draw_program

# Few programs that have all that is listed below between them, and some more.
SEEDS = (1, 2, 3, 12, 14, 18, 25, 27, 31, 35, 38, 47, 65, 70, 78, 95, 106, 150, 259, 320)
BATCHES = [SEEDS[::2], SEEDS[1::2]]

# By decision: what of it has to be in a program that is run.
LISTED = {
    "shape": set(SHAPES),
    "form": {form.name for form in FORMS},
    "wrapped": {wrapper for form in FORMS for wrapper in form.wrapped},
    "class": {layer for layers in READY_MADE.values() for layer in layers},
    "model": set(MODELS),
    "bare": {False, True},
    "mixed": {False, True},
}

# Decisions between the fields that were drawn for a parent: what these are is no option of a table.
OF_THE_PARENT = ("named", "fixed")


@pytest.mark.once
@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: str(seeds[0]))
def test_drawn_programs_come_back_equal_or_are_refused(seeds):
    """Each program's model computes the same after every way back; ``python -m tests.programs`` runs more of them."""
    outcomes = run_programs(seeds)

    assert {outcome.seed: outcome.failures for outcome in outcomes if outcome.failures} == {}
    assert sum(outcome.is_equal for outcome in outcomes) > len(seeds) / 2


@pytest.mark.once
@pytest.mark.parametrize("decision", LISTED)
def test_every_kind_is_among_the_programs_that_are_run(decision):
    """Each shape, form of layer, wrapper, ready-made layer and kind of model is in one of them."""
    picked = [item for seed in SEEDS for item in draw_program(seed).picked.items()]

    assert {option for name, option in picked if name.rpartition(".")[2] == decision} == LISTED[decision]


@pytest.mark.once
def test_every_option_is_drawn():
    """Whatever a decision offers is drawn in one of many programs: nothing is in the tables and in no program."""
    offered, drawn = set(), set()
    for program in map(draw_program, range(800)):
        for name, options in program.offered.items():
            kind = name.rpartition(".")[2]
            if kind not in OF_THE_PARENT:
                offered |= {(kind, str(option)) for option in options}
                drawn.add((kind, str(program.picked[name])))

    assert offered - drawn == set()


def test_programs_are_drawn_the_same_and_apart():
    """A seed is one program; another is another; and fixing a decision changes that one alone."""
    assert draw_program(3) == draw_program(3)
    assert len({draw_program(seed).source for seed in range(50)}) > 45
    drawn, fixed = draw_program(3).taken, draw_program(3, {"levels": 0}).taken
    assert drawn["levels"] != fixed["levels"]
    assert all(position == drawn[name] for name, position in fixed.items() if name in drawn and name != "levels")
