"""Writes the repaired copy of a saved model: completely, or not at all. Keras-free."""

import functools
import json
import os
import pathlib
import shutil
from collections.abc import Callable, Sequence

from serialactivation import errors
from serialactivation.files.draft_file import open_draft
from serialactivation.files.formats.hdf5_changes import change
from serialactivation.files.formats.hdf5_process import read_attributes
from serialactivation.files.layout import MODEL_CONFIG, TRAINING_CONFIG
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.refusals import FilePart
from serialactivation.files.rewrite import Attributes, rewrite_configs, write_texts
from serialactivation.repairs.keras2.recurrent.weights import convert_weights
from serialactivation.repairs.plan_repair import RepairPlan
from serialactivation.repairs.split.move_weights import move

__all__ = ["repair_file"]


def repair_file(source: pathlib.Path, target: pathlib.Path, plan: RepairPlan) -> None:
    """Write a copy of the model in *source* to *target*, with repaired configs.

    Everything else stays the same, byte for byte, except weights whose layer has changed: the HDF5 library moves or
    converts these within their file, in a separate process. If the system supports it, the copy has no name until it is
    complete.

    Args:
        source: A ``.keras``, ``.h5`` or ``.json`` file. It is not changed.
        target: The path of the copy, at which nothing may exist, not even a broken link.
        plan: The repair of *source*; if it changes nothing, the copy is exact.

    Raises:
        ArchiveError: The HDF5 library crashes on *source*.
        RepairError: *target* exists, or cannot be written, or *source* is damaged in a part that was not read before.
    """
    if os.path.lexists(target):
        what = "it exists" if target.exists() else "it is a broken link"
        raise errors.RepairError(str(target), what, "Give another path, or remove it first.")
    try:
        with open_draft(str(target.parent)) as draft:
            copy = pathlib.Path(draft.path)
            if plan.is_needed and plan.is_config:
                copy.write_text(json.dumps(plan.after[0]), encoding="utf-8")
            elif plan.is_needed:
                _rewrite(source, copy, target.parent, plan)
            else:
                shutil.copyfile(source, copy)
            draft.name_as(str(target))
    except OSError as error:
        raise errors.RepairError(
            str(target), f"it cannot be written ({error})", "Give a path in a folder that you can write to."
        ) from error
    except RuntimeError as error:
        cure = "Save the model again, or copy the file again from where it came from."
        raise errors.RepairError(str(source), f"the HDF5 library cannot rewrite it ({error})", cure) from error


def _rewrite(source: pathlib.Path, copy: pathlib.Path, folder: pathlib.Path, plan: RepairPlan) -> None:
    part = FilePart(str(source))
    attributes = Attributes(
        read=functools.partial(_read, part=part),
        write=lambda path, texts: change(path, part, write_texts, texts),
    )
    edits: list[tuple[Callable[..., None], object]] = [
        *([(move, plan.moves)] if plan.moves.are_needed else []),
        *([(convert_weights, plan.conversions)] if plan.conversions else []),
    ]
    edit = functools.partial(_change_all, part, edits) if edits else None
    rewrite_configs(source, plan.make, copy, edit, folder=folder, attributes=attributes)


def _change_all(part: FilePart, edits: Sequence[tuple[Callable[..., None], object]], path: pathlib.Path) -> None:
    for function, argument in edits:
        change(path, part, function, argument)


def _read(path: pathlib.Path, part: FilePart) -> dict[str, bytes]:
    """Return the configs in a file that has been read before; no limit applies."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        texts = read_attributes(file, DEFAULT_LIMITS._replace(config_bytes=size, metadata_bytes=size), part)
    return {name: texts[name] for name in (MODEL_CONFIG, TRAINING_CONFIG) if name in texts}
