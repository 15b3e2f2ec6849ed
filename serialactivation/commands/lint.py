"""The command ``lint``: how it examines files, and how it shows the reports. Keras-free."""

import argparse
import functools
import sys
from collections.abc import Callable
from typing import Final

from serialactivation import errors
from serialactivation.commands.file_walk import Walk
from serialactivation.commands.options import Options, read_options
from serialactivation.commands.run import Command, refuse_call, run
from serialactivation.commands.selection import select
from serialactivation.files.opening import STDIN
from serialactivation.files.printable import printable_lines
from serialactivation.lint.examine import SourceExaminer
from serialactivation.lint.source_report import SourceReport
from serialactivation.reports.budget import Budget
from serialactivation.reports.colors import Paint
from serialactivation.reports.outcomes import Outcome, Outcomes, Summary
from serialactivation.reports.output import write_text
from serialactivation.rules.rule import Severity

__all__ = ["lint"]

_LONGEST: Final = 1000
_PASSED_OVER: Final = (".*", "__pycache__", "node_modules", "site-packages", "venv")
"""Folders and files of a project that are not its source; a path that is given by name is examined anyway."""


def lint(given: argparse.Namespace) -> int:
    """Find the habits in source that lose activations.

    Args:
        given: The parsed command line.

    Returns:
        0 if nothing has to be fixed, 1 for findings, 2 if a file cannot be read, 4 for a wrong call, or if there is no
        file.
    """
    try:
        options = read_options(given, "lint")
    except errors.SettingsError as error:
        return refuse_call("lint", printable_lines(str(error), _LONGEST))
    if given.diff and given.format not in (None, "text"):
        return refuse_call("lint", f"--diff cannot be used with --format {given.format}")
    if given.fix and STDIN in options.paths:
        return refuse_call("lint", "--fix edits files, and cannot edit standard input; use --diff to print the changes")
    if given.diff:  # the output has nothing but the diff
        options = options._replace(quiet=True, style="text")
    return run(_make_command(options, fix=given.fix, diff=given.diff), options)


def _make_command(options: Options, *, fix: bool, diff: bool) -> Command:
    choose = functools.partial(select, selections=options.selections)
    examiner = SourceExaminer(limits=options.limits, choose=choose, fix=fix, show=_show_difference if diff else None)
    return Command(
        name="lint",
        thing="Python source",
        walk=_make_walk,
        look=examiner.look,
        show_text=_show_nothing if diff else _show_text,
        show_json=_show_json,
    )


def _make_walk(look: Callable[[str], Outcome], exclude: tuple[str, ...]) -> Walk:
    return Walk(look, (*_PASSED_OVER, *exclude), suffixes=(".py", ".ipynb"), marks=())


def _show_difference(difference: str) -> None:
    write_text(difference.removesuffix("\n"), sys.stdout)


def _show_nothing(outcomes: Outcomes, paint: Paint, budget: Budget, quiet: bool) -> str:
    """Return only why files cannot be read, since the output has nothing but the diff."""
    refused = {path: outcome for path, outcome in outcomes.items() if not isinstance(outcome, SourceReport)}
    return _show_text(refused, paint, budget, quiet)


def _show_text(outcomes: Outcomes, paint: Paint, budget: Budget, quiet: bool) -> str:
    from serialactivation.lint.as_text import show_text  # only the module of this format is imported

    return show_text(outcomes, paint, budget, quiet=quiet)


def _show_json(outcomes: Outcomes, summary: Summary, fail_on: Severity, budget: Budget) -> str:
    from serialactivation.lint.as_json import show_json

    return show_json(outcomes, summary, fail_on, budget)
