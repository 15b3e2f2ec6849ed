"""Mappings that are not plain dicts: which ones a dict may replace, and how others are made again. Keras-free."""

import collections
import copy
import types
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["STANDARD", "MappingError", "has_other_keys", "is_like_dict", "make_mapping", "replace_items"]

STANDARD: Final[Mapping[str, type]] = {
    "ChainMap": collections.ChainMap,
    "UserDict": collections.UserDict,
    "mappingproxy": types.MappingProxyType,
}
"""Python's mappings that are not dicts, by name. Keras tracks the layers in dicts, but not in these."""

_COPIED: Final = frozenset({collections.OrderedDict, collections.defaultdict})
_PLAIN: Final = _COPIED | {dict}
_NAMES: Final = frozenset(dir(dict))
_MORE: Final = ("__getattr__", "__missing__")


class MappingError(TypeError):
    """A mapping cannot be made again from its items."""


def has_other_keys(value: Mapping[Any, object]) -> bool:
    """Return whether *value* has keys that are not strings: no config can hold them."""
    return not all(isinstance(key, str) for key in value)


def is_like_dict(kind: type) -> bool:
    """Return whether *kind* is a class of dicts without other features, so that a dict may replace it."""
    if kind in _PLAIN or kind.__module__.partition(".")[0] == "keras":
        return True
    is_more = any(not name.startswith("_") and name not in _NAMES for name in dir(kind))
    return issubclass(kind, dict) and not is_more and not any(hasattr(kind, name) for name in _MORE)


def make_mapping(kind: type, items: Mapping[str, object]) -> object:
    """Return a mapping of *kind* with *items*.

    Raises:
        MappingError: Its constructor does not take a dict, or changes the items.
    """
    try:
        made: object = cast("Any", kind)(dict(items))
    except (LookupError, TypeError, ValueError) as error:
        raise MappingError(f"class {kind.__name__} cannot be recreated from a dict") from error
    same = isinstance(made, Mapping) and made.keys() == items.keys()
    if not same or any(cast("Any", made)[key] is not item for key, item in items.items()):
        raise MappingError(f"class {kind.__name__} changes the items of a dict")
    return made


def replace_items(value: Mapping[Any, object], items: Mapping[Any, object]) -> object:
    """Return a copy of *value* with *items* in it. Keras's own dicts become Python's.

    Raises:
        MappingError: Its constructor does not take a dict, or changes the items.
    """
    kind = value.__class__
    if kind is dict or kind.__module__.partition(".")[0] == "keras":
        return {**value, **items}
    if kind not in _COPIED:
        return make_mapping(kind, {**value, **items})
    made = cast("dict[Any, object]", copy.copy(value))
    made.update(items)
    return made
