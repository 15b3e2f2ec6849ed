"""The command ``check``: how it examines a saved model. Keras-free."""

import argparse
import sys

from serialactivation.commands.check_path import check_path, check_stream
from serialactivation.commands.options import Options
from serialactivation.commands.run import Command, run
from serialactivation.files.opening import STDIN
from serialactivation.reports.outcomes import Outcome

__all__ = ["check"]


def check(given: argparse.Namespace) -> int:
    """Show the activations of saved models, and the findings on them.

    Args:
        given: The parsed command line.

    Returns:
        The exit status, as :func:`~serialactivation.commands.run.run` describes it.
    """
    return run(given, "check", _make_command)


def _make_command(options: Options) -> Command:
    def examine(path: str) -> Outcome:
        if path == STDIN:
            return check_stream(sys.stdin.buffer, options.target, options.limits, with_weights=options.with_weights)
        return check_path(path, options.target, options.limits, with_weights=options.with_weights)

    return Command(name="check", thing="saved model", examine=examine)
