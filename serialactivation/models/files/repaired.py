"""Saved models that do not load until they are repaired: loaded from a repaired copy, or refused with the command."""

import contextlib
import os
import pathlib
import tempfile
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import keras

from serialactivation import errors
from serialactivation.catalog.versions import is_newer, is_version
from serialactivation.files.limits import Limits
from serialactivation.files.saved_model import Archive, Kind, read_archive
from serialactivation.tree.activations import find_label, follow

if TYPE_CHECKING:
    from serialactivation.repairs.plan_repair import RepairPlan
    from serialactivation.rules.finding import Finding

__all__ = ["offering_repair", "repaired_copy"]

_MOST: Final = 5  # errors that a message shows
_LONGEST: Final = 300  # characters of what Keras says
_SCALES: Final = "--scale-hard-sigmoid"


@contextlib.contextmanager
def offering_repair(filepath: str | os.PathLike[str]) -> Iterator[None]:
    """Name the command that repairs a file, if a load of it fails and all its errors can be repaired.

    Raises:
        RepairableFileError: Keras does not load the file. An error of this package gets the command as a note.
    """
    try:
        yield
    except errors.ActivationError as error:
        if (command := _find_command(filepath)) is not None:
            error.add_note(f"The file can be repaired:\n    {command}")
        raise
    except errors.READ_ERRORS as error:
        if (command := _find_command(filepath)) is None:
            raise
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:_LONGEST]
        raise errors.RepairableFileError(os.fsdecode(filepath), reason, command, _SCALES not in command) from error


@contextlib.contextmanager
def repaired_copy(filepath: str | os.PathLike[str], limits: Limits, given: Container[str]) -> Iterator[str]:
    """Give the path of a repaired copy in a private folder, or of the file itself if there is nothing to repair.

    Args:
        filepath: The model.
        limits: The limits on the resources that reading the file may use.
        given: The names of custom objects: a function that the file names so can be loaded.

    Raises:
        ArchiveError: The file cannot be read, or is refused.
        RepairError: An error is left that no repair removes, or the copy cannot be written.
    """
    from serialactivation.repairs.plan_repair import plan_repair  # slow to import, and most loads do not need it

    path = os.fsdecode(filepath)
    archive = read_archive(path, limits)
    if archive.kind in (Kind.WEIGHTS, Kind.CONFIG):  # which Keras refuses
        yield path
        return
    plan = plan_repair(archive, (), _find_target())
    if left := _find_left(plan, given):
        raise _refuse(archive, left)
    if not plan.is_needed:
        yield path
        return
    if archive.kind is Kind.FOLDER:
        raise errors.RepairError(path, "it is a folder", "Zip its contents into a .keras file, and load that.")
    from serialactivation.repairs.write_repaired_copy import repair_file

    with tempfile.TemporaryDirectory(prefix="serialactivation-") as folder:
        copy = os.path.join(folder, os.path.basename(path))
        repair_file(pathlib.Path(path), pathlib.Path(copy), plan)
        yield copy


def _find_target() -> str | None:
    """Return the installed Keras, or None if it is as new as the newest known one."""
    from serialactivation.catalog.classes import NEWEST

    version = keras.__version__
    return version if is_version(version) and is_newer(NEWEST, version) else None


def _find_left(plan: "RepairPlan", given: Container[str]) -> "list[Finding]":
    """Return the errors that are left, except code, which Keras refuses or runs, and functions that are *given*."""
    from serialactivation.rules.activations.names import MISTYPED_NAME, UNREGISTERED_NAME
    from serialactivation.rules.activations.sites import LAMBDA_NAME
    from serialactivation.rules.rule import Severity, Verdict

    left = [one for one in plan.report.findings if one.severity is Severity.ERROR]
    named = (LAMBDA_NAME, MISTYPED_NAME, UNREGISTERED_NAME)
    return [
        one
        for one in left
        if one.rule.verdict is not Verdict.RUNS
        and not (one.rule in named and find_label(follow(plan.after[0], one.location)) in given)
    ]


def _refuse(archive: Archive, left: "Sequence[Finding]") -> errors.RepairError:
    shown = "; ".join(f"{one.code}: {one.layer}: {one.evidence}" for one in left[:_MOST])
    more = f"; and {len(left) - _MOST} more" if len(left) > _MOST else ""
    command = _find_command(archive.path)
    cure = "serialactivation check says what to do about each."
    if command is not None:
        cure = f"Load the copy that this command writes:\n    {command}"
    return errors.RepairError(archive.path, f"errors are left: {shown}{more}", cure)


def _find_command(filepath: str | os.PathLike[str]) -> str | None:
    """Return the command that removes all errors of a file, or None if it has none, or none removes them all."""
    from serialactivation.repairs.repair_cures import find_offer
    from serialactivation.rules.check import check_archive
    from serialactivation.rules.pasted_commands import name_files
    from serialactivation.rules.rule import Severity

    target = _find_target()
    try:
        archive = read_archive(filepath)
        report = check_archive(archive, target)
    except errors.ArchiveError:
        return None
    offer = find_offer(report, archive, target)
    has_errors = any(one.severity is Severity.ERROR for one in report.findings)
    return name_files(offer.command, archive.path) if has_errors and offer is not None and offer.plan.loads else None
