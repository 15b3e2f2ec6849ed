"""The command ``check``: what it prints, and the status that it ends with. Keras-free."""

import sys
from collections.abc import Sequence
from typing import Final

from serialactivation.archive.as_json import show_json
from serialactivation.archive.as_text import show_text
from serialactivation.archive.check import Report, check_file, find_files
from serialactivation.archive.findings import Severity
from serialactivation.archive.outcomes import count_failing
from serialactivation.errors import ArchiveError

__all__ = ["check"]

_FINDINGS: Final = 1
_UNREADABLE: Final = 2
_USAGE: Final = 4


def check(paths: Sequence[str], *, target: str | None, style: str, fail_on: str) -> int:
    """Show the activations of the models that *paths* lead to, and what is to be said of them.

    Args:
        paths: Files, folders and globs.
        target: The Keras that is to load them, or None for the newest.
        style: ``text`` or ``json``.
        fail_on: The least severity that makes the status 1: ``note``, ``warning`` or ``error``.

    Returns:
        0 where there is nothing to mend, 1 for findings, 2 where a file cannot be read, 4 where there is no file.
    """
    outcomes: dict[str, Report | ArchiveError] = {}
    for path in find_files(paths):
        try:
            outcomes[path] = check_file(path, target)
        except ArchiveError as error:
            outcomes[path] = error
    if not outcomes:
        print(f"serialactivation check: no saved model at {', '.join(paths)}", file=sys.stderr)
        return _USAGE
    severity = Severity[fail_on.upper()]
    print(show_json(outcomes) if style == "json" else show_text(outcomes, severity))
    if any(isinstance(outcome, ArchiveError) for outcome in outcomes.values()):
        return _UNREADABLE
    return _FINDINGS if count_failing(outcomes, severity) else 0
