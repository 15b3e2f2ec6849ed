"""Reports on saved models as text. Keras-free."""

import collections
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.saved_model import Kind
from serialactivation.reports.budget import Budget, Unlisted, format_omitted
from serialactivation.reports.colors import Paint
from serialactivation.reports.grouping import Group, format_verdict, group
from serialactivation.reports.outcomes import Outcome, Outcomes, is_refusal
from serialactivation.reports.wording import format_cure, format_path, format_refusal
from serialactivation.rules.check import Report
from serialactivation.tree.describe import describe

__all__ = ["show_text"]

_WEIGHTS: Final[Mapping[bool | None, str]] = {None: "", True: ", weights in the file", False: ", weights missing"}


def show_text(outcomes: Outcomes, paint: Paint, budget: Budget, *, quiet: bool = False) -> str:
    """Return the reports as text: for each model the verdict, its activations, then the findings.

    Args:
        outcomes: The outcomes by path.
        paint: The function that paints a text in a colour.
        budget: The room for the report.
        quiet: Whether to show only findings and files that cannot be read.
    """
    shown = (_show_file(path, outcome, paint, budget, quiet) for path, outcome in outcomes.items())
    return "\n".join(itertools.chain.from_iterable(shown))


def _show_file(path: str, outcome: Outcome, paint: Paint, budget: Budget, quiet: bool) -> Iterator[str]:
    if is_refusal(outcome):
        code = paint(f"{outcome.code} error", "error")
        reason, cure = format_refusal(outcome)
        yield from (f"{paint(format_path(path), 'bold')}: {code}: {reason}", f"    {cure}", "")
    elif isinstance(outcome, Report) and not (quiet and not group(outcome)):
        yield _show_heading(path, outcome, paint)
        if not quiet:
            yield from format_verdict(outcome, path)
            yield from _show_first(_show_sites(outcome), outcome.unlisted, budget)
        yield from _show_findings(path, outcome, paint, Unlisted(outcome, budget))
        yield ""


def _show_heading(path: str, report: Report, paint: Paint) -> str:
    version = report.keras_version
    wrote = "" if version is None else f", Keras {printable(version)}"
    return f"{paint(format_path(path), 'bold')}: {report.kind.value}{wrote}"


def _show_sites(report: Report) -> Iterator[str]:
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
        text = _show_finding(path, found, paint)
        if unlisted.has_room(text, found.first, found.more + 1):
            yield text
    for code, severity, clause in format_omitted(unlisted.omitted):
        name = severity.name.lower()
        yield f"  {paint(f'{code} {name}', name)}: {clause}"


def _show_finding(path: str, found: Group, paint: Paint) -> str:
    finding = found.first
    severity = finding.severity.name.lower()
    code = paint(f"{finding.code} {severity}", severity)
    where = paint(f"    at {printable(finding.path, LONGEST_TEXT)}", "dim")
    number = f" ({found.more + 1})" if found.more else ""
    cure = "".join(f"\n    {line}" for line in format_cure(finding, path))
    return f"  {code}{number}: {found.layer}: {printable(finding.evidence)}\n{where}{cure}"
