"""Which findings are reported: codes and their beginnings, selected and ignored. Keras-free."""

import functools
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from serialactivation.rules.finding import FileReport
from serialactivation.rules.registry import CODES, FINDINGS

__all__ = ["Selection", "check_codes", "select"]

_SERIES: Final = "SA"
_ReportT = TypeVar("_ReportT", bound=FileReport)


def check_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Return *codes* in upper case, without spaces.

    Args:
        codes: Codes of findings, or their beginnings, such as ``SA1``.

    Raises:
        ValueError: One of them is not the beginning of any finding's code.
    """
    tidy = tuple(code.strip().upper() for code in codes)
    for code in tidy:
        if code.startswith(_SERIES) and any(known.startswith(code) for known in FINDINGS):
            continue
        if code in CODES:
            raise ValueError(f"{code!r} is about files that cannot be read, which are always reported")
        raise ValueError(
            f"{code!r} is not a code of a finding, or the start of one; serialactivation explain lists them"
        )
    return tidy


class Selection(NamedTuple):
    """The selection by one source: the settings or the command line.

    Attributes:
        select: Beginnings of the codes that are reported, or None if the source does not select.
        ignore: Beginnings of the codes that are not reported.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()

    def decide(self, code: str, before: bool) -> bool:
        """Return whether *code* is reported, if a source of lower precedence has decided *before*."""
        ignored = _longest(code, self.ignore)
        if self.select is None:
            return before and not ignored
        return _longest(code, self.select) > ignored


def _longest(code: str, beginnings: Iterable[str]) -> int:
    """Return the length of the longest beginning that matches *code*; the code that it was a part of counts less."""
    before = FINDINGS[code].part_of or ""
    own = (2 * len(start) for start in beginnings if code.startswith(start))
    return max((*own, *(2 * len(start) - 1 for start in beginnings if before.startswith(start))), default=0)


def select(report: _ReportT, selections: Sequence[Selection]) -> _ReportT:
    """Return *report* with the selected findings; the last of the *selections* has precedence."""
    return report.select(functools.partial(_is_selected, selections=selections))


def _is_selected(code: str, selections: Iterable[Selection]) -> bool:
    selected = True
    for selection in selections:
        selected = selection.decide(code, selected)
    return selected
