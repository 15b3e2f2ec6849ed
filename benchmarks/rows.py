"""One measured line, and how lines of several processes come together."""

import json
import sys
from collections.abc import Iterable

import attrs

__all__ = ["Row", "print_rows", "read_rows"]


@attrs.frozen
class Row:
    """One line of a table.

    Attributes:
        what: What was measured.
        stock: What stock Keras took, with its unit.
        ours: What ours took.
        ratio: Ours by stock's, or what else is said of the two.
        asked: What it was meant to be.
    """

    what: str
    stock: str
    ours: str
    ratio: str
    asked: str = ""


def print_rows(rows: Iterable[Row]) -> None:
    """Print each line as JSON as soon as it is measured."""
    for row in rows:
        print(json.dumps(attrs.asdict(row)), flush=True)


def read_rows(printed: str) -> list[Row]:
    """Return the lines that :func:`print_rows` printed; other output is left out."""
    lines = [line for line in printed.splitlines() if line.startswith('{"what"')]
    for line in printed.splitlines():
        if line not in lines:
            print(line, file=sys.stderr)
    return [Row(**json.loads(line)) for line in lines]
