"""Findings, all of them counted, and a limited number of each code listed. Keras-free."""

import collections
from collections.abc import Callable, Iterable

from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.rules.verdicts import find_worst

__all__ = ["FindingCounter", "select_findings"]


class FindingCounter:
    """A count of findings, with the first findings of each code.

    Args:
        most: How many findings of one code and one severity are listed.
        choose: The function that leaves out findings that are not counted.

    Attributes:
        verdict: The most serious verdict of all findings.
    """

    def __init__(self, most: int, choose: Callable[[Iterable[Finding]], Iterable[Finding]] = iter) -> None:
        self._choose = choose
        self._most = most
        self._listed: list[Finding] = []
        self.verdict = Verdict.LOADS
        self._counts: collections.Counter[tuple[str, Severity]] = collections.Counter()

    def add(self, findings: Iterable[Finding]) -> None:
        """Count *findings*, and list the first of each code."""
        for finding in self._choose(findings):
            key = finding.code, finding.severity
            self._counts[key] += 1
            if self._counts[key] <= self._most:
                self._listed.append(finding)
            self.verdict = find_worst((self.verdict, finding.rule.verdict))

    @property
    def listed(self) -> tuple[Finding, ...]:
        """The listed findings, in the order in which they were added."""
        return tuple(self._listed)

    @property
    def omitted(self) -> Omitted:
        """How many more findings there are."""
        return {key: number - self._most for key, number in self._counts.items() if number > self._most}


def select_findings(
    findings: Iterable[Finding], omitted: Omitted, is_selected: Callable[[str], bool]
) -> tuple[tuple[Finding, ...], Omitted]:
    """Return the *findings*, and the counts of the *omitted* ones, whose code is reported."""
    selected = tuple(finding for finding in findings if is_selected(finding.code))
    return selected, {key: number for key, number in omitted.items() if is_selected(key[0])}
