"""Reports on source as JSON, which ``schema.json`` in this folder describes. Keras-free."""

import functools

from serialactivation.lint.source_report import SourceReport
from serialactivation.reports.budget import Budget, Unlisted
from serialactivation.reports.json import dump_findings, show_as_json, sum_codes
from serialactivation.reports.outcomes import Outcomes, Summary
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Severity

__all__ = ["show_json"]


def show_json(outcomes: Outcomes, summary: Summary, fail_on: Severity, budget: Budget) -> str:
    """Return the reports as JSON, as far as they fit."""
    return show_as_json(outcomes, summary, fail_on, SourceReport, functools.partial(_report, budget=budget))


def _report(path: str, report: SourceReport, budget: Budget) -> dict[str, object]:
    unlisted = Unlisted(report, budget)
    findings = list(dump_findings(report, unlisted, _finding))
    return {"path": path, "mended": report.fixed, "findings": findings, "omitted": dict(sum_codes(unlisted.omitted))}


def _finding(finding: Finding) -> dict[str, object]:
    assert finding.region is not None
    return {
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        **{name: getattr(finding.region, name) for name in ("cell", "line", "column", "end_line", "end_column")},
        "name": finding.layer,
        "inside": finding.path,
        "evidence": finding.evidence,
        "cure": finding.cure,
        "fixable": bool(finding.edits),
    }
