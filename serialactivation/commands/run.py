"""Runs a command that examines files and reports findings: from its options to its exit status. Keras-free."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.commands.file_walk import Start, Walk, expand
from serialactivation.commands.options import Options, read_options
from serialactivation.commands.overwriting import find_objection
from serialactivation.commands.selection import select
from serialactivation.commands.statuses import FINDINGS, NOT_DONE, USAGE
from serialactivation.files.printable import LONGEST_TEXT, printable, printable_lines
from serialactivation.files.refusals import Skipped
from serialactivation.reports.budget import Budget
from serialactivation.reports.colors import choose_paint, without_color
from serialactivation.reports.formats import Contents, write_report
from serialactivation.reports.outcomes import Outcome, Outcomes, Summary, is_refusal, is_report, summarize
from serialactivation.reports.output import show_progress, write_file, write_text
from serialactivation.reports.wording import format_error, format_path, format_summary

__all__ = ["DIFF", "Command", "examine_all", "find_status", "refuse_call", "run", "write_output"]

DIFF: Final = "diff"
"""The format of a report that has nothing but the files that cannot be read: what is fixed is printed as a diff."""

_GIVE: Final = "Pass the path of one, or of a folder with some in it."
_MOST_NAMES: Final = 1000


class Command(NamedTuple):
    """One command: what it examines, and how.

    Attributes:
        name: The name of the command: ``check``.
        thing: What it examines, in a word or two.
        examine: The function that examines one file.
        walk: A function that makes the walk over files, from the function for one file and globs of paths to skip.
    """

    name: str
    thing: str
    examine: Callable[[str], Outcome]
    walk: Callable[[Callable[[str], Outcome], tuple[str, ...]], Walk] = Walk


def run(given: argparse.Namespace, name: str, make_command: Callable[[Options], Command]) -> int:
    """Examine all files, and report the findings.

    Args:
        given: The parsed command line.
        name: The name of the command.
        make_command: A function that makes the command from its options.

    Returns:
        0 if nothing has to be fixed, 1 for findings, 2 if a file cannot be read, 4 for a wrong call, or if there is no
        file.
    """
    try:
        options = read_options(given, name)
    except errors.SettingsError as error:
        return refuse_call(name, printable_lines(str(error), LONGEST_TEXT))
    return _examine_all(make_command(options), options)


def _examine_all(command: Command, options: Options) -> int:
    outcomes = examine_all(command, options)
    return USAGE if outcomes is None else _report(command, outcomes, options)


def examine_all(command: Command, options: Options) -> Outcomes | None:
    """Return the outcomes of all files, or None for a wrong call, after printing what is wrong with it."""
    try:
        starts = [expand(path) for path in options.paths]
    except errors.ArchiveError as error:
        refuse_call(command.name, f"{format_path(error.path)}: {format_error(error)}")
        return None
    missing = [start.pattern for start in starts if start.named and not start.paths]
    if missing:
        refuse_call(command.name, f"no file at {_list(missing)}. {_propose(missing)}")
        return None
    outcomes = _examine(command, starts, options)
    if not outcomes:
        refuse_call(command.name, f"no {command.thing} at {_list(options.paths)}. {_GIVE}")
    return outcomes or None


def _propose(missing: Iterable[str]) -> str:
    """Return what to do if nothing is at the *missing* paths: name similar paths, or say what to pass."""
    from serialactivation.catalog.near_names import suggest_names  # for mistakes alone

    near = [format_path(path) for one in missing for path in _find_near_paths(one)]
    return suggest_names(near) if near else _GIVE


def _find_near_paths(path: str) -> list[str]:
    """Return the paths in the folder of *path* that have a similar name."""
    from serialactivation.catalog.near_names import find_near

    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder or os.curdir)
    except (OSError, ValueError):
        return []
    return [os.path.join(folder, one) for one in find_near(name, sorted(names)[:_MOST_NAMES])]


def refuse_call(command: str, message: str) -> int:
    """Print what is wrong with a call of *command*, and return the exit status of a wrong call."""
    write_text(f"serialactivation {command}: {message}", sys.stderr)
    return USAGE


def _examine(command: Command, starts: list[Start], options: Options) -> Outcomes:
    def examine(path: str) -> Outcome:
        outcome = command.examine(path)
        return select(outcome, options.selections) if is_report(outcome) else outcome

    walk = command.walk(examine, options.exclude).visit(starts)
    with show_progress(walk, sys.stderr, shown=not options.quiet) as shown:
        return dict(shown)


def _report(command: Command, outcomes: Outcomes, options: Options) -> int:
    if options.output is not None and (reason := find_objection(options.output, outcomes)) is not None:
        return refuse_call(command.name, f"no report is written to {printable(options.output)}: {reason}")
    summary = summarize(outcomes, options.fail_on)
    report = _show(outcomes, summary, options)
    said = "" if options.quiet else format_summary(summary)
    if options.output is not None:
        if (refused := write_output(command.name, report, options.output)) is not None:
            return refused
        report = ""
    in_one = options.output is None and options.style == "text"
    for line in (report, said if in_one else ""):
        write_text(line, sys.stdout)
    for line in (*_notes(outcomes, options), "" if in_one else said):
        write_text(line, sys.stderr)
    return find_status(summary, options)


def write_output(command: str, report: str, path: str) -> int | None:
    """Write a report to a file; return the exit status of a wrong call if that is not possible, after printing why."""
    try:
        write_file(report, path)
    except OSError as error:
        return refuse_call(command, f"{printable(path)} cannot be written ({error.strerror or error})")
    return None


def _show(outcomes: Outcomes, summary: Summary, options: Options) -> str:
    paint = choose_paint(sys.stdout) if options.output is None else without_color
    contents = Contents(
        outcomes, summary, options.fail_on, Budget(options.limits.report_bytes), paint, quiet=options.quiet
    )
    if options.style == DIFF:  # which is printed already
        unreadable = {path: one for path, one in outcomes.items() if is_refusal(one)}
        return write_report("text", contents._replace(outcomes=unreadable))
    return write_report(options.style, contents)


def _notes(outcomes: Outcomes, options: Options) -> Iterator[str]:
    if options.verbose:
        yield f"settings: {'none' if options.settings is None else format_path(os.path.relpath(options.settings))}"
        for path, outcome in outcomes.items():
            if isinstance(outcome, Skipped):
                yield f"{format_path(path)}: skipped: {printable(outcome.reason)}"


def find_status(summary: Summary, options: Options) -> int:
    """Return the exit status of a command that found what *summary* counts."""
    if summary.unreadable:
        return NOT_DONE
    return FINDINGS if summary.failing and not options.exit_zero else 0


def _list(paths: Iterable[str]) -> str:
    return ", ".join(format_path(path) for path in paths)
