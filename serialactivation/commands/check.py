"""The command ``check``: how it examines a saved model. Keras-free."""

import argparse
from collections.abc import Callable

from serialactivation.commands.file_walk import Walk
from serialactivation.commands.model_examiner import ModelExaminer, is_model
from serialactivation.commands.options import Options
from serialactivation.commands.run import Command, run
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
    examiner = ModelExaminer(options.target, options.limits, options.with_weights, options.known)
    return Command(name="check", thing="saved model", examine=examiner.examine, walk=_make_walk)


def _make_walk(examine: Callable[[str], Outcome], exclude: tuple[str, ...]) -> Walk:
    return Walk(examine, exclude, is_model=is_model)
