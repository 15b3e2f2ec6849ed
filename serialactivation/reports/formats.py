"""The formats of reports: each is written by a module of its own, which is imported only where needed. Keras-free."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from serialactivation.reports.budget import Budget
from serialactivation.reports.colors import Paint
from serialactivation.reports.outcomes import Outcomes, Summary
from serialactivation.rules.rule import Severity

__all__ = ["FORMATS", "Contents", "write_report"]


class Contents(NamedTuple):
    """What is reported, and how.

    Attributes:
        outcomes: The outcomes by path.
        summary: The numbers of files and findings.
        fail_on: The lowest severity that makes the exit status 1.
        budget: The room for the report.
        paint: The function that paints a text in a colour.
        quiet: Whether to report only findings and unreadable files.
    """

    outcomes: Outcomes
    summary: Summary
    fail_on: Severity
    budget: Budget
    paint: Paint
    quiet: bool


def write_report(style: str, contents: Contents) -> str:
    """Return the report in the format *style*, one of :data:`FORMATS`."""
    return _WRITERS[style](contents)


def _write_text(contents: Contents) -> str:
    from serialactivation.reports.text import show_text

    return show_text(contents.outcomes, contents.paint, contents.budget, quiet=contents.quiet)


def _write_json(contents: Contents) -> str:
    from serialactivation.reports.json import show_json

    return show_json(contents.outcomes, contents.summary, contents.fail_on, contents.budget)


def _write_sarif(contents: Contents) -> str:
    from serialactivation.reports.sarif import show_sarif
    from serialactivation.rules.registry import CODES

    return show_sarif(contents.outcomes, contents.budget, tuple(CODES.values()))


def _write_github(contents: Contents) -> str:
    from serialactivation.reports.github import show_github

    return show_github(contents.outcomes, contents.budget)


_WRITERS: Final[Mapping[str, Callable[[Contents], str]]] = {
    "text": _write_text,
    "json": _write_json,
    "sarif": _write_sarif,
    "github": _write_github,
}

FORMATS: Final = tuple(_WRITERS)
"""The names of the formats."""
