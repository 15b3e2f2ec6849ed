"""The size limit of a report, and the count of what does not fit. Keras-free."""

import collections
from collections.abc import Iterator

from serialactivation.rules.finding import FileReport, Finding, Omitted
from serialactivation.rules.rule import Severity

__all__ = ["Budget", "Unlisted", "format_omitted"]


class Budget:
    """The room that is left in the report on all files.

    Args:
        size: How many characters the findings and activations may take.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, text: str) -> bool:
        """Return whether *text* fits; once something does not fit, nothing more fits."""
        self._left -= len(text) if self._left >= 0 else 0
        return self._left >= 0


class Unlisted:
    """The findings on one file that are not listed: those that were only counted, and those that do not fit.

    Args:
        report: The report on the file.
        budget: The room in the report.
    """

    def __init__(self, report: FileReport, budget: Budget) -> None:
        self._budget = budget
        self._counts = collections.Counter(report.omitted)

    def has_room(self, text: str, finding: Finding, number: int = 1) -> bool:
        """Return whether *text*, which reports *number* findings, fits; if not, count them."""
        fits = self._budget.take(text)
        if not fits:
            self._counts[finding.code, finding.severity] += number
        return fits

    @property
    def omitted(self) -> Omitted:
        """How many findings are not listed, by code and severity."""
        return self._counts


def format_omitted(omitted: Omitted) -> Iterator[tuple[str, Severity, str]]:
    """Yield each code with *omitted* findings, its severity, and a clause with their number."""
    for (code, severity), number in omitted.items():
        plural = "finding is" if number == 1 else "findings are"
        yield code, severity, f"{number:,} more {plural} not listed"
