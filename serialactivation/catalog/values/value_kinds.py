"""Kinds of stored values: whole numbers, numbers, texts, lists. Keras-free.

A boolean passes for a number, as it does in Python. An object of Keras, which has a class, is of no kind: what it
becomes is not known here. A stored tuple is a list.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from serialactivation.catalog.marks import TUPLE_MARKS
from serialactivation.typing import JSON

__all__ = [
    "DTYPE",
    "EQUATION",
    "FLAG",
    "FLOAT",
    "MAPPING",
    "NAME",
    "NOTHING",
    "NULL",
    "ORDER",
    "SIZE",
    "TEXT",
    "Kind",
    "exactly",
    "items",
    "number",
    "numeral",
    "one_of",
    "takes",
    "whole",
]


class Kind(NamedTuple):
    """A kind of values.

    Attributes:
        label: What they are, such as ``a whole number from 1 on``.
        has: The function that tells whether a value is of this kind.
    """

    label: str
    has: Callable[[JSON], bool]


def takes(kinds: tuple[Kind, ...], value: JSON) -> bool:
    """Return whether an argument that takes these *kinds* may take a stored *value*."""
    if isinstance(value, dict) and value.get("class_name") in TUPLE_MARKS:
        value = value.get("items")
    is_object = isinstance(value, dict) and "class_name" in value
    return is_object or any(kind.has(value) for kind in kinds)


def whole(least: int | None = None) -> Kind:
    """Return the kind of whole numbers, from *least* on."""
    label = "a whole number" if least is None else f"a whole number from {least} on"
    return Kind(label, lambda value: isinstance(value, int) and _is_from(value, least))


def number(least: float | None = None, most: float | None = None) -> Kind:
    """Return the kind of numbers from *least* to *most*."""
    label = "a number" if least is None else f"a number from {least} {'on' if most is None else f'to {most}'}"

    def has(value: JSON) -> bool:
        return isinstance(value, int | float) and _is_from(value, least) and (most is None or value <= most)

    return Kind(label, has)


def numeral(least: float | None = None) -> Kind:
    """Return the kind of numbers, and of texts that Python reads as numbers, from *least* on."""

    def has(value: JSON) -> bool:
        try:
            return isinstance(value, str | int | float) and _is_from(float(value), least)
        except ValueError:
            return False

    return Kind(number(least).label, has)


def _is_from(value: float, least: float | None) -> bool:
    return least is None or value >= least


def one_of(*names: str) -> Kind:
    """Return the kind of these *names*, in any case of letters."""
    label = " or ".join(map(repr, names[:2])) + (" or another of its names" if names[2:] else "")
    return Kind(label, lambda value: isinstance(value, str) and value.lower() in names)


def exactly(*names: str) -> Kind:
    """Return the kind of these *names*, in these letters."""
    return one_of(*names)._replace(has=lambda value: isinstance(value, str) and value in names)


def items(length: int | None = None, *, of: Kind | None = None, least: int = 0) -> Kind:
    """Return the kind of lists of a *length*, or of *least* items, whose items are *of* a kind."""

    def has(value: JSON) -> bool:
        if not isinstance(value, list) or len(value) < least:
            return False
        return length in (None, len(value)) and (of is None or all(map(of.has, value)))

    return Kind("a list" if length is None else f"a list of {length}", has)


def _is_order(value: JSON) -> bool:
    """Return whether a value is a list of all numbers from 1 on, in any order."""
    return isinstance(value, list) and bool(value) and {*map(str, value)} == {*map(str, range(1, len(value) + 1))}


def _is_dtype(value: JSON) -> bool:
    return isinstance(value, str) and (value in _DTYPES or "_from_" in value)


_DTYPES: Final = (
    *("bfloat16", "float16", "float32", "float64", "float8_e4m3fn", "float8_e5m2", "complex64", "complex128"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "string"),
    *("mixed_bfloat16", "mixed_float16"),
)

SIZE: Final = Kind("a size", lambda value: value is None or whole(0).has(value))
FLOAT: Final = Kind("a number with a decimal point", lambda value: isinstance(value, float))
NULL: Final = Kind("null", lambda value: value is None)
NOTHING: Final = Kind("nothing", lambda value: not value)
FLAG: Final = Kind("true or false", lambda value: isinstance(value, bool))
TEXT: Final = Kind("a text", lambda value: isinstance(value, str))
MAPPING: Final = Kind("a mapping", lambda value: isinstance(value, dict))
NAME: Final = Kind("a text without a slash", lambda value: isinstance(value, str) and "/" not in value)
EQUATION: Final = Kind("an equation with an arrow", lambda value: isinstance(value, str) and "->" in value)
ORDER: Final = Kind("a list of all numbers from 1 on, in any order", _is_order)
DTYPE: Final = Kind("a dtype or a dtype policy", _is_dtype)
