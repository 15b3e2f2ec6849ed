"""Versions of Keras: which is newer, and what it takes for a layer to read what is stored. Keras-free."""

import functools
import re
from collections.abc import Mapping
from typing import Final

from serialactivation.typing import JSON

__all__ = ["OBJECTS_SINCE", "OLDEST", "is_newer", "is_version", "reads_activation"]

OLDEST: Final = "3.6"
"""The oldest Keras that this package works with; what has been gained is counted from it."""

OBJECTS_SINCE: Final = "3.10"
"""The first Keras whose layers read an operation or a layer as their activation."""

_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?")


def is_version(text: str) -> bool:
    """Return whether *text* is a version, such as ``3.10`` or ``3.12.4``."""
    return _VERSION.fullmatch(text) is not None


def reads_activation(stored: JSON, version: str) -> bool:
    """Return whether a layer of Keras *version* reads what is *stored* as its activation.

    Names and functions it does; objects since :data:`OBJECTS_SINCE`, and before that those of other people.
    """
    if not isinstance(stored, Mapping) or not is_newer(OBJECTS_SINCE, version):
        return True
    return stored.get("class_name") == "function" or ">" in str(stored.get("registered_name"))


def is_newer(since: str, version: str) -> bool:
    """Return whether Keras *version* has not yet what Keras *since* brought."""
    return _release(version) < _release(since)


@functools.lru_cache(maxsize=256)
def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
