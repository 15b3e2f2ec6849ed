"""Findings, all of them counted, and a limited number of each code listed. Keras-free."""

import collections
from collections.abc import Callable, Iterable

from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.rules.verdicts import find_worst

__all__ = ["Tally", "select"]


class Tally:
    """A count of findings, with the first findings of each code.

    Args:
        most: How many findings of one code and one severity are listed.

    Attributes:
        verdict: The most serious verdict of all findings.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Finding] = []
        self.verdict = Verdict.LOADS
        self._counts: collections.Counter[tuple[str, Severity]] = collections.Counter()

    def add(self, findings: Iterable[Finding]) -> None:
        """Count *findings*, and list the first of each code."""
        for finding in findings:
            key = finding.code, finding.severity
            self._counts[key] += 1
            if self._counts[key] <= self._most:
                self._kept.append(finding)
            self.verdict = find_worst((self.verdict, finding.rule.verdict))

    @property
    def kept(self) -> tuple[Finding, ...]:
        """The listed findings, in the order in which they were added."""
        return tuple(self._kept)

    @property
    def omitted(self) -> Omitted:
        """How many more findings there are."""
        return {key: number - self._most for key, number in self._counts.items() if number > self._most}


def select(
    findings: Iterable[Finding], omitted: Omitted, is_told: Callable[[str], bool]
) -> tuple[tuple[Finding, ...], Omitted]:
    """Return the *findings*, and the counts of the *omitted* ones, whose code is reported."""
    told = tuple(finding for finding in findings if is_told(finding.code))
    return told, {key: number for key, number in omitted.items() if is_told(key[0])}
