"""Reports on saved models and source as JSON, which ``schema.json`` in this folder describes. Keras-free."""

import collections
from collections.abc import Iterator, Sequence
from typing import Final

from serialactivation import __version__
from serialactivation.files.printable import cut
from serialactivation.files.refusals import Skipped
from serialactivation.reports.budget import Budget, Unlisted
from serialactivation.reports.json_parts import JsonText, dump
from serialactivation.reports.outcomes import Outcomes, Refusal, Summary, is_refusal
from serialactivation.rules.check import Report
from serialactivation.rules.finding import FileReport, Finding, Omitted
from serialactivation.rules.rule import Severity
from serialactivation.rules.source_report import SourceReport
from serialactivation.rules.verdicts import Verdicts
from serialactivation.tree.activations import Site
from serialactivation.tree.describe import describe

__all__ = ["FORMAT_VERSION", "read_schema", "show_json"]

_REGION: Final = ("cell", "line", "column", "end_line", "end_column")

FORMAT_VERSION: Final = 1
"""The version of the JSON format; it changes when a key does."""


def show_json(outcomes: Outcomes, summary: Summary, fail_on: Severity, budget: Budget) -> str:
    """Return outcomes as ASCII JSON, as far as they fit. Text from a file is escaped, and exact unless it was cut.

    Args:
        outcomes: The outcomes by path.
        summary: The numbers of files and findings.
        fail_on: The lowest severity that makes the exit status 1.
        budget: The room for the report.
    """
    reports = {path: outcome for path, outcome in outcomes.items() if isinstance(outcome, Report | SourceReport)}
    unreadable = [outcome for outcome in outcomes.values() if is_refusal(outcome)]
    skipped = [outcome for outcome in outcomes.values() if isinstance(outcome, Skipped)]
    text = dump(
        {
            "version": FORMAT_VERSION,
            "serialactivation": __version__,
            "files": [_file(path, report, budget) for path, report in reports.items()],
            "unreadable": [_refusal(error) for error in unreadable],
            "skipped": [one._asdict() for one in skipped],
            "summary": _summary(summary, fail_on),
        }
    )
    return text.replace("##[", r"#\u0023[")  # GitHub reads ##[ as a command, anywhere in the output of a workflow


def read_schema() -> str:
    """Return the JSON schema of the format."""
    from importlib import resources

    return resources.files("serialactivation.reports").joinpath("schema.json").read_text("utf-8").strip()


def _refusal(error: Refusal) -> dict[str, object]:
    import attrs  # already imported for the error

    return attrs.asdict(error)


def _file(path: str, report: Report | SourceReport, budget: Budget) -> dict[str, object]:
    unlisted = Unlisted(report, budget)
    if isinstance(report, SourceReport):
        findings = list(_dump_findings(report, unlisted))
        return {"path": path, "mended": report.fixed, "findings": findings, "omitted": _sum_codes(unlisted.omitted)}
    activations = [one for one in _dump_sites(report) if budget.take(one.text)]
    return {
        "path": path,
        "kind": report.kind.value,
        "keras_version": None if report.keras_version is None else cut(report.keras_version),
        "verdicts": _verdicts(report.verdicts),
        "activations": activations,
        "findings": list(_dump_findings(report, unlisted)),
        "omitted": {
            "activations": report.unlisted + len(report.sites) - len(activations),
            "findings": _sum_codes(unlisted.omitted),
        },
    }


def _dump_findings(report: FileReport, unlisted: Unlisted) -> Iterator[JsonText]:
    """Yield the findings that fit as JSON."""
    for finding in report.findings:
        dumped = JsonText.of(_finding(finding))
        if unlisted.has_room(dumped.text, finding):
            yield dumped


def _sum_codes(omitted: Omitted) -> dict[str, int]:
    """Return the number of *omitted* findings by code."""
    sums: collections.Counter[str] = collections.Counter()
    for (code, _), number in omitted.items():
        sums[code] += number
    return dict(sums)


def _finding(finding: Finding) -> dict[str, object]:
    what = {"code": finding.code, "severity": finding.severity.name.lower()}
    why = {"evidence": finding.evidence, "cure": finding.whole_cure}
    if finding.region is None:  # in a config, which has no lines
        place = {"layer": finding.layer, "path": finding.path}
        return {**what, **place, **why, "advisories": list(finding.advisories)}
    lines = {name: getattr(finding.region, name) for name in _REGION}
    return {**what, **lines, "name": finding.layer, "inside": finding.path, **why, "fixable": bool(finding.edits)}


def _verdicts(verdicts: Verdicts | None) -> dict[str, object] | None:
    if verdicts is None:
        return None
    parts = {part: getattr(verdicts, part).value for part in ("whole", "activations", "rest")}
    return {"target": verdicts.target, **parts}


def _dump_sites(report: Report) -> Iterator[JsonText]:
    for site in report.sites:
        yield JsonText.of(_site(site, report))


def _site(site: Site, report: Report) -> dict[str, object]:
    shown: Sequence[str] = ("layer", "class_name", "field", "path")
    texts = {name: cut(getattr(site, name)) for name in shown}
    stored = {"activation": describe(site.stored), "shared_object_id": site.shared_id}
    return {**texts, **stored, "weights_in_file": report.weights.get(site.steps)}


def _summary(summary: Summary, fail_on: Severity) -> dict[str, object]:
    findings = {severity.name.lower(): number for severity, number in summary.findings.items()}
    return {**summary._asdict(), "findings": findings, "fail_on": fail_on.name.lower()}
