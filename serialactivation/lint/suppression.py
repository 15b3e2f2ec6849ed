"""Removes findings that a comment on their line ignores. Keras-free."""

import io
import re
import tokenize
from collections.abc import Iterable
from typing import Final

from serialactivation.rules.finding import Finding

__all__ = ["drop_ignored"]

_MARK: Final = re.compile(r"#\s*serialactivation:\s*ignore(?:\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)
_ALL: Final = "SA"


def drop_ignored(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return *findings* without those that a comment on their first or last line ignores."""
    ignored = _read_comments(text)
    return [one for one in findings if not any(one.code.startswith(start) for start in _on(one, ignored))]


def _on(finding: Finding, ignored: dict[int, list[str]]) -> list[str]:
    region = finding.region
    assert region is not None
    return [*ignored.get(region.line, []), *ignored.get(region.end_line, [])]


def _read_comments(text: str) -> dict[int, list[str]]:
    """Return the beginnings of the codes that are ignored, by line."""
    if _MARK.search(text) is None:
        return {}
    found: dict[int, list[str]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            mark = _MARK.search(token.string) if token.type == tokenize.COMMENT else None
            if mark is not None:
                codes = _ALL if mark["codes"] is None else mark["codes"]
                found[token.start[0]] = [code.strip().upper() for code in codes.split(",") if code.strip()]
    except (tokenize.TokenError, SyntaxError):  # the tokenizer refuses a few texts that the parser accepts
        pass
    return found
