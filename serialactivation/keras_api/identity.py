"""A weak map by identity, because a layer may define ``__eq__`` and have no hash."""

import weakref
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

__all__ = ["IdentityMap"]

ObjectT = TypeVar("ObjectT")
ValueT = TypeVar("ValueT")


class _Reference(weakref.ref[ObjectT]):
    """A weak reference that still knows the id of its object after that has been freed."""

    __slots__ = ("number",)

    number: int


class IdentityMap(Generic[ObjectT, ValueT]):
    """Values by object; an entry is removed when its object is freed."""

    def __init__(self) -> None:
        entries: dict[int, tuple[_Reference[ObjectT], ValueT]] = {}
        self._entries = entries
        self._forget: Callable[[_Reference[ObjectT]], object] = lambda dead: entries.pop(dead.number, None)

    def __setitem__(self, key: ObjectT, value: ValueT) -> None:
        reference = _Reference(key, self._forget)
        reference.number = id(key)
        self._entries[reference.number] = reference, value

    def __contains__(self, key: object) -> bool:
        return id(key) in self._entries

    def __iter__(self) -> Iterator[ObjectT]:
        for reference, _ in list(self._entries.values()):
            key = reference()
            if key is not None:
                yield key

    def get(self, key: ObjectT) -> ValueT | None:
        """Return the value of *key*, or None."""
        entry = self._entries.get(id(key))
        return None if entry is None else entry[1]
