"""Reports on source as text: for each finding a line that editors can follow, and its cure. Keras-free."""

import itertools
from collections.abc import Iterator

from serialactivation import errors
from serialactivation.files.printable import printable
from serialactivation.lint.source_report import SourceReport
from serialactivation.reports.budget import Budget, Rest, say_omitted
from serialactivation.reports.colors import Paint
from serialactivation.reports.outcomes import Outcome, Outcomes
from serialactivation.reports.wording import say_cure, say_path, say_refusal
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
        rest = Rest(outcome, budget)
        for finding in outcome.findings:
            text = _show_finding(path, finding, paint, quiet)
            if rest.has_room(text, finding):
                yield text
        for code, severity, clause in say_omitted(rest.omitted):
            told = paint(f"{code} {severity.name.lower()}", severity.name.lower())
            yield f"{paint(say_path(path), 'bold')}: {told}: {clause}"
        if outcome.mended:
            yield f"{paint(say_path(path), 'bold')}: {outcome.mended} fixed"
    elif isinstance(outcome, errors.SourceError):
        in_file = outcome.line is not None and outcome.cell is None
        where = f"{say_path(path)}:{outcome.line}" if in_file else say_path(path)
        reason, cure = say_refusal(outcome)
        yield f"{paint(where, 'bold')}: {paint(f'{outcome.code} error', 'error')}: {reason}\n    {cure}"


def _show_finding(path: str, finding: Finding, paint: Paint, quiet: bool) -> str:
    region, severity = finding.region, finding.severity.name.lower()
    assert region is not None
    cell = "" if region.cell is None else f"cell {region.cell}:"
    where = f"{say_path(path)}:{cell}{region.line}:{region.column}"
    code = paint(f"{finding.code} {severity}", severity)
    line = f"{paint(where, 'bold')}: {code}: {printable(finding.layer)}: {printable(finding.evidence)}"
    return line if quiet else "\n    ".join([line, *say_cure(finding, path)])
