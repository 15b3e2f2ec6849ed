"""The text of a repair: how the configs change, and where the weights move. Keras-free."""

import json
from collections.abc import Iterator

from serialactivation.repairs.plan_repair import RepairPlan
from serialactivation.repairs.split.weight_moves import Moves, OptimizerState
from serialactivation.typing import JSON

__all__ = ["describe_changes", "describe_moves"]


def describe_changes(plan: RepairPlan) -> str:
    """Return the changes of *plan*: unified diffs of the configs' JSON, and the weights that move."""
    pairs = zip(plan.before, plan.after, strict=True)
    changed = [line for before, after in pairs for line in _compare(before, after)]
    return "\n".join([*changed, *describe_moves(plan.moves)])


def describe_moves(moves: Moves) -> list[str]:
    """Return a line for each weight or group of weights that moves, and one for the optimizer's state."""
    state = [] if moves.state is OptimizerState.NONE else [moves.state.value]
    return [f"weights  {text}" for text in (*moves.changes, *state)]


def _compare(before: JSON, after: JSON) -> Iterator[str]:
    import difflib  # slow to import, and most repairs do not need it

    old, new = (json.dumps(value, indent=1).splitlines() for value in (before, after))
    return difflib.unified_diff(old, new, "stored", "repaired", lineterm="", n=2)
