"""The repair ``state``: the state of an optimizer that Keras refuses, which is left out of the file. Keras-free."""

from typing import Final

from serialactivation.files.saved_model import Archive, Kind
from serialactivation.repairs.repair import Change
from serialactivation.repairs.split.weight_moves import DROP_STATE, Moves, OptimizerState
from serialactivation.rules.check import Report
from serialactivation.rules.files.optimizer_states import REFUSED_STATE

__all__ = ["drop_state", "find_refused_state"]

_OF_MODEL: Final = 2  # steps to the optimizer; that of a model inside it has more


def find_refused_state(report: Report) -> tuple[Change, ...]:
    """Return the change that leaves out the state of the model's optimizer, if Keras refuses it."""
    refused = [one for one in report.findings if one.rule is REFUSED_STATE]
    return tuple(
        Change(DROP_STATE, one.location, f"its state is left out: {one.evidence}")
        for one in refused
        if isinstance(one.location, tuple) and len(one.location) == _OF_MODEL
    )


def drop_state(moves: Moves, archive: Archive) -> Moves:
    """Return *moves* with the state of the optimizer removed."""
    is_hdf5 = archive.kind is Kind.HDF5
    return moves._replace(is_hdf5=is_hdf5, state=OptimizerState.REFUSED)
