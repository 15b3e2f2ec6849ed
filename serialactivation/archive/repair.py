"""A saved model's file mended: a copy of it with other configs, whole or not at all. Keras-free."""

import functools
import json
import os
import shutil
import tempfile
from collections.abc import Iterator

from serialactivation import errors
from serialactivation.archive.hdf5 import HDF5_ERRORS
from serialactivation.archive.mend import Mending
from serialactivation.archive.moves import Moves, State
from serialactivation.archive.rewrite import rewrite_configs
from serialactivation.archive.weights_file import move
from serialactivation.typing import JSON

__all__ = ["describe_changes", "describe_moves", "repair_file"]


def repair_file(source: str, target: str, mending: Mending) -> None:
    """Write a copy of the model in *source* to *target*, with its configs mended.

    All else stays as it is, byte for byte, but for weights whose layer is another now: these are moved within their
    file. The copy is made beside *target* and moved into place.

    Args:
        source: A ``.keras`` or ``.h5`` file. It is not changed.
        target: Where the copy goes; nothing may stand there.
        mending: What becomes of *source*; where that is nothing, the copy is exact.

    Raises:
        RepairError: *target* exists, or cannot be written, or *source* is damaged where it was not read.
    """
    if os.path.exists(target):
        raise errors.RepairError(target, "it exists", "Give another path, or remove it first.")
    try:
        where, name = os.path.split(target)
        with tempfile.TemporaryDirectory(dir=where or os.curdir, prefix=".repairing-") as folder:
            beside = os.path.join(folder, name)
            if mending.replaced or mending.mended:
                edit = functools.partial(move, moves=mending.moves) if mending.moves.are_needed else None
                rewrite_configs(source, mending.make, beside, edit)
            else:
                shutil.copyfile(source, beside)
            os.replace(beside, target)
    except OSError as error:
        raise errors.RepairError(
            target, f"it cannot be written ({error})", "Give a path in a folder of yours."
        ) from error
    except HDF5_ERRORS as error:
        cure = "Save the model again, or copy the file again from where it came from."
        raise errors.RepairError(source, f"HDF5's library cannot rewrite it ({error})", cure) from error


def describe_changes(mending: Mending) -> str:
    """Return what :func:`repair_file` would change: unified diffs of the configs' JSON, and which weights it moves."""
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
