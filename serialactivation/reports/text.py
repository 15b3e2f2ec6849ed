"""Reports on saved models and source as text. Keras-free."""

import collections
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from serialactivation import errors
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.saved_model import Kind
from serialactivation.reports.budget import Budget, Unlisted, format_omitted
from serialactivation.reports.colors import Paint
from serialactivation.reports.grouping import Group, format_verdict, group
from serialactivation.reports.outcomes import Outcome, Outcomes, Refusal, is_refusal
from serialactivation.reports.wording import format_cure, format_path, format_refusal
from serialactivation.rules.check import Report
from serialactivation.rules.finding import Finding
from serialactivation.rules.source_report import SourceReport
from serialactivation.tree.describe import describe

__all__ = ["show_text"]

_WEIGHTS: Final[Mapping[bool | None, str]] = {None: "", True: ", weights in the file", False: ", weights missing"}


def show_text(outcomes: Outcomes, paint: Paint, budget: Budget, *, quiet: bool = False) -> str:
    """Return the reports as text.

    For a model, these are the verdict, its activations, then the findings; for source, a line for each finding, which
    editors can follow, with its cure below.

    Args:
        outcomes: The outcomes by path.
        paint: The function that paints a text in a colour.
        budget: The room for the report.
        quiet: Whether to show only findings and files that cannot be read; of source, without the cures.
    """
    shown = (_show_file(path, outcome, paint, budget, quiet) for path, outcome in outcomes.items())
    return "\n".join(itertools.chain.from_iterable(shown))


def _show_file(path: str, outcome: Outcome, paint: Paint, budget: Budget, quiet: bool) -> Iterator[str]:
    if isinstance(outcome, SourceReport):
        yield from _show_source(path, outcome, paint, Unlisted(outcome, budget), quiet)
    elif is_refusal(outcome):
        yield from _show_refusal(path, outcome, paint)
    elif isinstance(outcome, Report) and not (quiet and not group(outcome)):
        yield _show_heading(path, outcome, paint)
        if not quiet:
            yield from format_verdict(outcome, path)
            yield from _show_first(_show_sites(outcome), outcome.unlisted, budget)
        yield from _show_findings(path, outcome, paint, Unlisted(outcome, budget))
        yield ""


def _show_refusal(path: str, error: Refusal, paint: Paint) -> Iterator[str]:
    is_source = isinstance(error, errors.SourceError)
    line = error.line if isinstance(error, errors.SourceError) and error.cell is None else None
    where = format_path(path) if line is None else f"{format_path(path)}:{line}"
    reason, cure = format_refusal(error)
    yield f"{paint(where, 'bold')}: {paint(f'{error.code} error', 'error')}: {reason}"
    yield f"    {cure}"
    if not is_source:
        yield ""


def _show_source(path: str, report: SourceReport, paint: Paint, unlisted: Unlisted, quiet: bool) -> Iterator[str]:
    file = paint(format_path(path), "bold")
    for finding in report.findings:
        text = _show_source_finding(path, finding, paint, quiet)
        if unlisted.has_room(text, finding):
            yield text
    yield from (f"{file}: {line}" for line in _show_omitted(unlisted, paint))
    if report.fixed:
        yield f"{file}: {report.fixed} fixed"


def _show_source_finding(path: str, finding: Finding, paint: Paint, quiet: bool) -> str:
    region = finding.region
    assert region is not None
    cell = "" if region.cell is None else f"cell {region.cell}:"
    where = paint(f"{format_path(path)}:{cell}{region.line}:{region.column}", "bold")
    line = f"{where}: {_show_code(finding, paint)}: {printable(finding.layer)}: {printable(finding.evidence)}"
    return line if quiet else "\n    ".join([line, *format_cure(finding, path)])


def _show_heading(path: str, report: Report, paint: Paint) -> str:
    version = report.keras_version
    wrote = "" if version is None else f", Keras {printable(version)}"
    return f"{paint(format_path(path), 'bold')}: {report.kind.value}{wrote}"


def _show_sites(report: Report) -> Iterator[str]:
    if report.unread:
        yield f"  weights not looked at: {report.unread}"
    if report.kind is Kind.WEIGHTS:
        yield "  weights only: there is no config, and therefore no activation"
    layers = [printable(site.layer) for site in report.sites]
    width = max(map(len, layers), default=0)
    owners = collections.Counter(site.shared_id for site in report.sites)
    for layer, site in zip(layers, report.sites, strict=True):
        number = 0 if site.shared_id is None else owners[site.shared_id]
        shared = f", shared by {number}" if number > 1 else ""
        weights = _WEIGHTS[report.weights.get(site.steps)]
        yield f"  {layer:{width}}  {printable(site.field)} = {printable(describe(site.stored))}{shared}{weights}"


def _show_first(lines: Iterable[str], others: int, budget: Budget) -> Iterator[str]:
    """Yield the *lines* that fit, and a line with the number of the others."""
    for line in lines:
        if budget.take(line):
            yield line
        else:
            others += 1
    if others:
        yield f"  {others:,} more {'activation is' if others == 1 else 'activations are'} not listed"


def _show_findings(path: str, report: Report, paint: Paint, unlisted: Unlisted) -> Iterator[str]:
    for found in group(report):
        text = _show_group(path, found, paint)
        if unlisted.has_room(text, found.first, found.more + 1):
            yield text
    yield from (f"  {line}" for line in _show_omitted(unlisted, paint))


def _show_omitted(unlisted: Unlisted, paint: Paint) -> Iterator[str]:
    for code, severity, clause in format_omitted(unlisted.omitted):
        name = severity.name.lower()
        yield f"{paint(f'{code} {name}', name)}: {clause}"


def _show_group(path: str, found: Group, paint: Paint) -> str:
    finding = found.first
    where = paint(f"    at {printable(finding.path, LONGEST_TEXT)}", "dim")
    number = f" ({found.more + 1})" if found.more else ""
    cure = "".join(f"\n    {line}" for line in format_cure(finding, path))
    evidence = printable(finding.evidence)
    return f"  {_show_code(finding, paint)}{number}: {found.layer}: {evidence}\n{where}{cure}"


def _show_code(finding: Finding, paint: Paint) -> str:
    severity = finding.severity.name.lower()
    return paint(f"{finding.code} {severity}", severity)
