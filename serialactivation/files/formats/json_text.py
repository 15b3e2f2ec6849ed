"""JSON read strictly: the text is measured before it is parsed, and a text with two meanings is refused."""

import collections
import itertools
import json
import re
from collections.abc import Callable
from typing import Final

from serialactivation.files.formats.json_arrays import ARRAYS, check_array
from serialactivation.files.limits import Limits
from serialactivation.files.refusals import Code, FilePart
from serialactivation.typing import JSON, Config

__all__ = ["parse_json"]

_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_STRING: Final = re.compile(rb'"[^"]*"?')
_MARKS: Final = (b",", b":", b"[", b"{")
_NO_MARK: Final = bytes(sorted(set(range(256)) - set(b",:[]{}")))
_NO_BRACKET: Final = bytes(sorted(set(range(256)) - set(b"[]{}")))
_BLOCK: Final = 2**16
_TOO_DEEP: Final = "Raising a limit does not help: Keras could not read it either."
_STEPS: Final = [(byte in b"[{") - (byte in b"]}") for byte in range(256)]


def parse_json(text: bytes, limits: Limits, where: FilePart) -> JSON:
    """Return the value of a JSON text.

    Whole numbers keep every digit. One half of a surrogate pair is accepted, and so are ``NaN`` and ``Infinity``, which
    JSON does not have: :mod:`json`, and therefore Keras, writes and reads them.

    Args:
        text: The text, in UTF-8 without a byte order mark.
        limits: The limits of its length, its numbers, the count of its values, and its depth.
        where: The part of the text, for the error.

    Raises:
        ArchiveError: It is not JSON, has a key twice, or exceeds a limit.
    """
    if text.startswith(_BYTE_ORDER_MARKS):
        raise where.refuse(Code.DAMAGED_JSON, "it starts with a byte order mark")
    _measure(text, limits, where)
    try:
        return _load(text.decode(), limits, where)
    except UnicodeDecodeError as error:
        raise where.refuse(Code.DAMAGED_JSON, f"byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        reason = f"it is not JSON at line {error.lineno}, column {error.colno} ({error.msg})"
        raise where.refuse(Code.DAMAGED_JSON, reason) from error
    except RecursionError as error:  # if the limit was raised, or little of the stack is left
        raise where.refuse(Code.LIMIT, "it is nested deeper than Python can follow", _TOO_DEEP) from error


def _measure(text: bytes, limits: Limits, where: FilePart) -> None:
    """Refuse a text that is too long, has too many values, or is nested too deeply, by its bytes alone."""
    if 4 * len(text) > limits.config_bytes and not (text.isascii() and rb"\u" not in text):
        reason = f"it has characters beyond ASCII, and is longer than a quarter of {limits.config_bytes:,} bytes"
        raise where.exceed("config_bytes", reason)
    text = text.replace(rb"\\", b"").replace(rb"\"", b"")  # only strings have them
    too_many = text.count(b'"') > 2 * limits.values + 2  # as many strings would lie between as many marks
    text = text if too_many else _take_out_strings(text)
    marks = sum(map(text.count, _MARKS))
    if too_many or marks > limits.values:
        raise where.exceed("values", f"it has more than {limits.values:,} values")
    depth = max(itertools.accumulate(map(_STEPS.__getitem__, text.translate(None, _NO_BRACKET))), default=0)
    if depth > limits.depth:
        raise where.exceed("depth", f"it is nested more than {limits.depth:,} levels deep")
    if marks * depth > limits.steps and _count_steps(text) > limits.steps:
        raise where.exceed("steps", f"the depths of its values add up to more than {limits.steps:,}")


def _take_out_strings(text: bytes) -> bytes:
    """Return a *text* without its strings; block by block, because that takes many times the memory of a block."""
    left = []
    start = 0
    while start < len(text):
        end = start + _BLOCK
        if text.count(b'"', start, end) % 2:  # a string goes on
            end = text.find(b'"', end) + 1 or len(text)
        left.append(_STRING.sub(b"", text[start:end]))
        start = end
    return b"".join(left)


def _count_steps(text: bytes) -> int:
    """Return the sum of the depths of all values in a *text* without strings."""
    return sum(itertools.accumulate(map(_STEPS.__getitem__, text.translate(None, _NO_MARK))))


def _load(text: str, limits: Limits, where: FilePart) -> JSON:
    def check(literal: str) -> str:
        if len(literal) > limits.digits:
            raise where.exceed("digits", f"it has a number of more than {limits.digits:,} digits")
        return literal

    value: JSON = json.loads(
        text,
        object_pairs_hook=_object_maker(limits, where),
        parse_float=lambda literal: float(check(literal)),
        parse_int=lambda literal: int(check(literal)),
    )
    return value


def _object_maker(limits: Limits, where: FilePart) -> Callable[[list[tuple[str, JSON]]], Config]:
    def make(pairs: list[tuple[str, JSON]]) -> Config:
        made = dict(pairs)
        if len(made) < len(pairs):
            key = collections.Counter(key for key, _ in pairs).most_common(1)[0][0]
            raise where.refuse(Code.DAMAGED_JSON, f"an object has the key {key[:100]!r} twice")
        if made.get("class_name") in ARRAYS:
            check_array(made, limits, where)
        return made

    return make
