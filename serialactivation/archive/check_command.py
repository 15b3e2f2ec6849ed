"""The command ``check``: what it prints, and the status that it ends with. Keras-free."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from serialactivation.archive.colors import choose_paint, plain
from serialactivation.archive.look import look, look_at_stream
from serialactivation.archive.options import Options, settle_options
from serialactivation.archive.outcomes import Outcome, Outcomes, Skipped, Summary, summarize
from serialactivation.archive.output import counting, write_file, write_text
from serialactivation.archive.printable import printable
from serialactivation.archive.selection import select
from serialactivation.archive.walk import STDIN, Start, Walk, expand
from serialactivation.archive.wording import say_path, say_summary
from serialactivation.errors import SettingsError

__all__ = ["check"]

_FINDINGS: Final = 1
_UNREADABLE: Final = 2
_USAGE: Final = 4
_LONGEST: Final = 1000


def check(given: argparse.Namespace) -> int:
    """Show the activations of saved models, and what is to be said of them.

    Args:
        given: The command line, as it was read.

    Returns:
        0 where there is nothing to mend, 1 for findings, 2 where a file cannot be read, 4 for a wrong call, or where
        there is no file.
    """
    try:
        options = settle_options(given)
    except SettingsError as error:
        return _complain(printable(str(error), _LONGEST))
    starts = [expand(path) for path in options.paths]
    missing = [start.pattern for start in starts if start.named and not start.paths]
    if missing:
        return _complain(f"no file at {_list(missing)}")
    outcomes = _look_at_all(starts, options)
    if not outcomes:
        return _complain(f"no saved model at {_list(options.paths)}")
    return _report(outcomes, options)


def _look_at_all(starts: list[Start], options: Options) -> Outcomes:
    def look_at(path: str) -> Outcome:
        if path == STDIN:
            found = look_at_stream(sys.stdin.buffer, options.target, options.limits, with_weights=options.with_weights)
        else:
            found = look(path, options.target, options.limits, with_weights=options.with_weights)
        return select(found, options.selections)

    walk = Walk(look_at, options.exclude).visit(starts)
    with counting(walk, sys.stderr, shown=not options.quiet) as counted:
        return dict(counted)


def _report(outcomes: Outcomes, options: Options) -> int:
    summary = summarize(outcomes, options.fail_on)
    report = _show(outcomes, summary, options)
    said = "" if options.quiet else say_summary(summary)
    if options.output is not None:
        try:
            write_file(report, options.output)
        except OSError as error:
            return _complain(f"{printable(options.output)} cannot be written ({error.strerror or error})")
        report = ""
    in_one = options.output is None and options.style == "text"
    for line in (report, said if in_one else ""):
        write_text(line, sys.stdout)
    for line in (*_notes(outcomes, options), "" if in_one else said):
        write_text(line, sys.stderr)
    return _status(summary, options)


def _show(outcomes: Outcomes, summary: Summary, options: Options) -> str:
    """Return the report; only the module of its format is imported."""
    match options.style:
        case "json":
            from serialactivation.archive.as_json import show_json

            return show_json(outcomes, summary, options.fail_on)
        case "sarif":
            from serialactivation.archive.as_sarif import show_sarif

            return show_sarif(outcomes)
        case "github":
            from serialactivation.archive.as_github import show_github

            return show_github(outcomes)
        case _:
            from serialactivation.archive.as_text import show_text

            paint = choose_paint(sys.stdout) if options.output is None else plain
            return show_text(outcomes, paint, quiet=options.quiet)


def _notes(outcomes: Outcomes, options: Options) -> Iterator[str]:
    if options.verbose:
        yield f"settings: {'none' if options.settings is None else say_path(os.path.relpath(options.settings))}"
        for path, outcome in outcomes.items():
            if isinstance(outcome, Skipped):
                yield f"{say_path(path)}: skipped: {printable(outcome.reason)}"


def _status(summary: Summary, options: Options) -> int:
    if summary.unreadable:
        return _UNREADABLE
    return _FINDINGS if summary.failing and not options.exit_zero else 0


def _complain(message: str) -> int:
    write_text(f"serialactivation check: {message}", sys.stderr)
    return _USAGE


def _list(paths: Iterable[str]) -> str:
    return ", ".join(say_path(path) for path in paths)
