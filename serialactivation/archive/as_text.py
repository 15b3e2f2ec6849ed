"""Reports of saved models as text. Keras-free."""

import collections
from collections.abc import Iterator, Mapping
from typing import Final

from serialactivation.archive.colors import Paint
from serialactivation.archive.describe import describe
from serialactivation.archive.grouping import group, say_verdicts
from serialactivation.archive.outcomes import Outcome, Outcomes, is_refusal
from serialactivation.archive.printable import printable
from serialactivation.archive.reader import Kind
from serialactivation.archive.report import Report
from serialactivation.archive.wording import say_cure, say_error, say_path

__all__ = ["show_text"]

_WEIGHTS: Final[Mapping[bool | None, str]] = {None: "", True: ", weights in the file", False: ", weights missing"}


def show_text(outcomes: Outcomes, paint: Paint, *, quiet: bool = False) -> str:
    """Return the reports as text: each model's activations, then the findings.

    Args:
        outcomes: What was found.
        paint: What paints a text in a colour.
        quiet: Whether to show findings, and files that cannot be read, alone.
    """
    return "\n".join(line for path, outcome in outcomes.items() for line in _show_file(path, outcome, paint, quiet))


def _show_file(path: str, outcome: Outcome, paint: Paint, quiet: bool) -> Iterator[str]:
    if is_refusal(outcome):
        code = paint(f"{outcome.code} error", "error")
        yield from (f"{paint(say_path(path), 'bold')}: {code}: {say_error(outcome)}", "")
    elif isinstance(outcome, Report) and not (quiet and not group(outcome)):
        told = () if quiet else (*_show_sites(outcome), *say_verdicts(outcome))
        yield from (_show_heading(path, outcome, paint), *told, *_show_findings(path, outcome, paint), "")


def _show_heading(path: str, report: Report, paint: Paint) -> str:
    version = report.keras_version
    wrote = "" if version is None else f", Keras {printable(version)}"
    return f"{paint(say_path(path), 'bold')}: {report.kind.value}{wrote}"


def _show_sites(report: Report) -> Iterator[str]:
    if report.kind is Kind.WEIGHTS:
        yield "  weights only: there is no config, and so no activation, in it"
    layers = [printable(site.layer) for site in report.sites]
    width = max(map(len, layers), default=0)
    owners = collections.Counter(site.shared_id for site in report.sites)
    for layer, site in zip(layers, report.sites, strict=True):
        number = 0 if site.shared_id is None else owners[site.shared_id]
        shared = f", shared by {number}" if number > 1 else ""
        weights = _WEIGHTS[report.weights.get(site.steps)]
        yield f"  {layer:{width}}  {printable(site.field)} = {printable(describe(site.stored))}{shared}{weights}"


def _show_findings(path: str, report: Report, paint: Paint) -> Iterator[str]:
    for told in group(report):
        finding = told.first
        severity = finding.severity.name.lower()
        code = paint(f"{finding.code} {severity}", severity)
        yield f"  {code}: {told.layer}: {printable(finding.evidence)}"
        yield paint(f"    at {printable(finding.path, 1000)}", "dim")
        yield f"    {say_cure(finding, path)}"
