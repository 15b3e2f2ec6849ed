"""Findings counted, all of them, and kept, so many of each code. Keras-free."""

import collections
from collections.abc import Callable, Iterable

from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.rules.verdicts import find_worst

__all__ = ["Tally", "select"]


class Tally:
    """Findings that go by: the first of each code, and how many there are of it besides.

    Args:
        most: How many findings of one code, and of one severity, are kept.

    Attributes:
        verdict: What all of them amount to.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Finding] = []
        self.verdict = Verdict.LOADS
        self._counts: collections.Counter[tuple[str, Severity]] = collections.Counter()

    def add(self, findings: Iterable[Finding]) -> None:
        """Count *findings*, and keep the first."""
        for finding in findings:
            key = finding.code, finding.severity
            self._counts[key] += 1
            if self._counts[key] <= self._most:
                self._kept.append(finding)
            self.verdict = find_worst((self.verdict, finding.rule.verdict))

    @property
    def kept(self) -> tuple[Finding, ...]:
        """Those that are kept, in the order in which they went by."""
        return tuple(self._kept)

    @property
    def omitted(self) -> Omitted:
        """How many there are besides."""
        return {key: number - self._most for key, number in self._counts.items() if number > self._most}


def select(
    findings: Iterable[Finding], omitted: Omitted, is_told: Callable[[str], bool]
) -> tuple[tuple[Finding, ...], Omitted]:
    """Return those of *findings*, and of those that are *omitted*, whose code is told."""
    told = tuple(finding for finding in findings if is_told(finding.code))
    return told, {key: number for key, number in omitted.items() if is_told(key[0])}
