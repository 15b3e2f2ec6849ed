"""Fixes source: edits at exact places, everything else stays the same, byte for byte. Keras-free."""

import difflib
from collections.abc import Callable, Iterable

from serialactivation import errors
from serialactivation.files.atomic import write_atomically
from serialactivation.files.refusals import Code
from serialactivation.rules.finding import Finding
from serialactivation.rules.source_report import SourceReport
from serialactivation.syntax.text.source import Source

__all__ = ["fix_source", "show_difference", "write_source"]

_ROUNDS = 10
"""How many times edited source is examined again: overlapping findings take several rounds."""


def fix_source(source: Source, lint: Callable[[Source], SourceReport]) -> tuple[Source, SourceReport]:
    """Return the fixed source, and the report on it.

    Args:
        source: The source.
        lint: The function that finds what to fix.
    """
    report = lint(source)
    fixed = 0
    for _ in range(_ROUNDS):
        fixable = [one for one in report.findings if one.edits]
        better = _apply(source, fixable)
        if better is None:
            break
        fixed += len(fixable)
        source, report = better, lint(better)
    return source, SourceReport(path=report.path, findings=report.findings, fixed=fixed)


def _apply(source: Source, findings: Iterable[Finding]) -> Source | None:
    """Return *source* with the edits applied, or None if there are none, or they cannot be applied."""
    edits = {edit for finding in findings for edit in finding.edits}
    return source.edit(edits) if edits else None


def show_difference(before: Source, after: Source) -> str:
    """Return the unified diff of two sources; for a notebook, one diff for each cell that differs."""
    if before.notebook is None or after.notebook is None:
        return _compare(before.text.whole, after.text.whole, before.path)
    pairs = zip(before.notebook.cells, after.notebook.cells, strict=True)
    return "".join(_compare(old.text, new.text, f"{before.path}:cell {old.number}") for old, new in pairs)


def _compare(before: str, after: str, name: str) -> str:
    old, new = (one.splitlines(keepends=True) for one in (before, after))
    lines = difflib.unified_diff(old, new, name, name)
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write_source(source: Source) -> None:
    """Write *source* to its file, completely or not at all.

    Raises:
        SourceError: It cannot be written.
    """
    try:
        write_atomically(source.data, source.path)
    except OSError as error:
        reason = f"it cannot be written ({error.strerror or error})"
        raise errors.SourceError(source.path, Code.UNREADABLE.value, reason, "Make the file writable.") from error
