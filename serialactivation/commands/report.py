"""The command ``report``: writes a page about saved models. Keras-free."""

import argparse
import sys
from collections.abc import Callable
from typing import Final

from serialactivation import errors
from serialactivation.commands.file_walk import Walk
from serialactivation.commands.model_examiner import ModelExaminer, is_model
from serialactivation.commands.options import Options, read_options
from serialactivation.commands.overwriting import find_objection
from serialactivation.commands.run import Command, examine_all, find_status, refuse_call, write_output
from serialactivation.commands.selection import select
from serialactivation.commands.statuses import NOT_DONE, USAGE
from serialactivation.files.opening import STDIN
from serialactivation.files.printable import LONGEST_TEXT, printable, printable_lines
from serialactivation.files.refusals import Skipped
from serialactivation.files.saved_model import read_archive
from serialactivation.pages.comparison import compare
from serialactivation.pages.extra import require
from serialactivation.pages.from_file import describe_file, describe_refusal
from serialactivation.pages.records import ModelEntry
from serialactivation.pages.write import write_page
from serialactivation.reports.outcomes import Outcome, Outcomes, summarize
from serialactivation.reports.output import write_text
from serialactivation.reports.wording import format_summary

__all__ = ["report"]

_NAME: Final = "report"


def report(given: argparse.Namespace) -> int:
    """Write a page about saved models.

    Args:
        given: The parsed command line.

    Returns:
        The status of ``check`` for these files; 2 if a package is missing that the page needs, too.
    """
    try:
        require("serialactivation report", "matplotlib", "jinja2")
        options = read_options(given, "check")
    except errors.MissingExtraError as error:
        write_text(f"serialactivation report: {error}", sys.stderr)
        return NOT_DONE
    except errors.SettingsError as error:
        return refuse_call(_NAME, printable_lines(str(error), LONGEST_TEXT))
    if (objection := _find_objection(given)) is not None:
        return refuse_call(_NAME, objection)
    return _Reporter(options, given.against).run()


def _find_objection(given: argparse.Namespace) -> str | None:
    """Return what is wrong with a call, or None."""
    if STDIN in (*given.paths, given.output, given.against):
        return "it reads and writes files. Give the path of a file in the place of -."
    if given.against is not None and len(given.paths) > 1:
        return "--against shows one model beside another. Give one PATH with it."
    return None


class _Reporter:
    """Examines models, and writes the page about them."""

    def __init__(self, options: Options, against: str | None) -> None:
        self._options = options
        self._against = against
        self._examiner = ModelExaminer(options.target, options.limits, options.with_weights, options.known)
        self._entries: dict[str, ModelEntry] = {}

    def run(self) -> int:
        """Return the exit status."""
        command = Command(name=_NAME, thing="saved model", examine=self._examine, walk=_make_walk)
        both = self._options.paths if self._against is None else (*self._options.paths, self._against)
        outcomes = examine_all(command, self._options._replace(paths=both))
        if outcomes is None:
            return USAGE
        models = [self._entries[path] for path, outcome in outcomes.items() if not isinstance(outcome, Skipped)]
        if self._against is not None and len(models) != 2:
            return refuse_call(_NAME, f"--against shows two models beside each other, and found {len(models)}")
        return self._write(models, outcomes)

    def _examine(self, path: str) -> Outcome:
        try:
            archive = read_archive(path, self._options.limits)
            outcome = select(self._examiner.judge(archive), self._options.selections)
            self._entries[path] = describe_file(archive, outcome)
        except errors.ArchiveError as error:
            self._entries[path] = describe_refusal(path, error)
            return error
        return outcome

    def _write(self, models: list[ModelEntry], outcomes: Outcomes) -> int:
        output = self._options.output
        assert output is not None
        if (reason := find_objection(output, outcomes)) is not None:
            return refuse_call(_NAME, f"no page is written to {printable(output)}: {reason}")
        comparison = None if self._against is None else compare(*models)
        summary = summarize(outcomes, self._options.fail_on)
        if (refused := write_output(_NAME, write_page(models, comparison), output)) is not None:
            return refused
        if not self._options.quiet:
            write_text(f"{printable(output, LONGEST_TEXT)}: {format_summary(summary)}", sys.stdout)
        return find_status(summary, self._options)


def _make_walk(examine: Callable[[str], Outcome], exclude: tuple[str, ...]) -> Walk:
    return Walk(examine, exclude, is_model=is_model)
