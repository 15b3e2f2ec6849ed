"""The command ``explain``: what a code means, why it happens, and what to do. Keras-free."""

import sys
from collections.abc import Sequence
from typing import Final

from serialactivation.archive.codes.entry import Entry
from serialactivation.archive.codes.table import CODES
from serialactivation.archive.printable import printable

__all__ = ["explain"]

_USAGE: Final = 4


def explain(codes: Sequence[str]) -> int:
    """Print what *codes* mean, or a line for each code where none is given.

    Returns:
        0, or 4 where there is no such code.
    """
    wanted = [code.upper() for code in codes]
    unknown = [code for code in wanted if code not in CODES]
    if unknown:
        known = ", ".join(CODES)
        print(f"serialactivation explain: {printable(unknown[0])!r} is no code; they are {known}", file=sys.stderr)
        return _USAGE
    print("\n\n".join(_explain(CODES[code]) for code in wanted) or "\n".join(map(_list, CODES.values())))
    return 0


def _list(entry: Entry) -> str:
    return f"{entry.code}  {entry.severity.name.lower():7}  {entry.meaning}"


def _explain(entry: Entry) -> str:
    return (
        f"{entry.code} ({entry.severity.name.lower()})\n{entry.meaning}\n\n"
        f"Why: {entry.why}\n\nExample: {entry.example}\n\nWhat to do: {entry.cure}"
    )
