"""Mappings that are no plain dict: what a dict may stand for, and how another is made of what it holds. Keras-free."""

import collections
import copy
import types
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["STANDARD", "MappingError", "is_plain_mapping", "make_mapping", "put_items"]

STANDARD: Final[Mapping[str, type]] = {
    "ChainMap": collections.ChainMap,
    "UserDict": collections.UserDict,
    "mappingproxy": types.MappingProxyType,
}
"""Python's mappings that are no dicts, by name: Keras tracks the layers in a dict, and none in these."""

_COPIED: Final = frozenset({collections.OrderedDict, collections.defaultdict})
_PLAIN: Final = _COPIED | {dict}
_NAMES: Final = frozenset(dir(dict))
_MORE: Final = ("__getattr__", "__missing__")


class MappingError(TypeError):
    """A mapping cannot be made again of what it holds."""


def is_plain_mapping(kind: type) -> bool:
    """Return whether *kind* is a class of dicts that has nothing which a dict has not: a dict may take its place."""
    if kind in _PLAIN or kind.__module__.partition(".")[0] == "keras":
        return True
    is_more = any(not name.startswith("_") and name not in _NAMES for name in dir(kind))
    return issubclass(kind, dict) and not is_more and not any(hasattr(kind, name) for name in _MORE)


def make_mapping(kind: type, items: Mapping[str, object]) -> object:
    """Return a mapping of *kind* that holds *items*.

    Raises:
        MappingError: Its constructor takes no dict, or makes something else of one.
    """
    try:
        made: object = cast("Any", kind)(dict(items))
    except (LookupError, TypeError, ValueError) as error:
        raise MappingError(f"class {kind.__name__} cannot be made again of a dict") from error
    same = isinstance(made, Mapping) and made.keys() == items.keys()
    if not same or any(cast("Any", made)[key] is not item for key, item in items.items()):
        raise MappingError(f"class {kind.__name__} makes something else of a dict")
    return made


def put_items(value: Mapping[Any, object], items: Mapping[Any, object]) -> object:
    """Return a copy of *value* with *items* in it. A dict that Keras has made is one of Python's own again.

    Raises:
        MappingError: Its class takes no dict, or makes something else of one.
    """
    kind = value.__class__
    if kind is dict or kind.__module__.partition(".")[0] == "keras":
        return {**value, **items}
    if kind not in _COPIED:
        return make_mapping(kind, {**value, **items})
    made = cast("dict[Any, object]", copy.copy(value))
    made.update(items)
    return made
