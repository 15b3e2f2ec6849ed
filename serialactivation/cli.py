"""The command line: reads the arguments, imports the command that is asked for, and hands them on.

Nothing here needs Keras: a command imports it when it is chosen, if it has to.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from serialactivation import __version__

__all__ = ["main"]

USAGE: Final = 4
"""The exit status of a wrong call of ``check`` or ``repair``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* asks for.

    Args:
        argv: The arguments after the program's name; by default those of this process.

    Returns:
        The exit status: 0 for success, 1 for a finding, 2 where the command cannot run, or cannot read a file; 4 where
        ``check`` or ``repair`` is called wrongly.
    """
    arguments = _parser().parse_args(argv)
    status: int = arguments.run(arguments)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="serialactivation", description="Keras layers whose activations come back from disk."
    )
    parser.add_argument("--version", action="version", version=f"serialactivation {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    demo = commands.add_parser(
        "demo",
        help="train a network, load it in a second process, and compare",
        description="Train a small network on handwritten digits, load it in a second process, and compare the two. "
        "Beside each part: what stock Keras does with it, found in the same run.",
    )
    demo.add_argument(
        "--epochs", type=_positive, default=12, metavar="N", help="epochs of training before the save (default: 12)"
    )
    demo.add_argument("--output", type=Path, metavar="DIR", help="keep the saved models and the facts in DIR")
    demo.set_defaults(run=_demo)
    _add_check(commands)
    _add_repair(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """A command's parser, with a status of its own for a wrong call."""

    def __init__(self, *args: Any, usage_status: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usage_status = usage_status

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(self._usage_status, f"{self.prog}: error: {message}\n")


def _add_check(commands: "argparse._SubParsersAction[_Parser]") -> None:
    check = commands.add_parser(
        "check",
        usage_status=USAGE,
        help="show a saved model's activations, and what would be lost",
        description="Show the activations of saved models, and what would be lost, changed or run on a load. "
        "Nothing that a file names is imported or run; Keras is not needed. "
        "Exit status: 0 nothing to mend, 1 findings, 2 a file that cannot be read, 4 a wrong call.",
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="a .keras, .h5 or config.json file, a folder, or a glob"
    )
    check.add_argument("--target-keras", type=_version, metavar="VERSION", help="the Keras that is to load them")
    check.add_argument("--format", choices=["text", "json"], default="text", help="how to show it (default: text)")
    check.add_argument(
        "--fail-on",
        choices=["note", "warning", "error"],
        default="warning",
        help="the least finding for exit status 1 (default: warning)",
    )
    check.set_defaults(run=_check)


def _add_repair(commands: "argparse._SubParsersAction[_Parser]") -> None:
    repair = commands.add_parser(
        "repair",
        usage_status=USAGE,
        help="write a copy of a saved model with other activations",
        description="Write a copy of a saved model in which activations are replaced; weights stay byte for byte. "
        "Exit status: 0 done, 2 it cannot be read or mended, 4 a wrong call.",
    )
    repair.add_argument("path", metavar="PATH", help="a .keras or .h5 file")
    repair.add_argument(
        "--replace",
        action="append",
        required=True,
        metavar="OLD=NEW",
        help="OLD is what is stored, or a path that starts with $; NEW a name, package>name, or a call with keywords",
    )
    repair.add_argument("-o", "--output", metavar="OUT", help="where the copy goes")
    repair.add_argument(
        "--dry-run", action="store_true", help="show what would change in the config, and write nothing"
    )
    repair.add_argument("--target-keras", type=_version, metavar="VERSION", help="the Keras that is to load it")
    repair.set_defaults(run=_repair)


def _version(text: str) -> str:
    from serialactivation.newer import OLDEST, is_newer, is_version

    if not is_version(text) or is_newer(OLDEST, text):
        raise argparse.ArgumentTypeError(f"{text!r} is no version of Keras from {OLDEST} on, such as 3.10")
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _demo(arguments: argparse.Namespace) -> int:
    from serialactivation.demo.start import start

    return start(epochs=arguments.epochs, output=arguments.output)


def _check(arguments: argparse.Namespace) -> int:
    from serialactivation.archive.check_command import check

    return check(arguments.paths, target=arguments.target_keras, style=arguments.format, fail_on=arguments.fail_on)


def _repair(arguments: argparse.Namespace) -> int:
    from serialactivation.archive.repair_command import repair

    return repair(
        arguments.path,
        arguments.replace,
        output=arguments.output,
        dry_run=arguments.dry_run,
        target=arguments.target_keras,
    )
