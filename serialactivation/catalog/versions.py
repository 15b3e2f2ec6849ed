"""Versions of Keras: comparison, and which stored forms the layers of a version read. Keras-free.

What Keras accepts changes with its minor releases, so only these are compared. A pre-release (``3.16.0rc0``,
``3.16.0.dev2026102704``) belongs to the minor release that it comes before, whose new classes and keywords it has.
"""

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

# The normal form of PEP 440, with two or three numbers of a release and without an epoch, which no Keras has.
_VERSION: Final = re.compile(
    r"[0-9]{1,9}\.[0-9]{1,9}(\.[0-9]{1,9})?((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[a-z0-9]+(\.[a-z0-9]+)*)?"
)
_MINOR: Final = re.compile(r"([0-9]+)\.([0-9]+)")


def is_version(text: str) -> bool:
    """Return whether *text* is a version, such as ``3.10``, ``3.12.4`` or ``3.16.0rc0``."""
    return _VERSION.fullmatch(text) is not None


def reads_activation(stored: JSON, version: str) -> bool:
    """Return whether a layer of Keras *version* reads the *stored* form of its activation.

    It reads names and functions, and objects since :data:`OBJECTS_SINCE`; before that, only registered objects.
    """
    if not isinstance(stored, Mapping) or not is_newer(OBJECTS_SINCE, version):
        return True
    return stored.get("class_name") == "function" or ">" in str(stored.get("registered_name"))


def is_newer(since: str, version: str) -> bool:
    """Return whether the minor release of Keras *since* is newer than that of Keras *version*."""
    return _minor(version) < _minor(since)


@functools.lru_cache(maxsize=256)
def _minor(version: str) -> tuple[int, ...]:
    found = _MINOR.match(version)
    assert found is not None, version
    return int(found[1]), int(found[2])
