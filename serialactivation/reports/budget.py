"""How much a report may tell, and what there is no room for. Keras-free."""

import collections
from collections.abc import Iterator

from serialactivation.rules.finding import Finding, Omitted, Told
from serialactivation.rules.rule import Severity

__all__ = ["Budget", "Rest", "say_omitted"]


class Budget:
    """The room that is left in a report on all files.

    Args:
        size: How many characters its findings and activations may take.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, text: str) -> bool:
        """Return whether there is room for *text*; where there was none once, there is none any more."""
        self._left -= len(text) if self._left >= 0 else 0
        return self._left >= 0


class Rest:
    """What is not told one by one of one file: what was only counted as it was read, and what finds no room.

    Args:
        told: What was found in the file.
        budget: The room in the report.
    """

    def __init__(self, told: Told, budget: Budget) -> None:
        self._budget = budget
        self._counts = collections.Counter(told.omitted)

    def has_room(self, text: str, finding: Finding, number: int = 1) -> bool:
        """Return whether there is room for *text*, which reports *number* findings; if not, count them."""
        fits = self._budget.take(text)
        if not fits:
            self._counts[finding.code, finding.severity] += number
        return fits

    @property
    def omitted(self) -> Omitted:
        """How many findings are not told one by one, by code and how much they matter."""
        return self._counts


def say_omitted(omitted: Omitted) -> Iterator[tuple[str, Severity, str]]:
    """Yield each code with findings that are *omitted*, how much they matter, and a clause on how many there are."""
    for (code, severity), number in omitted.items():
        plural = "finding is" if number == 1 else "findings are"
        yield code, severity, f"{number:,} more {plural} not listed"
