"""Options that several commands share. Keras-free."""

import argparse
import contextlib
from collections.abc import Iterator
from typing import Any, NoReturn

from serialactivation.commands.limit_option import parse_limit
from serialactivation.commands.selection import check_codes
from serialactivation.commands.settings import check_known, check_version
from serialactivation.reports.formats import FORMATS

__all__ = ["add_known", "add_limit", "add_shared", "add_target", "read_version"]


def add_shared(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that reports findings: on findings, the report, settings and limits."""
    _add_findings(parser.add_argument_group("findings"))
    _add_report(parser.add_argument_group("report"))
    _add_settings(parser)
    add_limit(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    settings = parser.add_mutually_exclusive_group()
    settings.add_argument("--config", metavar="FILE", help="read the settings from this pyproject.toml")
    settings.add_argument("--no-config", action="store_true", help="ignore settings in pyproject.toml")


def _add_findings(group: "argparse._ArgumentGroup") -> None:
    severities = ["note", "warning", "error"]
    group.add_argument("--fail-on", choices=severities, help="the lowest severity that exits with 1 (default: warning)")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    group.add_argument("--select", type=_read_codes, metavar="CODES", help="report only these: SA101, SA1 or SA101,SA2")
    group.add_argument("--ignore", type=_read_codes, metavar="CODES", help="do not report these codes")
    group.add_argument(
        "--exclude", action="append", metavar="GLOB", help="skip files and folders of this name or path (repeatable)"
    )


def _add_report(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--format", choices=FORMATS, help="the output format (default: text)")
    group.add_argument("-o", "--output", metavar="FILE", help="write the report to FILE instead of standard output")
    group.add_argument("--schema", action=_Schema, help="print the JSON schema of --format json and exit")
    loud = group.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="print only findings and unreadable files")
    loud.add_argument("-v", "--verbose", action="store_true", help="also print skipped files and the settings used")


def add_limit(parser: argparse.ArgumentParser) -> None:
    """Add the option for the limits of the reader."""
    parser.add_argument(
        "--limit",
        type=_read_limit,
        action="append",
        metavar="NAME=NUMBER",
        help="raise or lower a limit of the reader, such as config_bytes=64MiB (repeatable)",
    )


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the option for the target Keras of a command that reports findings."""
    parser.add_argument(
        "--target-keras",
        type=read_version,
        metavar="VERSION",
        help="the Keras that will load the models (default: the newest)",
    )


def add_known(parser: argparse.ArgumentParser) -> None:
    """Add the option for the names that the project provides."""
    parser.add_argument(
        "--known",
        type=_read_known,
        action="append",
        metavar="NAMES",
        help="report nothing on these names, which the project provides: 'team>', team>swish or Bent (repeatable)",
    )


class _Schema(argparse.Action):
    """Print the JSON schema and exit, whatever the other arguments are, as ``--version`` does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from serialactivation.reports.json import read_schema  # slow to import

        print(read_schema())
        parser.exit()


def read_version(text: str) -> str:
    """Return the version of Keras that an option gives."""
    with _as_usage():
        return check_version(text)


def _read_codes(text: str) -> tuple[str, ...]:
    with _as_usage():
        return check_codes(text.split(","))


def _read_known(text: str) -> tuple[str, ...]:
    with _as_usage():
        return check_known(text.split(","))


def _read_limit(text: str) -> tuple[str, int]:
    with _as_usage():
        return parse_limit(text)


@contextlib.contextmanager
def _as_usage() -> Iterator[None]:
    """Turn an invalid value into a usage error with the same message."""
    try:
        yield
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
