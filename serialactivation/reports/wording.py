"""The wording of findings, errors and numbers, for every format with sentences. Keras-free."""

import os

from serialactivation import errors
from serialactivation.files.opening import STDIN
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.regions import Region
from serialactivation.reports.outcomes import Refusal, Summary
from serialactivation.rules.finding import Finding
from serialactivation.rules.pasted_commands import name_files
from serialactivation.rules.rule import Severity

__all__ = [
    "format_cell_place",
    "format_cure",
    "format_error",
    "format_finding",
    "format_path",
    "format_refusal",
    "format_summary",
]


def format_path(path: str) -> str:
    """Return a path in the form that is shown."""
    return "<stdin>" if path == STDIN else printable(path, LONGEST_TEXT)


def format_error(error: Refusal) -> str:
    """Return why a file cannot be read, and what to do, in one line."""
    return " ".join(format_refusal(error))


def format_refusal(error: Refusal) -> tuple[str, str]:
    """Return why a file cannot be read, and what to do: a line for each."""
    member = (
        f"{printable(error.member)}: " if isinstance(error, errors.ArchiveError) and error.member is not None else ""
    )
    return f"{member}{_format_cell(error)}{printable(error.reason)}.", printable(error.cure)


def _format_cell(error: Refusal) -> str:
    """Return the place in a notebook that cannot be read, or an empty string."""
    if not isinstance(error, errors.SourceError) or error.cell is None:
        return ""
    return f"cell {error.cell}: " if error.line is None else f"cell {error.cell}, line {error.line}: "


def format_finding(finding: Finding, path: str) -> str:
    """Return a finding on the file at *path* in one line: what was found, where if it has no lines, and what to do."""
    where = _format_where(finding)
    return f"{printable(finding.layer)}: {printable(finding.evidence)}{where}: {', '.join(format_cure(finding, path))}"


def _format_where(finding: Finding) -> str:
    """Return the place of a finding, if the formats have no field for it."""
    if finding.region is None:
        return f", at {printable(finding.path, LONGEST_TEXT)}"
    return "" if finding.region.cell is None else f", in {format_cell_place(finding.region)}"


def format_cell_place(region: Region) -> str:
    """Return the start of a region in a notebook's cell."""
    return f"cell {region.cell}, line {region.line}, column {region.column}"


def format_cure(finding: Finding, path: str) -> list[str]:
    """Return what to do about a finding in the file at *path*: a line to paste, and the note after it."""
    cure = name_files(finding.cure, path) if _accepts_repair(path) else finding.cure
    return [printable(line, LONGEST_TEXT) for line in (cure, finding.note) if line]


def _accepts_repair(path: str) -> bool:
    """Return whether ``repair`` accepts the file at *path*: not a folder."""
    return path != STDIN and not os.path.isdir(path)


def format_summary(summary: Summary) -> str:
    """Return a line with the numbers of files and findings."""
    counts = [(summary.findings[one], one.name.lower()) for one in reversed(Severity)]
    said = ", ".join(_plural(number, noun) for number, noun in counts if number)
    failing = f"{summary.failing} to fix" if summary.failing else ""
    parts = [
        said or "no findings",
        f"{summary.unreadable} unreadable" if summary.unreadable else "",
        failing or ("none to fix" if said and not summary.unreadable else ""),
        f"{summary.skipped} skipped" if summary.skipped else "",
    ]
    return f"{_plural(summary.files, 'file')}: {', '.join(part for part in parts if part)}."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
