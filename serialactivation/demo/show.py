"""The verdict as text for a terminal of 100 columns."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from serialactivation.demo.verdict import Verdict

__all__ = ["show_verdict"]

_WIDTHS: Final = (34, 16, 44)
_LONGEST: Final = 235
_SEPARATOR: Final = " | "
_HEADINGS: Final = ("given as an activation", "serialactivation", "stock Keras")
_ALL_EQUAL: Final = "VERDICT: everything came back equal, and training went on as if nothing had happened."


def show_verdict(verdict: Verdict) -> str:
    """Return the whole verdict: the table of the parts, the results of the network, and a last line."""
    return "\n".join((*_show_parts(verdict), "", *_show_network(verdict), "", _show_conclusion(verdict)))


def _show_parts(verdict: Verdict) -> Iterator[str]:
    yield "Each part, saved here and loaded in a second process:"
    yield ""
    yield from _show_row(_HEADINGS)
    yield "-+-".join("-" * width for width in _WIDTHS)
    for ours, stock in zip(verdict.ours, verdict.stock, strict=True):
        yield from _show_row((ours.subject, _shorten(ours.text), _shorten(stock.text)))


def _show_row(cells: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one row: a long cell continues on the next lines."""
    columns = [textwrap.wrap(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)]
    for line in zip_longest(*columns, fillvalue=""):
        yield _SEPARATOR.join(text.ljust(width) for text, width in zip(line, _WIDTHS, strict=True)).rstrip()


def _shorten(text: str) -> str:
    """Shorten Keras's longest messages, which end with an example, and remove the addresses of objects."""
    return textwrap.shorten(re.sub(r" at 0x[0-9a-f]+", "", text), _LONGEST, placeholder=" ...")


def _show_network(verdict: Verdict) -> Iterator[str]:
    yield "The trained network, saved here and loaded in a second process:"
    yield ""
    for finding in verdict.network:
        yield f"  {finding.subject:24} | {'equal' if finding.equal else 'DIFFERENT':9} | {finding.text}"
    for process, losses in zip(("without a break", "loaded"), verdict.losses, strict=True):
        yield f"  {'':24} | {'':9} | {process}: {', '.join(f'{loss:.8f}' for loss in losses)}"


def _show_conclusion(verdict: Verdict) -> str:
    if verdict.status == 0:
        return _ALL_EQUAL
    return textwrap.fill(f"VERDICT: FAILED. Not as it was saved: {'; '.join(verdict.different)}.", 100)
