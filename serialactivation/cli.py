"""The command line: reads the arguments, imports the command that is asked for, and hands them on.

Nothing here needs Keras: a command imports it when it is chosen, if it has to.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from serialactivation import __version__

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* asks for.

    Args:
        argv: The arguments after the program's name; by default those of this process.

    Returns:
        The exit status: 0 for success, 1 for a finding, 2 where the command cannot run.
    """
    arguments = _parser().parse_args(argv)
    status: int = arguments.run(arguments)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="serialactivation", description="Keras layers whose activations come back from disk."
    )
    parser.add_argument("--version", action="version", version=f"serialactivation {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
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
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _demo(arguments: argparse.Namespace) -> int:
    from serialactivation.demo.start import start

    return start(epochs=arguments.epochs, output=arguments.output)
