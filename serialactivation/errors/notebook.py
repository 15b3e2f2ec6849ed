"""How a notebook shows a message: its title, its sentences, and the code in it apart."""

import html
import itertools
import textwrap
from collections.abc import Iterator
from typing import Final

__all__ = ["make_html"]

_CODE_INDENT: Final = "    "
_SENTENCES: Final = '<div style="white-space:pre-wrap">{}</div>'
_CODE: Final = '<pre style="margin:0.3em 0 0.3em 1em;padding:0.5em;border-left:3px solid #888;overflow-x:auto">{}</pre>'


def make_html(title: str, message: str) -> str:
    """Return HTML for a *message* as :func:`~serialactivation.errors.base.indented` writes code into it."""
    return "".join([f"<p><strong>{html.escape(title)}</strong></p>", *_make_blocks(message)])


def _make_blocks(message: str) -> Iterator[str]:
    for is_code, lines in itertools.groupby(message.splitlines(), key=lambda line: line.startswith(_CODE_INDENT)):
        text = "\n".join(lines)
        block = _CODE if is_code else _SENTENCES
        yield block.format(html.escape(textwrap.dedent(text) if is_code else text))
