"""What Keras reads in a stored dict: which keys, from which of its modules, and who reads them. Keras-free."""

import enum
from typing import Final, NamedTuple

from serialactivation.catalog.marks import MAPPING, NAMESPACE, OBJECT, PACKAGE, TUPLE_MARKS
from serialactivation.files.layout import COMPILE_CONFIG
from serialactivation.tree.classes import KERAS, Class, find_module
from serialactivation.typing import Config

__all__ = ["READ", "ReadKeys", "Reader", "find_read_keys"]

READ: Final = ("config", COMPILE_CONFIG, "inbound_nodes", "members")
"""The keys of an object that are read: its config, the compile config of a model, a layer's calls, and members."""


class Reader(enum.Enum):
    """Who reads a value: this depends on the object that contains it, at any depth."""

    KERAS = enum.auto()
    """Keras reads it."""
    OURS = enum.auto()
    """A layer of this package reads it, and omits what the installed Keras lacks."""
    OTHER_PACKAGE = enum.auto()
    """A class of another package reads it, in an unknown way."""


class ReadKeys(NamedTuple):
    """What Keras reads in a dict.

    Attributes:
        reader: Who reads its values, or None if nobody does.
        base: The module of Keras for values under a key that does not determine one.
        only: The keys that are read, or None for all.
    """

    reader: Reader | None
    base: str | None = None
    only: tuple[str, ...] | None = None

    def find(self, key: str) -> tuple[str | None, Reader | None]:
        """Return the module of Keras for the value under *key*, and who reads the value."""
        if self.only is None and self.reader is not None:
            return find_module(key) or self.base, self.reader
        return (self.base, self.reader) if self.only is not None and key in self.only else (None, None)


def find_read_keys(stored: Config, hint: str | None, reader: Reader, of: Class | None) -> ReadKeys:
    """Return what Keras reads in a dict that is not the config of an object.

    Args:
        stored: The dict.
        hint: The module of Keras for values in the place of the dict.
        reader: Who reads the dict.
        of: The class that it names, or None.
    """
    class_name = stored.get("class_name")
    if not isinstance(class_name, str):
        return ReadKeys(reader, hint)
    if class_name in TUPLE_MARKS:
        return ReadKeys(reader, hint, ("items",))
    if class_name in (NAMESPACE, MAPPING):
        return ReadKeys(reader, hint, ("members",))
    if class_name.startswith("__"):  # Keras's marks for values that JSON does not have: tensors, slices, bytes
        return ReadKeys(None)
    config = READ[:1] if isinstance(stored.get("config"), dict) else ()
    members = READ[3:] if class_name == OBJECT else ()
    return ReadKeys(_find_reader(reader, of), None, (*config, *READ[1:3], *members))


def _find_reader(before: Reader, of: Class | None) -> Reader:
    if before is Reader.OTHER_PACKAGE or of is None or of.package == KERAS:
        return before
    return Reader.OURS if of.package == PACKAGE else Reader.OTHER_PACKAGE
