"""Reports of saved models as text. Keras-free."""

import collections
from collections.abc import Iterator

from serialactivation.archive.check import Report
from serialactivation.archive.describe import describe
from serialactivation.archive.findings import Severity
from serialactivation.archive.outcomes import Outcomes, count_failing, find_all
from serialactivation.errors import ArchiveError

__all__ = ["show_text"]


def show_text(outcomes: Outcomes, severity: Severity) -> str:
    """Return the reports as text: each model's activations, then the findings, then a line in all.

    Args:
        outcomes: What was found.
        severity: The least that a finding must matter to be counted in the last line.
    """
    lines = [line for path, outcome in outcomes.items() for line in _show_file(path, outcome)]
    return "\n".join([*lines, _summarize(outcomes, severity)])


def _show_file(path: str, outcome: Report | ArchiveError) -> list[str]:
    if isinstance(outcome, ArchiveError):
        return [f"{path}: {outcome.code} error: {outcome.reason}. {outcome.cure}", ""]
    return [_show_heading(path, outcome), *_show_sites(outcome), *_show_findings(path, outcome), ""]


def _show_heading(path: str, report: Report) -> str:
    version = report.archive.keras_version
    return f"{path}: {report.archive.kind.value}{'' if version is None else f', Keras {version}'}"


def _show_sites(report: Report) -> Iterator[str]:
    if report.archive.config is None:
        yield "  weights only: there is no config, and so no activation, in it"
    width = max((len(site.layer) for site in report.sites), default=0)
    owners = collections.Counter(site.shared_id for site in report.sites)
    for site in report.sites:
        number = 0 if site.shared_id is None else owners[site.shared_id]
        shared = f", shared by {number}" if number > 1 else ""
        yield f"  {site.layer:{width}}  {site.field} = {describe(site.stored)}{shared}"


def _show_findings(path: str, report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield f"  {finding.code} {finding.severity.name.lower()}: {finding.layer}: {finding.evidence}"
        yield f"    at {finding.path}"
        yield f"    {finding.cure.replace('FILE', path)}"


def _summarize(outcomes: Outcomes, severity: Severity) -> str:
    counts = collections.Counter(finding.severity for finding in find_all(outcomes))
    said = ", ".join(_plural(counts[one], one.name.lower()) for one in reversed(Severity) if counts[one])
    unreadable = sum(isinstance(outcome, ArchiveError) for outcome in outcomes.values())
    failing = count_failing(outcomes, severity)
    verdict = f"{failing} to mend" if failing else "" if unreadable else "nothing to mend"
    parts = [said or "no findings", f"{unreadable} unreadable" if unreadable else "", verdict]
    return f"{_plural(len(outcomes), 'file')}: {', '.join(part for part in parts if part)}."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
