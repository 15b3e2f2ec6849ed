"""The command ``repair``: its output and its exit status. Keras-free."""

import contextlib
import itertools
import pathlib
import shlex
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from serialactivation import errors
from serialactivation.catalog.forms import is_ours
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

_LEFT: Final = 1
_NOT_REPAIRED: Final = 2
"""The file cannot be read, or nothing in it can be repaired."""
_USAGE: Final = 4
_SUFFIXES: Final = {Kind.KERAS: (".keras",), Kind.HDF5: HDF5_SUFFIXES, Kind.CONFIG: (".json",)}
"""The formats that can be repaired, each with the endings of their names."""
_FORMATS: Final = {Kind.KERAS: "a .keras archive", Kind.HDF5: "an HDF5 file", Kind.CONFIG: "JSON"}
_MOST: Final = 50
"""How many of the remaining findings are listed."""


def repair(
    path: str,
    replace: Sequence[str],
    *,
    output: str | None,
    dry_run: bool,
    target: str | None,
    partial: bool = False,
    ours: bool = False,
    scaled: bool = False,
    known: Iterable[Sequence[str]] | None = None,
    limits: Sequence[tuple[str, int]] = (),
) -> int:
    """Write a repaired copy of the model at *path*, or show what would change.

    Args:
        path: A ``.keras`` or HDF5 file, or the JSON of a model.
        replace: Which activations to replace, each as ``OLD=NEW``.
        output: The path of the copy.
        dry_run: Whether to show what would change, and write nothing.
        target: The target Keras, or None for the newest.
        partial: Whether to write the copy even if errors are left in it.
        ours: Whether to write a form of this package if Keras has none for a new activation.
        scaled: Whether to scale the weights of recurrent layers whose gates have the old ``hard_sigmoid``.
        known: The names that the project provides, in groups: findings on them do not remain.
        limits: Names and values of limits that differ from the defaults.

    Returns:
        0 if ``check`` would pass the copy; 1 if findings remain, which are listed: with errors among them, nothing is
        written unless *partial*; 2 if the file cannot be read, or nothing in it repaired; 4 for a wrong call.
    """
    if output is None and not dry_run:
        return _print_error("give -o OUT, or --dry-run", _USAGE)
    try:
        replacements = [parse_replacement(text, target, ours=ours) for text in replace]
        archive = read_archive(path, make_limits(limits))
        _check_kind(archive, output)
        names = KnownNames(tuple(itertools.chain.from_iterable(known or ())))
        plan = plan_repair(archive, replacements, target, scaled=scaled, known=names)
        _list_remaining(plan, path)
        status = _find_status(plan, target, partial=partial)
        if dry_run:
            print(describe_changes(plan))
        if dry_run or not _is_written(plan, partial):
            return status
        from serialactivation.repairs.write_repaired_copy import repair_file  # a dry run does not need it

        assert output is not None
        with _ending_in_order():
            repair_file(pathlib.Path(path), pathlib.Path(output), plan)
    except errors.ExpressionError as error:
        return _print_error(str(error), _USAGE)
    except (errors.ArchiveError, errors.RepairError) as error:
        return _print_error(str(error), _NOT_REPAIRED)
    _report(plan, output)
    return status


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
        _print_error(f"{finding.code}: {format_finding(finding, path)}", _LEFT)
    if (more := len(plan.left) - _MOST) > 0:
        _print_error(f"and {more} more, which serialactivation check {shlex.quote(path)} lists", _LEFT)


def _find_status(plan: RepairPlan, target: str | None, *, partial: bool) -> int:
    """Return the exit status, and print why nothing is written, if nothing is."""
    if _is_written(plan, partial):
        return _LEFT if plan.left else 0
    reason = "errors are left" if target is None else f"Keras {target} would not load the copy"
    reason = reason if plan.is_needed else "none of this can be repaired with certainty"
    status = _LEFT if plan.is_needed else _NOT_REPAIRED
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
