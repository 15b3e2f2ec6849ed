"""What the constructors of Keras's classes take, release by release. Keras-free; the data is in ``classes.json``.

A config that a newer Keras wrote holds keywords that an older one cannot take: one that holds its default says nothing
that the older one does not do, and may be left out.

Source:
    Signatures and names of the public classes of Keras 3.6.0 to 3.15.0, compared release by release by
    ``tests/keywords.py``. No later patch of a release differs from its first.
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
    "MODULES",
    "NAMED",
    "NEWER",
    "NEWER_CLASSES",
    "NEWEST",
    "NewerKeyword",
    "Signature",
    "class_names",
    "find_name",
    "find_signature",
]

_DATA: Final[Mapping[str, Any]] = json.loads(pkgutil.get_data("serialactivation.catalog", "classes.json") or b"")
_CLASSES: Final[Mapping[str, Mapping[str, Any]]] = _DATA["classes"]

NEWEST: Final[str] = _DATA["versions"][-1]
"""The newest Keras that something is known of."""

MODULES: Final[tuple[str, ...]] = tuple(_CLASSES)
"""The modules of ``keras`` whose classes are known: public ones, ``models``, and those of operations."""

NAMED: Final[tuple[str, ...]] = tuple(module for module in _DATA["names"] if "." not in module)
"""The modules of ``keras`` whose objects may be stored by a name alone."""

COMPILE: Final = "Model.compile"
"""Stands among the models for what a model is compiled with."""


class NewerKeyword(NamedTuple):
    """A keyword that a class has gained.

    Attributes:
        name: Its name.
        default: Its default: what the class did before. None where it has none, or none that JSON has.
        since: The first Keras that has it.
        has_default: Whether it has one.
    """

    name: str
    default: JSON
    since: str
    has_default: bool = True

    def says_nothing(self, value: JSON) -> bool:
        """Return whether a config with this *value* says what it would say without."""
        return self.name == "name" or (value == self.default and self.has_default)


class Signature(NamedTuple):
    """What the constructor of one class takes.

    Attributes:
        owner: Where the class is: ``keras.layers.Dense``.
        since: The first Keras that has it; the oldest where that is not known.
        until: The last Keras that has it, or None.
        keywords: All keywords that any Keras has.
        asks: Those that have to be given, with the last Keras that asks for them, or None for the newest.
        newer: Those that the class has gained, by name.
        gone: Those that it has lost, with the last Keras that has them.
        swallows: Whether it takes any other keyword too, which does nothing.
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
        """Yield the keywords that have to be given in Keras *target*."""
        for name, until in self.asks.items():
            newer = self.newer.get(name)
            is_there = newer is None or not is_newer(newer.since, target)
            if is_there and (until is None or not is_newer(target, until)):
                yield name


@functools.cache
def find_signature(module: str, class_name: str) -> Signature | None:
    """Return what is known of a class of Keras, or None.

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


def _read_newer(entry: Mapping[str, Any]) -> Iterator[NewerKeyword]:
    for name, (since, *default) in entry.get("newer", {}).items():
        yield NewerKeyword(name, default[0] if default else None, since, has_default=bool(default))


def class_names(module: str) -> Mapping[str, str]:
    """Return the names of the classes of *module*, by what they are in lower case."""
    return {name.lower(): name for name in _CLASSES.get(module, {})}


def find_name(module: str, name: str) -> tuple[str, str | None] | None:
    """Return the first and the last Keras that know an object of *module* by *name* alone, such as ``mse``.

    Args:
        module: Its module; after ``training.``, it is meant in what an HDF5 file has of a model's training, where
            Keras reads fewer names.
        name: The name; of an optimizer, in whatever case.

    Returns:
        The versions, the last of which is None where the newest Keras knows it; None where no Keras does.
    """
    name = name.lower() if module == "optimizers" else name
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
"""The keywords by the module of ``keras`` and the class. A layer of Keras stands for its subclasses of ours."""


NEWER_CLASSES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (module, name): entry["since"]
        for module, found in _public()
        for name, entry in found.items()
        if isinstance(entry, Mapping) and "since" in entry
    }
)
"""The first Keras that has a class, by its module of ``keras`` and its name; other names of the class aside."""
