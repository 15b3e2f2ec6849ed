"""The command line: parses the arguments, imports the chosen command, and passes the arguments to it.

Nothing here needs Keras: a command that needs it imports it when it runs.
"""

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

from serialactivation.commands.statuses import STATUSES, USAGE

__all__ = ["main", "make_parser"]

Command: TypeAlias = Callable[[argparse.Namespace], int]
"""A function that runs a command with its parsed arguments, and returns the exit status."""

_LONGEST: Final = 1000
_PATHS: Final = frozenset({"PATH", "OUT", "DIR", "FILE"})
_LOOKED_INTO: Final = (".keras", ".h5", ".hdf5", ".py", ".ipynb")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* names.

    Args:
        argv: The arguments after the program's name; by default those of this process.

    Returns:
        The exit status: 0 for success, 1 for findings, 2 if the command cannot run or cannot read a file, 4 for a wrong
        call. Without a command, the help is printed to standard error, and the status is 4.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    with _uncollected():
        parser = make_parser()
        if not given:
            parser.print_help(sys.stderr)
            parser.exit(USAGE)
        if not given[0].startswith("-") and given[0] not in _COMMANDS:
            _refuse_command(parser, given[0])
        arguments = parser.parse_args([_as_path(word) for word in given])
        command: Command = arguments.find()
    return command(arguments)


