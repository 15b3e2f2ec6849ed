"""Tables and lists in Markdown."""

import re
from collections.abc import Iterable, Iterator

from tests.helpers.processes import ROOT

DOCS = ROOT / "docs"

_CODE = re.compile(
    r"(?<![\w`.>/-])"
    r"(?:--[a-z][\w-]*"  # an option
    r"|<\w+>"  # such as <lambda>
    r"|\.[a-z]\w*"  # a suffix
    r"|[A-Za-z_]\w*(?:[.>_]\w+)+(?:=\w+)?"  # a dotted or a registered name, or one with underscores
    r"|[a-z]\w*=\w+"  # a keyword
    r"|SA\d+(?:,SA\d+)*)"  # a code, or several
    r"(?![\w`>])"
)


def write_table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table."""
    return "\n".join(_write_rows(heads, rows))


def _write_rows(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def write_list(items: Iterable[tuple[str, str]]) -> str:
    """Return a list of terms, each with what is said of it, as a sentence."""
    return "\n".join(f"- {term}: {text.removesuffix('.')}." for term, text in items)


def mark_code(text: str) -> str:
    """Return plain *text* with the words in it that are code marked as code: a name, an option, a suffix."""
    return _CODE.sub(r"`\g<0>`", text)
