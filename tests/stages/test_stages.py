"""Every stage that is here: each activation comes back from it, and the page says so."""

import pytest

from tests.stages.activations import ACTIVATIONS
from tests.stages.pages import PAGE, read_cells
from tests.stages.run import BY_ID, run_stage
from tests.stages.stages import STAGES

# Keras's own: of what it cannot quantize, and of what it asks other packages for.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Layer \\w+ does not have a `quantize` method:UserWarning"),
    pytest.mark.filterwarnings("ignore:Invalid quantization mode:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*were skipped because they do not support quantization:UserWarning"),
]


# Those in a process of their own, which takes long, run for the page.
HERE = [stage.id for stage in STAGES if stage.is_here() and not (stage.before or stage.after)]


@pytest.mark.parametrize("id_", HERE)
def test_every_activation_comes_back_from_a_stage(id_, tmp_path):
    """One model holds them all, and another process reads it."""
    assert run_stage(BY_ID[id_], "ours", [tuple(ACTIVATIONS)], tmp_path) == ["equal"]


def test_the_table_can_fail(tmp_path):
    """The same measurement finds what stock Keras loses: at save, at load."""
    lost = [("partial(leaky_relu)",), ("one PReLU() in two layers",), ("'relu'",)]
    at_save, at_load, kept = run_stage(BY_ID["quantize int8"], "stock", lost, tmp_path)
    assert at_save.startswith("failed before the load: TypeError")
    assert at_load.startswith("failed to come back: ")
    assert kept == "equal"


@pytest.mark.once
def test_the_page_has_every_cell():
    """With what stock Keras does in it; ours is equal everywhere."""
    cells = read_cells(PAGE.read_text())
    assert {stage for _, stage, _ in cells} == set(BY_ID)
    assert {activation for *_, activation in cells} == set(ACTIVATIONS)
    assert {after for _, after in cells.values()} == {"="}
