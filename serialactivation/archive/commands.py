"""The commands ``check`` and ``repair``: what they print, and the status that they end with. Keras-free."""

import pathlib
import sys
from collections.abc import Sequence
from typing import Final

from serialactivation.archive.check import Report, check_file, find_files
from serialactivation.archive.findings import Severity
from serialactivation.archive.reader import Kind, read_archive
from serialactivation.archive.repair import describe_changes, repair_file
from serialactivation.archive.replace import parse_replacement
from serialactivation.archive.show import describe, show_json, show_text
from serialactivation.errors import ArchiveError, ExpressionError, RepairError

__all__ = ["check", "repair"]

_FINDINGS: Final = 1
_UNREADABLE: Final = 2
_USAGE: Final = 4


def check(paths: Sequence[str], *, target: str | None, style: str, fail_on: str) -> int:
    """Show the activations of the models that *paths* lead to, and what is to be said of them.

    Args:
        paths: Files, folders and globs.
        target: The Keras that is to load them, or None for the newest.
        style: ``text`` or ``json``.
        fail_on: The least severity that makes the status 1: ``note``, ``warning`` or ``error``.

    Returns:
        0 where there is nothing to mend, 1 for findings, 2 where a file cannot be read, 4 where there is no file.
    """
    outcomes: dict[str, Report | ArchiveError] = {}
    for path in find_files(paths):
        try:
            outcomes[path] = check_file(path, target)
        except ArchiveError as error:
            outcomes[path] = error
    if not outcomes:
        print(f"serialactivation check: no saved model at {', '.join(paths)}", file=sys.stderr)
        return _USAGE
    severity = Severity[fail_on.upper()]
    print(show_json(outcomes) if style == "json" else show_text(outcomes, severity))
    if any(isinstance(outcome, ArchiveError) for outcome in outcomes.values()):
        return _UNREADABLE
    reports = [outcome for outcome in outcomes.values() if isinstance(outcome, Report)]
    found = any(finding.severity >= severity for report in reports for finding in report.findings)
    return _FINDINGS if found else 0


def repair(path: str, replace: Sequence[str], *, output: str | None, dry_run: bool, target: str | None) -> int:
    """Write a copy of the model at *path* with its activations replaced, or show what would change.

    Args:
        path: A ``.keras`` or HDF5 file.
        replace: What to replace, each as ``OLD=NEW``.
        output: Where the copy goes.
        dry_run: Whether to show what would change, and write nothing.
        target: The Keras that is to load it, or None for the newest.

    Returns:
        0 where it is done, 2 where the file cannot be read or mended, 4 where it is called wrongly.
    """
    if output is None and not dry_run:
        return _complain("give -o OUT, or --dry-run", _USAGE)
    try:
        replacements = [parse_replacement(text, target) for text in replace]
        archive = read_archive(path)
        if archive.kind not in (Kind.KERAS, Kind.HDF5):
            raise RepairError(path, f"it is {archive.kind.value}", "Give a .keras or an HDF5 file with a whole model.")
        if dry_run:
            print(describe_changes(archive.config, replacements))
            return 0
        assert output is not None
        changes = repair_file(pathlib.Path(path), pathlib.Path(output), archive.config, replacements)
    except ExpressionError as error:
        return _complain(str(error), _USAGE)
    except (ArchiveError, RepairError) as error:
        return _complain(str(error), _UNREADABLE)
    for change in changes:
        print(f"{change.site.layer}  {change.site.field}: {describe(change.site.stored)} -> {describe(change.new)}")
    print(f"{output}: {len(changes)} replaced" if changes else f"{output}: an exact copy, with nothing to replace")
    return 0


def _complain(message: str, status: int) -> int:
    print(f"serialactivation repair: {message}", file=sys.stderr)
    return status
