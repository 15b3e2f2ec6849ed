"""The command ``check``: how it examines a saved model. Keras-free."""

import argparse
import sys
from collections.abc import Callable
from typing import TypedDict

from serialactivation.commands.model_examiner import check_path, check_stream, skip_others
from serialactivation.commands.file_walk import Walk
from serialactivation.commands.options import Options
from serialactivation.commands.run import Command, run
from serialactivation.files.opening import STDIN
from serialactivation.reports.outcomes import Outcome
from serialactivation.rules.known_names import KnownNames

__all__ = ["check"]


class _Keywords(TypedDict):
    with_weights: bool
    known: KnownNames


def check(given: argparse.Namespace) -> int:
    """Show the activations of saved models, and the findings on them.

    Args:
        given: The parsed command line.

    Returns:
        The exit status, as :func:`~serialactivation.commands.run.run` describes it.
    """
    return run(given, "check", _make_command)


def _make_command(options: Options) -> Command:
    keywords: _Keywords = {"with_weights": options.with_weights, "known": options.known}

    def examine(path: str) -> Outcome:
        if path == STDIN:
            return check_stream(sys.stdin.buffer, options.target, options.limits, **keywords)
        return check_path(path, options.target, options.limits, **keywords)

    return Command(name="check", thing="saved model", examine=examine, walk=_make_walk)


def _make_walk(examine: Callable[[str], Outcome], exclude: tuple[str, ...]) -> Walk:
    return Walk(examine, exclude, skip=skip_others)
