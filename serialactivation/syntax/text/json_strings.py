"""Finds the strings of a JSON text, and replaces some of them in the text. Keras-free."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

__all__ = ["JsonSteps", "JsonString", "find_strings", "replace_strings"]

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)

JsonSteps: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value."""


class JsonString(NamedTuple):
    """A string among the values.

    Attributes:
        steps: The keys and indices that lead to it.
        start: The offset of its first quotation mark.
        end: The offset after its last.
    """

    steps: JsonSteps
    start: int
    end: int


def find_strings(data: str) -> Iterator[JsonString]:
    """Yield the strings among the values of a valid JSON text."""
    steps: list[str | int] = []
    wants_key = False
    for token in _TOKEN.finditer(data):
        match token[0]:
            case "[" | "{" as opened:
                steps.append(0 if opened == "[" else "")
                wants_key = opened == "{"
            case "]" | "}":
                steps.pop()
            case ",":
                last = steps[-1]
                wants_key = isinstance(last, str)
                if isinstance(last, int):
                    steps[-1] = last + 1
            case ":":
                wants_key = False
            case text if text.startswith('"'):
                if wants_key:
                    steps[-1] = json.loads(text)
                else:
                    yield JsonString(tuple(steps), token.start(), token.end())


def replace_strings(data: str, strings: Sequence[JsonString], old: Sequence[str], new: Sequence[str]) -> str:
    """Return a JSON text with consecutive *strings* replaced; strings that do not change stay as they are.

    Args:
        data: The text.
        strings: One string, or the items of one list.
        old: Their old values.
        new: Their new values; for the items of a list there may be more.
    """
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    between = data[strings[0].end : strings[1].start] if len(strings) > 1 else ", "
    written = [json.dumps(text, ensure_ascii=data.isascii()) for text in new[first : len(new) - last]]
    replaced = strings[first : len(strings) - last]
    if replaced:
        return f"{data[: replaced[0].start]}{between.join(written)}{data[replaced[-1].end :]}"
    if first < len(strings):
        place = strings[first].start
        return f"{data[:place]}{''.join(text + between for text in written)}{data[place:]}"
    place = strings[-1].end
    return f"{data[:place]}{''.join(between + text for text in written)}{data[place:]}"
