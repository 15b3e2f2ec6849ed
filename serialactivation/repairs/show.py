"""What mending a saved model changes, in words: its configs, and where its weights are. Keras-free."""

import json
from collections.abc import Iterator

from serialactivation.repairs.plan import Mending
from serialactivation.repairs.split.weights import Moves, State
from serialactivation.typing import JSON

__all__ = ["describe_changes", "describe_moves"]


def describe_changes(mending: Mending) -> str:
    """Return what *mending* changes: unified diffs of the configs' JSON, and which weights it moves."""
    pairs = zip(mending.before, mending.after, strict=True)
    changed = [line for before, after in pairs for line in _compare(before, after)]
    return "\n".join([*changed, *describe_moves(mending.moves)])


def describe_moves(moves: Moves) -> list[str]:
    """Return a line for each weight, or group of weights, that is moved, and one for the optimizer's state."""
    state = [] if moves.state is State.NONE else [moves.state.value]
    return [f"weights  {text}" for text in (*moves.changes, *state)]


def _compare(before: JSON, after: JSON) -> Iterator[str]:
    import difflib  # takes its time, and most files are mended without

    old, new = (json.dumps(value, indent=1).splitlines() for value in (before, after))
    return difflib.unified_diff(old, new, "stored", "repaired", lineterm="", n=2)
