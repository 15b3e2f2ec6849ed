"""Findings and the verdict as the text report shows them: equal findings are shown once. Keras-free."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from serialactivation.files.printable import printable
from serialactivation.reports.wording import format_cure
from serialactivation.rules.check import Report
from serialactivation.rules.configs.classes import CLASSES
from serialactivation.rules.configs.graphs import LATER_INPUT
from serialactivation.rules.configs.keywords import KEYWORDS
from serialactivation.rules.configs.names import NAMES, NO_TRAINING
from serialactivation.rules.configs.targets import NEWER_THAN_KNOWN
from serialactivation.rules.finding import Finding
from serialactivation.rules.provided import PROGRAM_CLASS
from serialactivation.rules.rule import Severity, Verdict

__all__ = ["Group", "format_verdict", "group"]

_ON_TARGET = (*CLASSES, *NAMES, *KEYWORDS, LATER_INPUT, NEWER_THAN_KNOWN, PROGRAM_CLASS)
_REST = frozenset(rule.code for rule in _ON_TARGET if rule is not NO_TRAINING)
"""The codes of whether the target Keras has what a config names."""

_SHOWN = 3


class Group(NamedTuple):
    """Equal findings in several places.

    Attributes:
        first: The first of them.
        more: How many more there are.
    """

    first: Finding
    more: int

    @property
    def layer(self) -> str:
        """The layers of the findings."""
        return printable(self.first.layer) + (f", and {self.more} more" if self.more else "")


def group(report: Report) -> list[Group]:
    """Return the findings of *report* that the text shows.

    Notes on the rest of the config are shown if the user asked for a target Keras, or if the model does not load for
    another reason; otherwise :func:`format_verdict` has them.
    """
    same: dict[object, list[Finding]] = {}
    for place, finding in enumerate(report.findings):
        if finding.code not in _REST:
            same[place] = [finding]
        elif not _is_in_verdict(report, finding):
            same.setdefault((finding.code, finding.evidence, finding.cure), []).append(finding)
    return [Group(found[0], len(found) - 1) for found in same.values()]


def _is_in_verdict(report: Report, finding: Finding) -> bool:
    """Return whether the line with the verdict reports a finding: the verdict is "not known", and this is a reason."""
    verdicts = report.verdicts
    is_reason = verdicts is not None and not verdicts.asked and verdicts.whole is Verdict.NOT_KNOWN
    return finding.code in _REST and finding.severity is Severity.NOTE and is_reason


def format_verdict(report: Report, path: str) -> Iterator[str]:
    """Yield the line with the verdict, if the model has a config, and what to do if the verdict is not known."""
    if report.verdicts is not None:
        found = [finding for finding in report.findings if _is_in_verdict(report, finding)]
        yield f"  on Keras {report.verdicts.target}: {report.verdicts.whole.value}{_format_reasons(found)}"
        shown = {finding.evidence: finding for finding in reversed(found)}
        cures = (format_cure(finding, path) for finding in list(reversed(shown.values()))[:_SHOWN])
        yield from (f"    {line}" for line in dict.fromkeys(itertools.chain.from_iterable(cures)))


def _format_reasons(found: list[Finding]) -> str:
    """Return why the verdict is not known, if the findings are not shown separately; they are counted."""
    if not found:
        return ""
    said = list(dict.fromkeys(finding.evidence for finding in found))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    number = f"{len(found)} notes: " if len(found) > 1 else ""
    return f" ({number}{'; '.join(map(printable, said[:_SHOWN]))}{more})"
