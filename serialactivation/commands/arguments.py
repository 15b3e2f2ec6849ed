"""The arguments of ``check``, ``lint``, ``repair`` and ``report``. Keras-free."""

import argparse
import contextlib
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from serialactivation.commands.limit_option import parse_limit
from serialactivation.commands.selection import check_codes
from serialactivation.commands.settings import check_known, check_version
from serialactivation.reports.formats import FORMATS

__all__ = ["add_check_arguments", "add_lint_arguments", "add_repair_arguments", "add_report_arguments"]


_LOADS: Final = "the Keras that will load the models"


def add_check_arguments(check: argparse.ArgumentParser) -> None:
    """Add the arguments of ``check``."""
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="a .keras, .h5 or config.json file, a folder, a glob, or - for stdin"
    )
    _add_target(check, _LOADS)
    _add_weights(check)
    _add_known(check)
    _add_shared(check)


def add_report_arguments(report: argparse.ArgumentParser) -> None:
    """Add the arguments of ``report``."""
    report.add_argument(
        "paths", nargs="+", metavar="PATH", help="a .keras, .h5 or config.json file, a folder or a glob"
    )
    report.add_argument("-o", "--output", metavar="OUT", required=True, help="the path of the page")
    report.add_argument("--against", metavar="FILE", help="a second model, to show beside one model what differs")
    _add_target(report, _LOADS)
    _add_weights(report)
    _add_known(report)
    _add_findings(report.add_argument_group("findings"))
    report.add_argument("-q", "--quiet", action="store_true", help="print only what is wrong with the call")
    report.set_defaults(format=None, verbose=False)
    _add_settings(report)
    _add_limit(report)


def add_lint_arguments(lint: argparse.ArgumentParser) -> None:
    """Add the arguments of ``lint``."""
    lint.add_argument("paths", nargs="+", metavar="PATH", help="a .py or .ipynb file, a folder, a glob, or - for stdin")
    _add_target(lint, _LOADS)
    fixing = lint.add_mutually_exclusive_group()
    fixing.add_argument("--fix", action="store_true", help="edit the files where only one fix is possible")
    fixing.add_argument("--diff", action="store_true", help="print what --fix would change, as a diff; write nothing")
    _add_shared(lint)


def add_repair_arguments(repair: argparse.ArgumentParser) -> None:
    """Add the arguments of ``repair``."""
    repair.add_argument("path", metavar="PATH", help="a .keras, .h5 or .json file")
    repair.add_argument("-o", "--output", metavar="OUT", help="the path of the copy, which must not exist yet")
    repair.add_argument("--dry-run", action="store_true", help="print what would change; write nothing")
    _add_target(repair, "the Keras that will load the copy")
    repair.add_argument(
        "--replace",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="replace a stored activation; OLD is an activation as check shows it, or a path that starts with $, and "
        "NEW is a name, package>name, or a call with keywords (repeatable)",
    )
    repair.add_argument(
        "--with-serialactivation",
        action="store_true",
        help="if Keras cannot store NEW, store it so that it loads where this package is imported",
    )
    repair.add_argument(
        "--scale-hard-sigmoid",
        action="store_true",
        help="scale the gates of recurrent layers of Keras 1 and 2, so that they compute the same in Keras 3",
    )
    repair.add_argument("--partial", action="store_true", help="write the copy even if errors are left")
    _add_known(repair)
    _add_limit(repair)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    _add_findings(parser.add_argument_group("findings"))
    _add_report(parser.add_argument_group("report"))
    _add_settings(parser)
    _add_limit(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    settings = parser.add_mutually_exclusive_group()
    settings.add_argument("--config", metavar="FILE", help="the pyproject.toml to read the settings from")
    settings.add_argument("--no-config", action="store_true", help="ignore settings in pyproject.toml")


def _add_findings(group: "argparse._ArgumentGroup") -> None:
    severities = ["note", "warning", "error"]
    group.add_argument("--fail-on", choices=severities, help="the lowest severity for exit status 1 (default: warning)")
    group.add_argument("--exit-zero", action="store_true", help="exit status 0 even if there are findings")
    group.add_argument(
        "--select",
        type=_read_codes,
        metavar="CODES",
        help="report only these codes, or codes that start like this: SA101, SA1 or SA101,SA2",
    )
    group.add_argument(
        "--ignore", type=_read_codes, metavar="CODES", help="do not report these codes, written the same way"
    )
    group.add_argument(
        "--exclude", action="append", metavar="GLOB", help="skip files and folders with this name or path (repeatable)"
    )


def _add_report(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--format", choices=FORMATS, help="the output format (default: text)")
    group.add_argument("-o", "--output", metavar="FILE", help="write the report to FILE, and not to standard output")
    group.add_argument("--schema", action=_Schema, help="print the JSON schema of --format json and exit")
    loud = group.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="print only findings, and files that cannot be read")
    loud.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="also print which files are skipped, and where the settings come from",
    )


def _add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        type=_read_limit,
        action="append",
        metavar="NAME=NUMBER",
        help="raise or lower a limit of the reader, such as config_bytes=64MiB (repeatable)",
    )


def _add_target(parser: argparse.ArgumentParser, meaning: str) -> None:
    help_ = f"{meaning} (default: the newest release)"
    parser.add_argument("--target-keras", type=_read_version, metavar="VERSION", help=help_)


def _add_weights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to compare the weights of each model with what Keras looks for (default: yes)",
    )


def _add_known(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--known",
        type=_read_known,
        action="append",
        metavar="NAMES",
        help="names that your project provides, separated by commas, on which nothing is reported, such as "
        "'team>', team>swish or Bent (repeatable)",
    )


class _Schema(argparse.Action):
    """Print the JSON schema and exit, whatever the other arguments are, as ``--version`` does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from serialactivation.reports.json import read_schema  # slow to import

        print(read_schema())
        parser.exit()


def _read_version(text: str) -> str:
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
