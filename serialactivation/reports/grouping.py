"""Findings and the verdict as text shows them: what many layers have is told once. Keras-free."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from serialactivation.files.printable import printable
from serialactivation.reports.words import say_cure
from serialactivation.rules.check import Report
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.rules.version_rules import VERSIONS

__all__ = ["Group", "group", "say_verdict"]

_REST = frozenset(rule.code for rule in VERSIONS)
_SHOWN = 3


class Group(NamedTuple):
    """Findings that say the same of several places.

    Attributes:
        first: The first of them.
        more: How many there are besides.
    """

    first: Finding
    more: int

    @property
    def layer(self) -> str:
        """The layers that it is about."""
        return printable(self.first.layer) + (f", and {self.more} more" if self.more else "")


def group(report: Report) -> list[Group]:
    """Return the findings of *report* that are shown.

    What is not known of the rest of the config is shown where a Keras was asked for, or the model does not load for
    another reason; else :func:`say_verdict` has it.
    """
    same: dict[object, list[Finding]] = {}
    for place, finding in enumerate(report.findings):
        if finding.code not in _REST:
            same[place] = [finding]
        elif not _is_said(report, finding):
            same.setdefault((finding.code, finding.evidence, finding.cure), []).append(finding)
    return [Group(found[0], len(found) - 1) for found in same.values()]


def _is_said(report: Report, finding: Finding) -> bool:
    """Return whether the verdict says it: it is not known, and this is why."""
    verdicts = report.verdicts
    is_reason = verdicts is not None and not verdicts.asked and verdicts.whole is Verdict.NOT_KNOWN
    return finding.code in _REST and finding.severity is Severity.NOTE and is_reason


def say_verdict(report: Report, path: str) -> Iterator[str]:
    """Yield what a load does with the model at *path*, if it has a config, and what to do where that is not known."""
    if report.verdicts is not None:
        found = [finding for finding in report.findings if _is_said(report, finding)]
        yield f"  on Keras {report.verdicts.target}: {report.verdicts.whole.value}{_say_why(found)}"
        shown = {finding.evidence: finding for finding in reversed(found)}
        cures = (say_cure(finding, path) for finding in list(reversed(shown.values()))[:_SHOWN])
        yield from (f"    {line}" for line in dict.fromkeys(itertools.chain.from_iterable(cures)))


def _say_why(found: list[Finding]) -> str:
    """Return why the verdict is not known, where the findings are not shown by themselves; they are counted."""
    if not found:
        return ""
    said = list(dict.fromkeys(finding.evidence for finding in found))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    number = f"{len(found)} notes: " if len(found) > 1 else ""
    return f" ({number}{'; '.join(map(printable, said[:_SHOWN]))}{more})"
