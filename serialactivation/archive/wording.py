"""How findings, errors and numbers are worded, for every format that has sentences. Keras-free."""

import shlex
from typing import Final

from serialactivation import errors
from serialactivation.archive.findings import Finding
from serialactivation.archive.outcomes import Refusal, Summary
from serialactivation.archive.printable import printable
from serialactivation.archive.severity import Severity
from serialactivation.archive.walk import STDIN

__all__ = ["say_cure", "say_error", "say_finding", "say_path", "say_summary"]

_LONGEST: Final = 1000
_FILE: Final = "FILE"  # the findings' word for the file that they are about


def say_path(path: str) -> str:
    """Return a path as it is shown."""
    return "<stdin>" if path == STDIN else printable(path, _LONGEST)


def say_error(error: Refusal) -> str:
    """Return why a file cannot be read, and what to do, in sentences."""
    member = (
        f"{printable(error.member)}: " if isinstance(error, errors.ArchiveError) and error.member is not None else ""
    )
    return f"{member}{printable(error.reason)}. {printable(error.cure)}"


def say_finding(finding: Finding, path: str) -> str:
    """Return what was found in the file at *path*, where if it has no lines, and what to do, in one line."""
    where = f", at {printable(finding.path, _LONGEST)}" if finding.region is None else ""
    return f"{printable(finding.layer)}: {printable(finding.evidence)}{where}: {say_cure(finding, path)}"


def say_cure(finding: Finding, path: str) -> str:
    """Return what to do about a finding in the file at *path*, as it may be typed."""
    cure = finding.cure if path == STDIN else finding.cure.replace(f" {_FILE} ", f" {shlex.quote(path)} ")
    return printable(cure, _LONGEST)


def say_summary(summary: Summary) -> str:
    """Return a line about all files."""
    counts = [(summary.findings[one], one.name.lower()) for one in reversed(Severity)]
    said = ", ".join(_plural(number, noun) for number, noun in counts if number)
    failing = f"{summary.failing} to mend" if summary.failing else ""
    parts = [
        said or "no findings",
        f"{summary.unreadable} unreadable" if summary.unreadable else "",
        failing or ("" if summary.unreadable else "nothing to mend"),
        f"{summary.skipped} skipped" if summary.skipped else "",
    ]
    return f"{_plural(summary.files, 'file')}: {', '.join(part for part in parts if part)}."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
