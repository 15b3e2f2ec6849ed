"""The commands, their options and their exit statuses, as their parsers declare them."""

import argparse
from collections.abc import Iterator

from serialactivation.cli import make_parser
from serialactivation.commands.statuses import STATUSES, USAGE
from tests.reference.markdown import mark_code, write_list, write_table

_BASE = "check"
"""The command whose options ``lint`` shares."""


def write_commands() -> str:
    """Return a table of the commands."""
    (commands,) = (action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction))
    rows = ((f"[`{choice.dest}`](#{choice.dest})", str(choice.help)) for choice in commands._choices_actions)
    return write_table(("command", "what it does"), rows)


def write_usage(command: str) -> str:
    """Return how *command* is called, what it does, and what its arguments are."""
    arguments = [action for action in find_arguments(command) if not action.option_strings]
    has_options = bool(list(find_options(command)))
    words = [*(["[OPTIONS]"] if has_options else []), *map(_show_place, arguments)]
    usage = f"```sh\n{' '.join(['serialactivation', command, *words])}\n```"
    listed = write_list((f"`{action.metavar}`", _describe(action)) for action in arguments)
    return "\n\n".join(filter(None, (usage, mark_code(str(make_parser().commands[command].description)), listed)))


def _show_place(action: argparse.Action) -> str:
    return {None: "{}", "+": "{}...", "*": "[{}...]"}[action.nargs].format(action.metavar)


def write_statuses(command: str) -> str:
    """Return a table of the exit statuses of *command*."""
    rows = {**STATUSES[command], USAGE: "a wrong call"}
    return write_table(
        ("exit status", "meaning"), ((str(status), mark_code(meaning)) for status, meaning in rows.items())
    )


def write_options(command: str | None) -> str:
    """Return a list of the options of *command*, or of the program itself."""
    return write_list((_show(action), _describe(action)) for action in find_options(command))


def write_further_options(command: str) -> str:
    """Return the options of *command* as those of ``check``, and those that it has besides."""
    base, own = ({_show(action): _describe(action) for action in find_options(name)} for name in (_BASE, command))
    lacking = " and ".join(shown for shown in base if shown not in own)
    listed = write_list((shown, text) for shown, text in own.items() if shown not in base)
    return f"The [options of `{_BASE}`](#options-of-{_BASE}), without {lacking}, and these:\n\n{listed}"


def find_options(command: str | None) -> Iterator[argparse.Action]:
    """Yield the options of *command*, or of the program itself, except for ``--help``."""
    yield from (action for action in find_arguments(command) if action.option_strings and action.dest != "help")


def find_arguments(command: str | None) -> list[argparse.Action]:
    """Return everything that *command*, or the program itself, takes."""
    parser = make_parser()
    if command is None:
        return [action for action in parser._actions if not isinstance(action, argparse._SubParsersAction)]
    parser = parser.commands[command]
    parser.add_its_arguments()
    return parser._actions


def _show(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else f" {action.metavar or '|'.join(action.choices)}"
    return ", ".join(f"`{name}{value}`" for name in action.option_strings)


def _describe(action: argparse.Action) -> str:
    return mark_code(str(action.help))
