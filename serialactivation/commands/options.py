"""The options of a command that reports findings: the command line, then the project's settings. Keras-free."""

import argparse
import itertools
import os
from typing import NamedTuple

from serialactivation.commands.file_walk import anchor
from serialactivation.commands.selection import Selection
from serialactivation.commands.settings import NO_SETTINGS, Settings, find_settings, read_settings
from serialactivation.files.limits import Limits, make_limits
from serialactivation.rules.known_names import KnownNames
from serialactivation.rules.rule import Severity

__all__ = ["Options", "read_options"]


class Options(NamedTuple):
    """The options of a command.

    Attributes:
        paths: Files, folders and globs.
        target: The target Keras, or None for the newest.
        style: The format of the report, one of :data:`~serialactivation.reports.formats.FORMATS`.
        output: The file for the report, or None for standard output.
        fail_on: The lowest severity that makes the exit status 1.
        exit_zero: Whether the exit status is 0 even with findings.
        selections: Which findings are reported; the last selection has precedence.
        exclude: Globs of paths to skip.
        known: The names that the project provides.
        limits: The limits of the reader.
        with_weights: Whether to look at each model's weights.
        quiet: Whether to report only findings and unreadable files.
        verbose: Whether to report skipped files too.
        settings: The file with the project's settings, or None.
    """

    paths: tuple[str, ...]
    target: str | None
    style: str
    output: str | None
    fail_on: Severity
    exit_zero: bool
    selections: tuple[Selection, ...]
    exclude: tuple[str, ...]
    known: KnownNames
    limits: Limits
    with_weights: bool
    quiet: bool
    verbose: bool
    settings: str | None


def read_options(given: argparse.Namespace, command: str = "check") -> Options:
    """Return the options: from the command line, else from the project's settings, else the defaults.

    Args:
        given: The parsed command line.
        command: The command, which has its own table of settings.

    Raises:
        SettingsError: The settings are invalid.
    """
    settings = _find(given, command)
    return Options(
        paths=tuple(given.paths),
        target=given.target_keras or settings.target_keras,
        style=given.format or settings.format or "text",
        output=None if given.output == "-" else given.output,
        fail_on=Severity[(given.fail_on or settings.fail_on or "warning").upper()],
        exit_zero=given.exit_zero,
        selections=(
            Selection(select=settings.select, ignore=settings.ignore),
            Selection(select=given.select, ignore=given.ignore or ()),
        ),
        exclude=(*_anchor(settings.exclude, settings.source), *_anchor(given.exclude or (), None)),
        known=KnownNames((*settings.known, *itertools.chain.from_iterable(getattr(given, "known", None) or ()))),
        limits=make_limits(given.limit or ()),
        with_weights=getattr(given, "weights", False),
        quiet=given.quiet,
        verbose=given.verbose,
        settings=settings.source,
    )


def _find(given: argparse.Namespace, command: str) -> Settings:
    if given.no_config:
        return NO_SETTINGS
    if given.config is None:
        return find_settings(os.curdir, command)
    return read_settings(given.config, command)


def _anchor(patterns: tuple[str, ...], source: str | None) -> tuple[str, ...]:
    folder = os.curdir if source is None else os.path.dirname(source) or os.curdir
    return tuple(anchor(pattern, folder) for pattern in patterns)
