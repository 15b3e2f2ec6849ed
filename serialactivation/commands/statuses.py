"""The exit statuses of the commands, and what they say. Keras-free, and quick to import."""

from collections.abc import Mapping
from typing import Final

__all__ = ["FINDINGS", "NOT_DONE", "STATUSES", "USAGE"]

FINDINGS: Final = 1
"""There are findings, or they are left."""

NOT_DONE: Final = 2
"""A file cannot be read, or nothing in it can be repaired."""

USAGE: Final = 4
"""The exit status of a wrong call: wrong arguments, no command, or an unknown command."""


_OF_FINDINGS: Final = {
    0: "no findings of the severity of --fail-on",
    FINDINGS: "findings",
    NOT_DONE: "a file cannot be read, whatever the findings on other files",
}

STATUSES: Final[Mapping[str, Mapping[int, str]]] = {
    "demo": {0: "everything came back", 1: "something differs", 2: "something is not installed"},
    "check": _OF_FINDINGS,
    "lint": _OF_FINDINGS,
    "repair": {
        0: "no findings are left, and the copy is written",
        FINDINGS: "findings are left, and are listed: if one is an error, the copy is written only with --partial",
        NOT_DONE: "the file cannot be read, or nothing in it can be repaired: no copy is written",
    },
    "report": {
        **_OF_FINDINGS,
        NOT_DONE: "a file cannot be read, whatever the findings on other files; or Matplotlib or Jinja2 is missing",
    },
    "explain": {0: "the codes and errors are explained"},
}
"""The exit statuses of each command, besides that of a wrong call."""
