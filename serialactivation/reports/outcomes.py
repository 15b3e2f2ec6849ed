"""What came of looking into several files, and how much of what there is. Keras-free."""

import collections
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeGuard

from serialactivation import errors
from serialactivation.files.refusals import Skipped
from serialactivation.rules.finding import Finding, Told
from serialactivation.rules.rule import Severity

__all__ = ["Outcome", "Outcomes", "Refusal", "Summary", "find_all", "is_refusal", "is_told", "summarize"]

Refusal: TypeAlias = "errors.ArchiveError | errors.SourceError"
"""Why a file cannot be read."""

Outcome: TypeAlias = "Told | Refusal | Skipped"
"""What was found in a file, why nothing could be, or why nobody looked."""

Outcomes: TypeAlias = Mapping[str, Outcome]
"""The outcomes, by path."""


class Summary(NamedTuple):
    """How many files and findings there are.

    Attributes:
        files: Files that were read, or could not be.
        findings: Findings, by how much they matter.
        failing: Those of them that matter as much as was asked for, or more.
        unreadable: Files that could not be read.
        skipped: Files that are none of Keras's.
    """

    files: int
    findings: Mapping[Severity, int]
    failing: int
    unreadable: int
    skipped: int


def is_told(outcome: Outcome) -> TypeGuard[Told]:
    """Return whether something was found in a file, be it nothing that is to be said."""
    return not isinstance(outcome, Skipped) and not is_refusal(outcome)


def is_refusal(outcome: Outcome) -> TypeGuard[Refusal]:
    """Return whether a file could not be read."""
    return isinstance(outcome, errors.ActivationError)


def find_all(outcomes: Outcomes) -> Iterator[Finding]:
    """Yield the findings in all files that are told one by one."""
    for outcome in outcomes.values():
        if is_told(outcome):
            yield from outcome.findings


def summarize(outcomes: Outcomes, fail_on: Severity) -> Summary:
    """Return how much of what there is in *outcomes*.

    Args:
        outcomes: What was found.
        fail_on: The least that a finding must matter to count as failing.
    """
    counts = collections.Counter(finding.severity for finding in find_all(outcomes))
    for outcome in outcomes.values():
        for (_, severity), number in outcome.omitted.items() if is_told(outcome) else ():
            counts[severity] += number
    skipped = sum(isinstance(outcome, Skipped) for outcome in outcomes.values())
    return Summary(
        files=len(outcomes) - skipped,
        findings={severity: counts[severity] for severity in Severity},
        failing=sum(number for severity, number in counts.items() if severity >= fail_on),
        unreadable=sum(map(is_refusal, outcomes.values())),
        skipped=skipped,
    )
