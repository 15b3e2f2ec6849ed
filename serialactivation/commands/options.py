"""What a command that reports findings is asked for: a command line over a project's settings. Keras-free."""

import argparse
import os
from typing import NamedTuple

from serialactivation.commands.selection import Selection
from serialactivation.commands.settings import NO_SETTINGS, Settings, find_settings, read_settings
from serialactivation.commands.walk import anchor
from serialactivation.files.limits import Limits, make_limits
from serialactivation.rules.rule import Severity

__all__ = ["Options", "settle_options"]


class Options(NamedTuple):
    """What a command is asked for.

    Attributes:
        paths: Files, folders and globs.
        target: The target Keras, or None for the newest, or where the command asks for none.
        style: The format of the report, one of ``settings.FORMATS``.
        output: The file that the report goes to, or None for standard output.
        fail_on: The lowest severity that makes the exit status 1.
        exit_zero: Whether findings make the status 0.
        selections: Which findings are told; the last counts most.
        exclude: Globs of what is skipped.
        limits: The limits of the reader.
        with_weights: Whether to list each model's weights.
        quiet: Whether to tell findings alone.
        verbose: Whether to tell what is skipped, too.
        settings: The file of the project's settings, or None.
    """

    paths: tuple[str, ...]
    target: str | None
    style: str
    output: str | None
    fail_on: Severity
    exit_zero: bool
    selections: tuple[Selection, ...]
    exclude: tuple[str, ...]
    limits: Limits
    with_weights: bool
    quiet: bool
    verbose: bool
    settings: str | None


def settle_options(given: argparse.Namespace, command: str = "check") -> Options:
    """Return what is asked for: what is *given*, else what the project's settings say, else the default.

    Args:
        given: The parsed command line.
        command: The command, whose table of the settings counts.

    Raises:
        SettingsError: The settings cannot be used.
    """
    settings = _find(given, command)
    return Options(
        paths=tuple(given.paths),
        target=getattr(given, "target_keras", None) or settings.target_keras,
        style=given.format or settings.format or "text",
        output=None if given.output == "-" else given.output,
        fail_on=Severity[(given.fail_on or settings.fail_on or "warning").upper()],
        exit_zero=given.exit_zero,
        selections=(
            Selection(select=settings.select, ignore=settings.ignore),
            Selection(select=given.select, ignore=given.ignore or ()),
        ),
        exclude=(*_anchor(settings.exclude, settings.source), *_anchor(given.exclude or (), None)),
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
