"""JSON joined from parts that are already JSON, which takes far less memory than the objects. Keras-free."""

import json
from collections.abc import Iterable
from typing import NamedTuple, Self

__all__ = ["JsonText", "dump"]


class JsonText(NamedTuple):
    """A value as JSON.

    Attributes:
        text: The JSON, indented as a whole document.
    """

    text: str

    @classmethod
    def of(cls, value: object) -> Self:
        """Return *value* as JSON."""
        return cls(json.dumps(value, indent=2))


def dump(value: object) -> str:
    """Return *value* as indented JSON; parts of it may already be JSON."""
    return "".join(_dump(value, "\n"))


def _dump(value: object, end: str) -> Iterable[str]:
    if isinstance(value, JsonText):
        yield value.text.replace("\n", end)
    elif isinstance(value, dict) and value:
        yield from _join("{", ((f"{json.dumps(key)}: ", item) for key, item in value.items()), "}", end)
    elif isinstance(value, list) and value:
        yield from _join("[", (("", item) for item in value), "]", end)
    else:
        yield json.dumps(value)


def _join(start: str, items: Iterable[tuple[str, object]], close: str, end: str) -> Iterable[str]:
    separator = start
    for before, item in items:
        yield f"{separator}{end}  {before}"
        yield from _dump(item, f"{end}  ")
        separator = ","
    yield f"{end}{close}"
