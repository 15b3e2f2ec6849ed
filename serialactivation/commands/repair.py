"""The command ``repair``: its output and its exit status. Keras-free."""

import argparse
import contextlib
import itertools
import pathlib
import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Final

from serialactivation import errors
from serialactivation.catalog.forms import is_ours
from serialactivation.commands.statuses import FINDINGS, NOT_DONE, USAGE
from serialactivation.files.layout import HDF5_SUFFIXES
from serialactivation.files.limits import make_limits
from serialactivation.files.printable import LONGEST_TEXT, printable, printable_lines
from serialactivation.files.saved_model import Archive, Kind, read_archive
from serialactivation.repairs.describe_plan import describe_changes, describe_moves
from serialactivation.repairs.plan_repair import RepairPlan, plan_repair
from serialactivation.repairs.replace.replace_activations import parse_replacement
from serialactivation.reports.wording import format_finding
from serialactivation.rules.known_names import KnownNames
from serialactivation.tree.describe import describe

__all__ = ["repair"]

_SUFFIXES: Final = {Kind.KERAS: (".keras",), Kind.HDF5: HDF5_SUFFIXES, Kind.CONFIG: (".json",)}
"""The formats that can be repaired, each with the endings of their names."""
_FORMATS: Final = {Kind.KERAS: "a .keras archive", Kind.HDF5: "an HDF5 file", Kind.CONFIG: "JSON"}
_MOST: Final = 50
"""How many of the remaining findings are listed."""


def repair(given: argparse.Namespace) -> int:
    """Write a repaired copy of a saved model, or show what would change.

    Args:
        given: The parsed command line.

    Returns:
        0 if ``check`` would pass the copy; 1 if findings remain, which are listed: with errors among them, nothing is
        written without ``--partial``; 2 if the file cannot be read, or nothing in it repaired; 4 for a wrong call.
    """
    if given.output is None and not given.dry_run:
        return _print_error("give -o OUT, or --dry-run", USAGE)
    try:
        plan = _make_plan(given)
        _list_remaining(plan, given.path)
        status = _find_status(plan, given.target_keras, partial=given.partial)
        if given.dry_run:
            print(describe_changes(plan))
        if given.dry_run or not _is_written(plan, given.partial):
            return status
        from serialactivation.repairs.write_repaired_copy import repair_file  # a dry run does not need it

        with _ending_in_order():
            repair_file(pathlib.Path(given.path), pathlib.Path(given.output), plan)
    except errors.ExpressionError as error:
        return _print_error(str(error), USAGE)
    except (errors.ArchiveError, errors.RepairError) as error:
        return _print_error(str(error), NOT_DONE)
    _report(plan, given.output)
    return status


def _make_plan(given: argparse.Namespace) -> RepairPlan:
    target = given.target_keras
    replacements = [parse_replacement(text, target, ours=given.with_serialactivation) for text in given.replace]
    archive = read_archive(given.path, make_limits(given.limit or ()))
    _check_kind(archive, given.output)
    known = KnownNames(tuple(itertools.chain.from_iterable(given.known or ())))
    return plan_repair(archive, replacements, target, scaled=given.scale_hard_sigmoid, known=known)


def _check_kind(archive: Archive, output: str | None) -> None:
    """Refuse what cannot be repaired, and a name for the copy that Keras would read as the other format."""
    if archive.kind not in _SUFFIXES:
        cure = "Pass a .keras or an HDF5 file with a whole model, or its JSON."
        raise errors.RepairError(archive.path, f"it is {archive.kind.value}", cure)
    suffix, right = pathlib.Path(output or "").suffix, _SUFFIXES[archive.kind]
    if output is not None and suffix not in right and any(suffix in suffixes for suffixes in _SUFFIXES.values()):
        reason = f"the copy is {_FORMATS[archive.kind]}, and Keras recognizes a format by the end of the name"
        raise errors.RepairError(output, reason, f"Give a path that ends in {right[0]}.")


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Turn a signal that ends the process into an exception, so that an incomplete copy is removed."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set signal handlers
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _list_remaining(plan: RepairPlan, path: str) -> None:
    """Print the remaining findings, each with its cure."""
    for finding in plan.left[:_MOST]:
        _print_error(f"{finding.code}: {format_finding(finding, path)}", FINDINGS)
    if (more := len(plan.left) - _MOST) > 0:
        _print_error(f"and {more} more, which serialactivation check {shlex.quote(path)} lists", FINDINGS)


def _find_status(plan: RepairPlan, target: str | None, *, partial: bool) -> int:
    """Return the exit status, and print why nothing is written, if nothing is."""
    if _is_written(plan, partial):
        return FINDINGS if plan.left else 0
    reason = "errors are left" if target is None else f"Keras {target} would not load the copy"
    reason = reason if plan.is_needed else "none of this can be repaired with certainty"
    status = FINDINGS if plan.is_needed else NOT_DONE
    return _print_error(f"{reason}; nothing is written unless --partial is given", status)


def _is_written(plan: RepairPlan, partial: bool) -> bool:
    return plan.loads or partial


def _report(plan: RepairPlan, output: str) -> None:
    for one in plan.replaced:
        old, new = describe(one.site.stored), describe(one.new)
        print(printable(f"{one.site.layer}  {one.site.field}: {old} -> {new}", LONGEST_TEXT))
    for change in plan.changes:
        print(printable(f"{change.repair}  {change.path}: {change.what}", LONGEST_TEXT))
    for line in describe_moves(plan.moves):
        print(printable(line, LONGEST_TEXT))
    if any(is_ours(one.new) for one in plan.replaced):
        print(f"{output}: it loads only where serialactivation is imported")
    counts = {"replaced": len(plan.replaced), "repaired": len(plan.changes), "not repaired": len(plan.left)}
    done = [f"{number} {what}" for what, number in counts.items() if number]
    copied = [] if plan.is_needed else ["copied unchanged"]
    doubt = [] if plan.is_known or plan.left else ["and whether it loads is not known: serialactivation check says why"]
    nothing = [] if doubt else ["nothing to repair"]
    print(f"{output}: {', '.join([*copied, *(done or nothing), *doubt])}")


def _print_error(message: str, status: int) -> int:
    print(f"serialactivation repair: {printable_lines(message, LONGEST_TEXT)}", file=sys.stderr)
    return status
