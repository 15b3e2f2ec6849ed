"""Reports on source as text: for each finding a line that editors can follow, and its cure. Keras-free."""

import itertools
from collections.abc import Iterator

from serialactivation import errors
from serialactivation.files.printable import printable
from serialactivation.lint.source_report import SourceReport
from serialactivation.reports.budget import Budget, Unlisted, format_omitted
from serialactivation.reports.colors import Paint
from serialactivation.reports.outcomes import Outcome, Outcomes
from serialactivation.reports.wording import format_cure, format_path, format_refusal
from serialactivation.rules.finding import Finding

__all__ = ["show_text"]


def show_text(outcomes: Outcomes, paint: Paint, budget: Budget, *, quiet: bool) -> str:
    """Return the reports as text.

    Args:
        outcomes: The outcomes by path.
        paint: The function that paints a text in a colour.
        budget: The room for the report.
        quiet: Whether to omit the cures of findings.
    """
    shown = (_show_file(path, outcome, paint, budget, quiet) for path, outcome in outcomes.items())
    return "\n".join(itertools.chain.from_iterable(shown))


def _show_file(path: str, outcome: Outcome, paint: Paint, budget: Budget, quiet: bool) -> Iterator[str]:
    if isinstance(outcome, SourceReport):
        unlisted = Unlisted(outcome, budget)
        for finding in outcome.findings:
            text = _show_finding(path, finding, paint, quiet)
            if unlisted.has_room(text, finding):
                yield text
        for code, severity, clause in format_omitted(unlisted.omitted):
            shown = paint(f"{code} {severity.name.lower()}", severity.name.lower())
            yield f"{paint(format_path(path), 'bold')}: {shown}: {clause}"
        if outcome.fixed:
            yield f"{paint(format_path(path), 'bold')}: {outcome.fixed} fixed"
    elif isinstance(outcome, errors.SourceError):
        in_file = outcome.line is not None and outcome.cell is None
        where = f"{format_path(path)}:{outcome.line}" if in_file else format_path(path)
        reason, cure = format_refusal(outcome)
        yield f"{paint(where, 'bold')}: {paint(f'{outcome.code} error', 'error')}: {reason}\n    {cure}"


def _show_finding(path: str, finding: Finding, paint: Paint, quiet: bool) -> str:
    region, severity = finding.region, finding.severity.name.lower()
    assert region is not None
    cell = "" if region.cell is None else f"cell {region.cell}:"
    where = f"{format_path(path)}:{cell}{region.line}:{region.column}"
    code = paint(f"{finding.code} {severity}", severity)
    line = f"{paint(where, 'bold')}: {code}: {printable(finding.layer)}: {printable(finding.evidence)}"
    return line if quiet else "\n    ".join([line, *format_cure(finding, path)])
