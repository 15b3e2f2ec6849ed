"""The parts of pages that are written from the code, each between two comments, which no reader of a page sees."""

import re
from collections.abc import Mapping

_PART = re.compile(
    r"^(?P<start><!-- (?P<name>[^\n]+), written by python -m tests\.reference -->\n)"
    r"(?P<text>.*?)^(?P<end><!-- end -->)$",
    re.MULTILINE | re.DOTALL,
)


def find_parts(page: str) -> dict[str, str]:
    """Return the parts of *page*: their text, by their names."""
    return {part["name"]: part["text"] for part in _PART.finditer(page)}


def write_parts(page: str, parts: Mapping[str, str]) -> str:
    """Return *page* with its parts written again; it must have exactly those that there are."""
    assert sorted(find_parts(page)) == sorted(parts)
    return _PART.sub(lambda part: f"{part['start']}{parts[part['name']].strip()}\n{part['end']}", page)
