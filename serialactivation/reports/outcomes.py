"""The outcomes of examining several files, and the numbers of files and findings. Keras-free."""

import collections
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeGuard

from serialactivation import errors
from serialactivation.files.refusals import Skipped
from serialactivation.rules.finding import FileReport, Finding
from serialactivation.rules.rule import Severity

__all__ = ["Outcome", "Outcomes", "Refusal", "Summary", "find_all", "is_refusal", "is_report", "summarize"]

Refusal: TypeAlias = "errors.ArchiveError | errors.SourceError"
"""Why a file cannot be read."""

Outcome: TypeAlias = "FileReport | Refusal | Skipped"
"""The report on a file, the reason why it cannot be read, or the reason why it was skipped."""

Outcomes: TypeAlias = Mapping[str, Outcome]
"""The outcomes, by path."""


class Summary(NamedTuple):
    """The numbers of files and findings.

    Attributes:
        files: Files that were read, or could not be read.
        findings: Findings, by severity.
        failing: Findings of at least the severity that the user asked for.
        unreadable: Files that could not be read.
        skipped: Files that were skipped, since they are not Keras's.
    """

    files: int
    findings: Mapping[Severity, int]
    failing: int
    unreadable: int
    skipped: int


def is_report(outcome: Outcome) -> TypeGuard[FileReport]:
    """Return whether a file could be read, so that there is a report on it, even without findings."""
    return not isinstance(outcome, Skipped) and not is_refusal(outcome)


def is_refusal(outcome: Outcome) -> TypeGuard[Refusal]:
    """Return whether a file could not be read."""
    return isinstance(outcome, errors.ActivationError)


def find_all(outcomes: Outcomes) -> Iterator[Finding]:
    """Yield the listed findings of all files."""
    for outcome in outcomes.values():
        if is_report(outcome):
            yield from outcome.findings


def summarize(outcomes: Outcomes, fail_on: Severity) -> Summary:
    """Return the numbers of files and findings in *outcomes*.

    Args:
        outcomes: The outcomes by path.
        fail_on: The lowest severity of findings that count as failing.
    """
    counts = collections.Counter(finding.severity for finding in find_all(outcomes))
    for outcome in outcomes.values():
        for (_, severity), number in outcome.omitted.items() if is_report(outcome) else ():
            counts[severity] += number
    skipped = sum(isinstance(outcome, Skipped) for outcome in outcomes.values())
    return Summary(
        files=len(outcomes) - skipped,
        findings={severity: counts[severity] for severity in Severity},
        failing=sum(number for severity, number in counts.items() if severity >= fail_on),
        unreadable=sum(map(is_refusal, outcomes.values())),
        skipped=skipped,
    )
