"""Every layer by every value by every way back: equal, or refused at construction."""

import pytest

from tests.matrix.cells import WAYS
from tests.matrix.layers import CASES
from tests.matrix.run import run_row, run_rows
from tests.matrix.values import BY_NAME, OLD, VALUES

# Layers whose activations are called with tensors of one shape: one process reads them, and compiles once for all.
TOGETHER = [
    (
        *("EinsumDense", "Activation", "Conv1D", "Conv1DTranspose"),
        *("DepthwiseConv1D", "SeparableConv1D", "ConvLSTM1D"),
    ),
    ("Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D", "ConvLSTM2D"),
    ("Conv3D", "Conv3DTranspose", "ConvLSTM3D"),
    ("SimpleRNN", "GRU", "RNN(SimpleRNNCell)", "RNN(LSTMCell)"),
    ("RNN(GRUCell)", "RNN(StackedRNNCells(GRUCell))", "Bidirectional(LSTM)", "TimeDistributed(Dense)", "GatedMixin"),
]
ALONE = [case for case in CASES if not any(case.name in names for names in TOGETHER)]
ROWS = [
    *(pytest.param([case.name], marks=[pytest.mark.slow] * case.slow, id=case.name) for case in ALONE),
    *(pytest.param(names, marks=pytest.mark.slow, id=", ".join(names)) for names in TOGETHER),
]


@pytest.mark.parametrize("names", ROWS)
def test_every_value_comes_back_or_is_refused(names, tmp_path):
    """No cell computes something else, none fails later; what came back was read by another process."""
    rows = run_rows(names, "ours", tmp_path, VALUES)

    wrong = {
        (name, value, way): outcome
        for name, outcomes in rows.items()
        for value, by_way in outcomes.items()
        for way, outcome in by_way.items()
        if not outcome.startswith("refused: " if VALUES[value].refused else "equal")
    }
    assert wrong == {}
    assert list(rows) == list(names)
    assert all(tuple(outcomes) == tuple(VALUES) for outcomes in rows.values())
    assert all(tuple(by_way) == WAYS for outcomes in rows.values() for by_way in outcomes.values())


def test_every_layer_has_its_row():
    """Each layer class has one row, in the small part of the matrix or in the large one."""
    assert sorted(name for row in ROWS for name in row.values[0]) == sorted(case.name for case in CASES)


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_the_matrix_can_fail(tmp_path):
    """The same measurement finds what stock Keras loses: silently, at save, at load."""
    values = ["ops.gelu", "a function called relu", "partial(leaky_relu)", "lambda", "LeakyReLU()"]
    outcomes = run_row("Dense", "stock", tmp_path, values)

    assert outcomes["ops.gelu"]["keras"].startswith("different: " if BY_NAME else "equal")
    assert outcomes["a function called relu"]["h5"].startswith("different: " if BY_NAME else "failed to come back: ")
    assert outcomes["partial(leaky_relu)"]["keras"].startswith("failed to be saved: ")
    assert outcomes["lambda"]["keras"].startswith("failed to come back: ")
    assert outcomes["LeakyReLU()"]["keras"].startswith("failed to come back: " if OLD else "equal")
