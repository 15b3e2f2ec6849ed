"""Findings as GitHub's annotations: commands among what a workflow prints. Keras-free."""

import os
from collections.abc import Iterator

from serialactivation.archive.outcomes import Outcomes
from serialactivation.archive.printable import printable
from serialactivation.archive.report import Report
from serialactivation.archive.severity import Severity
from serialactivation.archive.wording import say_error, say_finding
from serialactivation.errors import ArchiveError

__all__ = ["show_github"]

_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}
_LONGEST = 1000


def show_github(outcomes: Outcomes) -> str:
    """Return one line for each finding, and for each file that could not be read.

    Source:
        "Workflow commands for GitHub Actions", and their escapes in ``@actions/core``, ``command.ts``.
    """
    return "\n".join(line for path, outcome in outcomes.items() for line in _show(path, outcome))


def _show(path: str, outcome: object) -> Iterator[str]:
    if isinstance(outcome, ArchiveError):
        yield _annotate(Severity.ERROR, path, outcome.code, say_error(outcome))
    elif isinstance(outcome, Report):
        for finding in outcome.findings:
            yield _annotate(finding.severity, path, finding.code, say_finding(finding, path))


def _annotate(severity: Severity, path: str, title: str, message: str) -> str:
    where = f"file={_escape_property(printable(os.path.normpath(path), _LONGEST))},title={_escape_property(title)}"
    return f"::{_COMMANDS[severity]} {where}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
