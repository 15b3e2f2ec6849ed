"""Versions of Keras: comparison, and which stored forms the layers of a version read. Keras-free."""

import functools
import re
from collections.abc import Mapping
from typing import Final

from serialactivation.typing import JSON

__all__ = ["OBJECTS_SINCE", "OLDEST", "is_newer", "is_version", "reads_activation"]

OLDEST: Final = "3.6"
"""The oldest Keras that this package works with, and the first release in the catalog."""

OBJECTS_SINCE: Final = "3.10"
"""The first Keras whose layers read an operation or a layer as their activation."""

_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?")


def is_version(text: str) -> bool:
    """Return whether *text* is a version, such as ``3.10`` or ``3.12.4``."""
    return _VERSION.fullmatch(text) is not None


def reads_activation(stored: JSON, version: str) -> bool:
    """Return whether a layer of Keras *version* reads the *stored* form of its activation.

    It reads names and functions, and objects since :data:`OBJECTS_SINCE`; before that, only registered objects.
    """
    if not isinstance(stored, Mapping) or not is_newer(OBJECTS_SINCE, version):
        return True
    return stored.get("class_name") == "function" or ">" in str(stored.get("registered_name"))


def is_newer(since: str, version: str) -> bool:
    """Return whether Keras *since* is newer than Keras *version*."""
    return _release(version) < _release(since)


@functools.lru_cache(maxsize=256)
def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
