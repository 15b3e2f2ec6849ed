"""What came of looking into several saved models, and how many findings there are. Keras-free."""

from collections.abc import Iterator, Mapping

from serialactivation.archive.check import Report
from serialactivation.archive.findings import Finding, Severity
from serialactivation.errors import ArchiveError

__all__ = ["Outcomes", "count_failing", "find_all"]

Outcomes = Mapping[str, Report | ArchiveError]
"""What was found, or why nothing could be, by path."""


def find_all(outcomes: Outcomes) -> Iterator[Finding]:
    """Yield the findings in all files."""
    for outcome in outcomes.values():
        if isinstance(outcome, Report):
            yield from outcome.findings


def count_failing(outcomes: Outcomes, severity: Severity) -> int:
    """Return how many findings matter as much as *severity*, or more."""
    return sum(finding.severity >= severity for finding in find_all(outcomes))
