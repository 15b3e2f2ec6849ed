"""The constructor arguments of Keras's classes in each release. Keras-free; the data is in ``classes.json``.

A config of a newer Keras may hold keywords that an older Keras does not take. A keyword with its default value can be
left out, because the older Keras does the same without it.

Source:
    Signatures and names of the public classes of Keras 3.6.0 to 3.15.0, and of a pre-release of 3.16, compared release
    by release by ``tests/keywords.py``. No later patch of a release differs from its first.
"""

import functools
import json
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.catalog.versions import OLDEST, is_newer
from serialactivation.typing import JSON

__all__ = [
    "COMPILE",
    "KNOWN",
    "MODULES",
    "NAMED",
    "NEWER",
    "NEWER_CLASSES",
    "NEWEST",
    "NEWEST_PRERELEASE",
    "NewerKeyword",
    "Signature",
    "class_names",
    "find_first_name",
    "find_name",
    "find_signature",
]

_DATA: Final[Mapping[str, Any]] = json.loads(pkgutil.get_data("serialactivation.catalog", "classes.json") or b"")
_CLASSES: Final[Mapping[str, Mapping[str, Any]]] = _DATA["classes"]

NEWEST_PRERELEASE: Final[str | None] = _DATA.get("prerelease")
"""The pre-release of the next Keras that is in the data, or None if there is none."""

KNOWN: Final[str] = _DATA["versions"][-1]
"""The newest Keras in the data, of which there may be only a pre-release."""

NEWEST: Final[str] = _DATA["versions"][-1 if NEWEST_PRERELEASE is None else -2]
"""The newest Keras release in the data."""

MODULES: Final[tuple[str, ...]] = tuple(_CLASSES)
"""The modules of ``keras`` whose classes are in the data: public ones, ``models``, and those of operations."""

NAMED: Final[tuple[str, ...]] = tuple(module for module in _DATA["names"] if "." not in module)
"""The modules of ``keras`` whose objects can be stored by only a name."""

_LAST_IN_ANY_CASE: Final = "3.15"

COMPILE: Final = "Model.compile"
"""The name, among the models, of the compile arguments."""


class NewerKeyword(NamedTuple):
    """A keyword that was added to a class.

    Attributes:
        name: Its name.
        default: Its default, with which the class behaves as before. None if there is none, or none in JSON types.
        since: The first Keras release that has it.
        has_default: Whether it has a default in JSON types.
    """

    name: str
    default: JSON
    since: str
    has_default: bool = True

    def says_nothing(self, value: JSON) -> bool:
        """Return whether a config with this *value* means the same without the keyword."""
        return self.name == "name" or (value == self.default and self.has_default)


class Signature(NamedTuple):
    """The arguments of the constructor of one class, over all releases.

    Attributes:
        owner: The path of the class: ``keras.layers.Dense``.
        since: The first Keras release that has it, or the oldest release in the data.
        until: The last Keras release that has it, or None.
        keywords: All keywords of all releases.
        asks: The required keywords, each with the last release that requires it, or None for the newest.
        newer: The keywords that were added, by name.
        gone: The keywords that were removed, each with the last release that has it.
        swallows: Whether it also accepts any other keyword, without effect.
    """

    owner: str
    since: str
    until: str | None
    keywords: frozenset[str]
    asks: Mapping[str, str | None]
    newer: Mapping[str, NewerKeyword]
    gone: Mapping[str, str]
    swallows: bool

    def find_asked(self, target: str) -> Iterator[str]:
        """Yield the keywords that Keras *target* requires."""
        for name, until in self.asks.items():
            newer = self.newer.get(name)
            is_there = newer is None or not is_newer(newer.since, target)
            if is_there and (until is None or not is_newer(target, until)):
                yield name


@functools.cache
def find_signature(module: str, class_name: str) -> Signature | None:
    """Return the signature of a class of Keras, or None if it is not known.

    Args:
        module: Its module without ``keras.``: ``layers``, ``optimizers.schedules``, ``src.ops.numpy``.
        class_name: One of its names there.
    """
    classes = _CLASSES.get(module, {})
    entry = classes.get(class_name)
    if isinstance(entry, str):
        return find_signature(module, entry)
    if entry is None:
        return None
    newer = {keyword.name: keyword for keyword in _read_newer(entry)}
    return Signature(
        owner=f"keras.{module}.{class_name}",
        since=entry.get("since", OLDEST),
        until=entry.get("until"),
        keywords=frozenset(entry["takes"].split()) | newer.keys(),
        asks=entry.get("asks", {}),
        newer=newer,
        gone=entry.get("gone", {}),
        swallows=entry.get("swallows", False),
    )


def find_first_name(module: str, class_name: str) -> str | None:
    """Return the first name of a class of *module* that *class_name* is another name of; None if it is not."""
    entry = _CLASSES.get(module, {}).get(class_name)
    return entry if isinstance(entry, str) else None


def _read_newer(entry: Mapping[str, Any]) -> Iterator[NewerKeyword]:
    for name, (since, *default) in entry.get("newer", {}).items():
        yield NewerKeyword(name, default[0] if default else None, since, has_default=bool(default))


def class_names(module: str) -> Mapping[str, str]:
    """Return the names of the classes of *module*, by their names in lower case."""
    return {name.lower(): name for name in _CLASSES.get(module, {})}


def find_name(module: str, name: str) -> tuple[str, str | None] | None:
    """Return the first and the last Keras release that know an object of *module* by only its *name*, such as ``mse``.

    Args:
        module: Its module; after ``training.`` for the training config of an HDF5 file, in which Keras reads fewer
            names.
        name: The name; up to 3.15, the name of an optimizer may be in any case.

    Returns:
        The two releases, with None for the last if the newest Keras knows the name; None if no release knows it.
    """
    found = _find_name(module, name)
    if module != "optimizers":
        return found
    in_lower_case = _find_name(module, name.lower())
    if in_lower_case is None:
        return found
    return in_lower_case[0], _LAST_IN_ANY_CASE if found is None else found[1]


def _find_name(module: str, name: str) -> tuple[str, str | None] | None:
    for span, names in _DATA["names"].get(module, {}).items():
        if name in names.split():
            since, _, until = span.partition("-")
            return since, until or None
    return None


def _public() -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((module, found) for module, found in _CLASSES.items() if module != "models" and "src." not in module)


NEWER: Final[Mapping[str, Mapping[str, tuple[NewerKeyword, ...]]]] = MappingProxyType(
    {
        module: {
            name: tuple(_read_newer(entry))
            for name, entry in found.items()
            if isinstance(entry, Mapping) and "newer" in entry
        }
        for module, found in _public()
    }
)
"""The added keywords by module of ``keras`` and class; those of a Keras layer are also those of our subclass."""


NEWER_CLASSES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (module, name): entry["since"]
        for module, found in _public()
        for name, entry in found.items()
        if isinstance(entry, Mapping) and "since" in entry
    }
)
"""The first Keras release that has a class, by its module of ``keras`` and its first name."""
