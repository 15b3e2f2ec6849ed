"""The command ``lint``: how it examines source, and fixes it. Keras-free."""

import argparse
import functools
import sys
from collections.abc import Callable
from typing import Final

from serialactivation.commands.file_walk import Walk
from serialactivation.commands.options import Options
from serialactivation.commands.run import DIFF, Command, refuse_call, run
from serialactivation.commands.selection import select
from serialactivation.files.opening import STDIN
from serialactivation.lint.examine import SourceExaminer
from serialactivation.reports.outcomes import Outcome
from serialactivation.reports.output import write_text

__all__ = ["lint"]

_SKIPPED: Final = (".*", "__pycache__", "node_modules", "site-packages", "venv")
"""Folders and files of a project that are not its source; a path that is given by name is examined anyway."""


def lint(given: argparse.Namespace) -> int:
    """Find the code in source that loses activations.

    Args:
        given: The parsed command line.

    Returns:
        The exit status, as :func:`~serialactivation.commands.run.run` describes it.
    """
    if given.diff and given.format not in (None, "text"):
        return refuse_call("lint", f"--diff cannot be used with --format {given.format}")
    if given.fix and STDIN in given.paths:
        return refuse_call("lint", "--fix edits files, and cannot edit standard input; use --diff to print the changes")
    if given.diff:  # the output has nothing but the diff
        given.quiet, given.format = True, DIFF
    return run(given, "lint", functools.partial(_make_command, fix=given.fix, diff=given.diff))


def _make_command(options: Options, *, fix: bool, diff: bool) -> Command:
    choose = functools.partial(select, selections=options.selections)
    show = _show_difference if diff else None
    examiner = SourceExaminer(limits=options.limits, choose=choose, target=options.target, fix=fix, show=show)
    return Command(name="lint", thing="Python source", examine=examiner.examine, walk=_make_walk)


def _make_walk(examine: Callable[[str], Outcome], exclude: tuple[str, ...]) -> Walk:
    return Walk(examine, (*_SKIPPED, *exclude), suffixes=(".py", ".ipynb"), marks=())


def _show_difference(difference: str) -> None:
    write_text(difference.removesuffix("\n"), sys.stdout)
