"""Reports of source as JSON; ``schema.json``, beside this module, describes it. Keras-free."""

from serialactivation.archive.as_json import show_as_json
from serialactivation.archive.findings import Finding
from serialactivation.archive.outcomes import Outcomes, Summary
from serialactivation.archive.severity import Severity
from serialactivation.lint.found import SourceReport

__all__ = ["show_json"]


def show_json(outcomes: Outcomes, summary: Summary, fail_on: Severity) -> str:
    """Return the reports as JSON."""
    return show_as_json(outcomes, summary, fail_on, SourceReport, _report)


def _report(path: str, report: SourceReport) -> dict[str, object]:
    return {"path": path, "mended": report.mended, "findings": [_finding(one) for one in report.findings]}


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
