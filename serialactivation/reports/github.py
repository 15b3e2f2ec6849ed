"""Findings as GitHub's annotations, which are commands in the output of a workflow. Keras-free."""

import os
from collections.abc import Iterator

from serialactivation import errors
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.regions import Region
from serialactivation.reports.budget import Budget, Unlisted, format_omitted
from serialactivation.reports.outcomes import Outcome, Outcomes, is_refusal, is_report
from serialactivation.reports.wording import format_error, format_finding
from serialactivation.rules.rule import Severity

__all__ = ["show_github"]

_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}


def show_github(outcomes: Outcomes, budget: Budget) -> str:
    """Return one line for each finding that fits, and for each file that could not be read.

    Source:
        "Workflow commands for GitHub Actions", and their escapes in ``@actions/core``, ``command.ts``.
    """
    return "\n".join(line for path, outcome in outcomes.items() for line in _show(path, outcome, budget))


def _show(path: str, outcome: Outcome, budget: Budget) -> Iterator[str]:
    if is_refusal(outcome):
        line = outcome.line if isinstance(outcome, errors.SourceError) and outcome.cell is None else None
        where = "" if line is None else f"line={line},"
        yield _annotate(Severity.ERROR, path, where, outcome.code, format_error(outcome))
    elif is_report(outcome):
        unlisted = Unlisted(outcome, budget)
        for finding in outcome.findings:
            where = _show_region(finding.region)
            shown = _annotate(finding.severity, path, where, finding.code, format_finding(finding, path))
            if unlisted.has_room(shown, finding):
                yield shown
        for code, severity, clause in format_omitted(unlisted.omitted):
            yield _annotate(severity, path, "", code, clause)


def _show_region(region: Region | None) -> str:
    """Return the region as properties; GitHub accepts columns only if the region is in one line."""
    if region is None:
        return ""
    if region.file_line is not None:  # a notebook: GitHub cannot show columns in a cell
        return f"line={region.file_line},endLine={region.file_end_line},"
    if region.line != region.end_line:
        return f"line={region.line},endLine={region.end_line},"
    return f"line={region.line},col={region.column},endColumn={region.end_column},"


def _annotate(severity: Severity, path: str, where: str, title: str, message: str) -> str:
    file = _escape_property(printable(os.path.normpath(path), LONGEST_TEXT))
    return f"::{_COMMANDS[severity]} file={file},{where}title={_escape_property(title)}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