def _as_path(word: str) -> str:
    """Return a *word* of the command line; a file name that looks like an option gets ``./`` in front.

    Programs that pass file names on, such as pre-commit, may pass a name that starts like an option.
    """
    is_file = word.startswith("-") and word.endswith(_LOOKED_INTO) and os.path.lexists(word)
    return os.path.join(os.curdir, word) if is_file else word


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Turn the garbage collector off meanwhile: it finds nothing here, and takes a twentieth of a short command."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def make_parser() -> "_Parser":
    """Return the parser of the command line; the parsers of its commands add their arguments when they are used."""
    parser = _Parser(
        prog="serialactivation",
        description="Keras layers whose activations come back from disk.",
        epilog="serialactivation COMMAND --help lists the options of a command, and its exit statuses.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument(
        "--print-completion",
        action=_Completion,
        choices=("bash", "zsh", "tcsh"),
        metavar="SHELL",
        help="print the completion script of bash, zsh or tcsh, and exit",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, command in _COMMANDS.items():
        commands.add_parser(
            name,
            add_arguments=command.add_arguments,
            help=command.help,
            description=command.description,
            epilog=_describe_statuses(name),
        ).set_defaults(find=command.find)
    parser.commands = commands.choices
    return parser


def _describe_statuses(command: str) -> str:
    statuses = {**STATUSES[command], USAGE: "a wrong call"}
    return f"Exit status: {'; '.join(f'{status} = {meaning}' for status, meaning in statuses.items())}."


def _refuse_command(parser: "_Parser", name: str) -> NoReturn:
    """Refuse an unknown command, with similar names: argparse proposes none."""
    from serialactivation.catalog.near_names import find_near, suggest_names

    parser.error(f"there is no command {name!r}. {suggest_names(find_near(name, _COMMANDS), _COMMANDS)}")


class _Parser(argparse.ArgumentParser):
    """A parser that exits with the status of a wrong call.

    The arguments of a command are added only when it is parsed: adding those of all commands would be slow.
    """

    def __init__(self, *args: Any, add_arguments: Callable[["_Parser"], None] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_arguments = add_arguments
        self.commands: Mapping[str, _Parser] = {}

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.add_its_arguments()
        return super().parse_known_args(args, namespace)

    def add_its_arguments(self) -> None:
        """Add the arguments of the command, once."""
        if self._add_arguments is not None:
            self._add_arguments(self)
            self._add_arguments = None

    def find_paths(self) -> Iterator[argparse.Action]:
        """Yield the arguments that are files or folders."""
        yield from (action for action in self._actions if action.metavar in _PATHS)

    def error(self, message: str) -> NoReturn:
        from serialactivation.files.printable import printable

        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: error: {printable(message, _LONGEST)}\n")


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from serialactivation import __version__

        print(f"serialactivation {__version__}")
        parser.exit()


class _Completion(argparse.Action):
    """Prints what a shell completes the command line with."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: Any, *__: object) -> NoReturn:
        try:
            import shtab
        except ModuleNotFoundError:
            parser.error("completion needs shtab. Install it: python -m pip install 'serialactivation[completion]'")
        commands = parser.commands if isinstance(parser, _Parser) else {}
        for command in commands.values():
            command.add_its_arguments()
            for action in command.find_paths():
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # where shtab looks for it
        print(shtab.complete(parser, shell))
        parser.exit()


def _add_demo_arguments(demo: _Parser) -> None:
    demo.add_argument(
        "--epochs", type=_positive, default=12, metavar="N", help="epochs of training before the save (default: 12)"
    )
    demo.add_argument("--output", metavar="DIR", help="keep the saved models and the facts in DIR")


def _add_explain_arguments(explain: _Parser) -> None:
    explain.add_argument(
        "asked",
        nargs="*",
        metavar="CODE_OR_ERROR",
        help="a code (SA101), the start of several (SA1), or an error (ActivationBuildError); all by default",
    )


def _add_check_arguments(check: _Parser) -> None:
    from serialactivation.commands.arguments import add_check_arguments

    add_check_arguments(check)


def _add_lint_arguments(lint: _Parser) -> None:
    from serialactivation.commands.arguments import add_lint_arguments

    add_lint_arguments(lint)


def _add_repair_arguments(repair: _Parser) -> None:
    from serialactivation.commands.arguments import add_repair_arguments

    add_repair_arguments(repair)


def _add_report_arguments(report: _Parser) -> None:
    from serialactivation.commands.arguments import add_report_arguments

    add_report_arguments(report)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _find_demo() -> Command:
    import pathlib

    from serialactivation.demo.start import start

    def demo(arguments: argparse.Namespace) -> int:
        return start(
            epochs=arguments.epochs, output=None if arguments.output is None else pathlib.Path(arguments.output)
        )

    return demo


def _find_check() -> Command:
    from serialactivation.commands.check import check

    return check


def _find_lint() -> Command:
    from serialactivation.commands.lint import lint

    return lint


def _find_explain() -> Command:
    from serialactivation.commands.explain import explain

    return lambda arguments: explain(arguments.asked)


def _find_repair() -> Command:
    from serialactivation.commands.repair import repair

    return repair


def _find_report() -> Command:
    from serialactivation.commands.report import report

    return report


class _Described(NamedTuple):
    """A command: its line in the help, its description, and what adds its arguments and finds its function."""

    help: str
    description: str
    add_arguments: Callable[[_Parser], None]
    find: Callable[[], Command]


_COMMANDS: Final[Mapping[str, _Described]] = {
    "demo": _Described(
        help="train a network, load it in a second process, and compare",
        description="Train a small network on handwritten digits, load it in a second process, and compare the two. "
        "Beside each part it shows what stock Keras does with it, found in the same run.",
        add_arguments=_add_demo_arguments,
        find=_find_demo,
    ),
    "check": _Described(
        help="report what loading a saved model would lose, change or run",
        description="Report the activations of saved models, and what loading would lose, change or run. "
        "Nothing that a file names is imported or run, and Keras is not needed.",
        add_arguments=_add_check_arguments,
        find=_find_check,
    ),
    "lint": _Described(
        help="report what in Python source would lose activations",
        description="Report what in Python source would lose activations, before a model is trained. "
        "Nothing is imported or run.",
        add_arguments=_add_lint_arguments,
        find=_find_lint,
    ),
    "repair": _Described(
        help="write a repaired copy of a saved model",
        description="Write a repaired copy of a saved model. What the target Keras does not accept is removed, or "
        "becomes a layer of its own, if the model computes the same without it; activations are replaced as asked. "
        "Weights stay equal to the bit, unless their layer is replaced.",
        add_arguments=_add_repair_arguments,
        find=_find_repair,
    ),
    "report": _Described(
        help="write a page about saved models, with the curves of their activations",
        description="Write one HTML file about saved models: what check says of them, their layers, and the curve of "
        "each activation. Nothing that a file names is imported or run, and Keras is not needed; the extra "
        "serialactivation[report] is.",
        add_arguments=_add_report_arguments,
        find=_find_report,
    ),
    "explain": _Described(
        help="explain a code or an error, and what to do about it",
        description="Explain a code of check or lint, or an error or warning of this package: what it means, its "
        "cause, and what to do.",
        add_arguments=_add_explain_arguments,
        find=_find_explain,
    ),
}
"""The commands, in the order of the help."""
