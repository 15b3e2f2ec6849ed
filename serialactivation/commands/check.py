"""The command ``check``: how it examines files, and how it shows the reports. Keras-free."""

import argparse
import sys
from typing import Final

from serialactivation import errors
from serialactivation.commands.check_path import check_path, check_stream
from serialactivation.commands.file_walk import Walk
from serialactivation.commands.options import Options, read_options
from serialactivation.commands.run import Command, refuse_call, run
from serialactivation.files.opening import STDIN
from serialactivation.files.printable import printable_lines
from serialactivation.reports.budget import Budget
from serialactivation.reports.colors import Paint
from serialactivation.reports.outcomes import Outcome, Outcomes, Summary
from serialactivation.rules.rule import Severity

__all__ = ["check"]

_LONGEST: Final = 1000


def check(given: argparse.Namespace) -> int:
    """Show the activations of saved models, and the findings on them.

    Args:
        given: The parsed command line.

    Returns:
        0 if nothing has to be fixed, 1 for findings, 2 if a file cannot be read, 4 for a wrong call, or if there is no
        file.
    """
    try:
        options = read_options(given)
    except errors.SettingsError as error:
        return refuse_call("check", printable_lines(str(error), _LONGEST))
    return run(_make_command(options), options)


def _make_command(options: Options) -> Command:
    def look_at(path: str) -> Outcome:
        if path == STDIN:
            return check_stream(sys.stdin.buffer, options.target, options.limits, with_weights=options.with_weights)
        return check_path(path, options.target, options.limits, with_weights=options.with_weights)

    return Command(
        name="check", thing="saved model", walk=Walk, look=look_at, show_text=_show_text, show_json=_show_json
    )


def _show_text(outcomes: Outcomes, paint: Paint, budget: Budget, quiet: bool) -> str:
    from serialactivation.reports.text import show_text  # only the module of this format is imported

    return show_text(outcomes, paint, budget, quiet=quiet)


def _show_json(outcomes: Outcomes, summary: Summary, fail_on: Severity, budget: Budget) -> str:
    from serialactivation.reports.json import show_json

    return show_json(outcomes, summary, fail_on, budget)
