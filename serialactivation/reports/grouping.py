"""Findings and verdicts as text shows them: what many layers have is told once. Keras-free."""

from collections.abc import Iterator
from typing import NamedTuple

from serialactivation.files.printable import printable
from serialactivation.rules.check import Report
from serialactivation.rules.codes.versions import REST
from serialactivation.rules.finding import Finding
from serialactivation.rules.severity import Severity
from serialactivation.rules.verdicts import Verdict

__all__ = ["Group", "group", "say_verdicts"]

_REST = frozenset(entry.code for entry in REST)
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

    What is not known of the rest of the config is shown where a Keras was asked for; else :func:`say_verdicts` has it.
    """
    same: dict[object, list[Finding]] = {}
    for place, finding in enumerate(report.findings):
        if finding.code not in _REST:
            same[place] = [finding]
        elif not _is_said(report, finding):
            same.setdefault((finding.code, finding.evidence, finding.cure), []).append(finding)
    return [Group(found[0], len(found) - 1) for found in same.values()]


def _is_said(report: Report, finding: Finding) -> bool:
    asked = report.verdicts is not None and report.verdicts.asked
    return finding.code in _REST and finding.severity is Severity.NOTE and not asked


def say_verdicts(report: Report) -> Iterator[str]:
    """Yield a line for each verdict; where no Keras was asked for, that on the rest of the config alone."""
    if report.verdicts is None:
        return
    on = f"on Keras {report.verdicts.target}"
    if report.verdicts.asked:
        yield f"  activations {on}: {report.verdicts.activations.value}"
    yield f"  rest of the config {on}: {report.verdicts.rest.value}{_say_why(report)}"


def _say_why(report: Report) -> str:
    """Return why the verdict is not known, where the findings are not shown by themselves."""
    said = list(dict.fromkeys(finding.evidence for finding in report.findings if _is_said(report, finding)))
    if not said or report.verdicts is None or report.verdicts.rest is not Verdict.NOT_KNOWN:
        return ""
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return f" ({'; '.join(map(printable, said[:_SHOWN]))}{more})"
