"""Objects that occur several times in a config, and occurrences that Keras has not numbered. Keras-free."""

import collections
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.tree.activations import Steps, find_shared_id
from serialactivation.tree.nodes import walk
from serialactivation.tree.weight_groups import StoredObject
from serialactivation.typing import JSON

__all__ = ["LostSharing", "find_certain_sharing", "find_lost_sharing", "find_number", "find_numbers"]

_DIFFERING: Final = ("build_config", "inbound_nodes", "name", "shared_object_id")
"""The keys that may differ between two occurrences of one object."""


class LostSharing(NamedTuple):
    """An object whose later occurrences have a number, and whose first occurrence has none.

    Attributes:
        unnumbered: The places that may be its first occurrence: equal objects without a number, before the numbered.
        numbered: The places of its occurrences with a number.
    """

    unnumbered: tuple[Steps, ...]
    numbered: tuple[Steps, ...]


def find_lost_sharing(held: Iterable[StoredObject], classes: Container[JSON]) -> list[LostSharing]:
    """Return the objects that have a number, and seem to occur before that without one.

    Args:
        held: The objects of a config, in its order.
        classes: The names of the classes to examine.
    """
    unnumbered: dict[int, list[Steps]] = {}
    seen: dict[int, tuple[int, tuple[Steps, ...], list[Steps]]] = {}
    forms = _Forms()
    for one in held:
        if one.stored["class_name"] not in classes:
            continue
        key, number = forms.find(one.stored), find_number(one)
        if number is None:
            unnumbered.setdefault(key, []).append(one.steps)
            continue
        if number not in seen:
            seen[number] = key, tuple(unnumbered.get(key, ())), []
        if seen[number][0] == key:
            seen[number][2].append(one.steps)
    return [LostSharing(before, tuple(again)) for _, before, again in seen.values() if before]


def find_certain_sharing(found: Iterable[LostSharing]) -> list[LostSharing]:
    """Return those of *found* with exactly one possible first occurrence, which no other object claims."""
    found = list(found)
    claims = collections.Counter(steps for lost in found for steps in lost.unnumbered)
    return [lost for lost in found if len(lost.unnumbered) == 1 and claims[lost.unnumbered[0]] == 1]


def find_number(held: StoredObject) -> int | None:
    """Return the number that Keras has given to an object, or None."""
    return find_shared_id(held.stored)


def find_numbers(config: JSON) -> Iterator[int]:
    """Yield the numbers that Keras has given to the objects in *config*, once for each occurrence."""
    numbers = (find_shared_id(node.stored) for node in walk(config))
    yield from (number for number in numbers if number is not None)


class _Forms:
    """Numbers for stored values: two values have the same number if they are equal, except for some keys.

    The values inside a value are compared by their numbers, so that deeply nested objects are examined only once. Nodes
    do not help: they leave out numbers and most strings, which count here.
    """

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._known: dict[int, int] = {}

    def find(self, value: "JSON | Mapping[str, JSON]") -> int:
        """Return the number of *value*, which ignores keys that differ between two occurrences of one object."""
        if not isinstance(value, Mapping | list):
            return self._number((type(value), value))
        if id(value) not in self._known:
            self._known[id(value)] = self._number(self._take_apart(value))
        return self._known[id(value)]

    def _take_apart(self, value: "Mapping[str, JSON] | list[JSON]") -> object:
        if isinstance(value, list):
            return (list, *map(self.find, value))
        kept = [key for key in value if key not in _DIFFERING or "class_name" not in value]
        return (dict, *((key, self.find(value[key])) for key in sorted(kept)))

    def _number(self, form: object) -> int:
        return self._numbers.setdefault(form, len(self._numbers))
