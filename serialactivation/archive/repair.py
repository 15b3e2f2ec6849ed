"""A saved model's file mended: a copy of it with other activations, whole or not at all. Keras-free."""

import difflib
import json
import pathlib
import shutil
import tempfile
from collections.abc import Sequence

from serialactivation.archive.replace import Change, Replacement, replace_activations
from serialactivation.archive.rewrite import rewrite_configs
from serialactivation.errors import RepairError
from serialactivation.typing import JSON

__all__ = ["describe_changes", "repair_file"]


def repair_file(
    source: pathlib.Path, target: pathlib.Path, config: JSON, replacements: Sequence[Replacement]
) -> list[Change]:
    """Write a copy of the model in *source* to *target*, with its activations replaced.

    Weights and all else stay as they are, byte for byte. The copy is made beside *target* and moved into place.

    Args:
        source: A ``.keras`` or ``.h5`` file. It is not changed.
        target: Where the copy goes; nothing may stand there.
        config: The model's config, as it was read from *source*.
        replacements: What to replace, and by what.

    Returns:
        What was replaced; nothing where the copy is exact.

    Raises:
        RepairError: A replacement matches nothing, or *target* exists, or cannot be written.
    """
    repaired, changes = replace_activations(config, replacements)
    if target.exists():
        raise RepairError(str(target), "it exists", "Give another path, or remove it first.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".repairing-") as folder:
            beside = pathlib.Path(folder) / target.name
            if changes:
                # An HDF5 file has beside it how the model was compiled, which stays.
                rewrite_configs(source, lambda stored: repaired if stored == config else stored, beside)
            else:
                shutil.copyfile(source, beside)
            beside.replace(target)
    except OSError as error:
        raise RepairError(
            str(target), f"it cannot be written ({error})", "Give a path in a folder of yours."
        ) from error
    return changes


def describe_changes(config: JSON, replacements: Sequence[Replacement]) -> str:
    """Return what :func:`repair_file` would change in *config*, as a unified diff of its JSON."""
    before, after = (
        json.dumps(value, indent=1).splitlines() for value in (config, replace_activations(config, replacements)[0])
    )
    return "\n".join(difflib.unified_diff(before, after, "stored", "repaired", lineterm="", n=2))
