"""Objects that a config holds several times, and which of them Keras has not numbered as one. Keras-free."""

import collections
import json
from collections.abc import Container, Iterable
from typing import NamedTuple

from serialactivation.archive.groups import Held
from serialactivation.archive.sites import Steps
from serialactivation.typing import JSON

__all__ = ["Lost", "find_certain", "find_lost", "find_number"]


class Lost(NamedTuple):
    """An object that is numbered where it stands again, and not where it stands first.

    Attributes:
        unnumbered: Where it may stand before its number does: where its like has none.
        numbered: Where it stands with its number.
    """

    unnumbered: tuple[Steps, ...]
    numbered: tuple[Steps, ...]


def find_lost(held: Iterable[Held], classes: Container[JSON]) -> list[Lost]:
    """Return the objects that stand with a number, and before that, it seems, without one.

    Args:
        held: The objects of a config, in its order.
        classes: The names of the classes that are looked at.
    """
    unnumbered: dict[str, list[Steps]] = {}
    seen: dict[int, tuple[str, tuple[Steps, ...], list[Steps]]] = {}
    for one in held:
        if one.stored["class_name"] not in classes:
            continue
        key, number = _make_key(one), find_number(one)
        if number is None:
            unnumbered.setdefault(key, []).append(one.steps)
            continue
        if number not in seen:
            seen[number] = key, tuple(unnumbered.get(key, ())), []
        if seen[number][0] == key:
            seen[number][2].append(one.steps)
    return [Lost(before, tuple(again)) for _, before, again in seen.values() if before]


def find_certain(found: Iterable[Lost]) -> list[Lost]:
    """Return those of *found* that have one first sighting, and share it with no other: of several, it may be any."""
    found = list(found)
    claims = collections.Counter(steps for lost in found for steps in lost.unnumbered)
    return [lost for lost in found if len(lost.unnumbered) == 1 and claims[lost.unnumbered[0]] == 1]


def find_number(held: Held) -> int | None:
    """Return the number that Keras has given to an object, or None."""
    number = held.stored.get("shared_object_id")
    return number if isinstance(number, int) else None


def _make_key(held: Held) -> str:
    """Return what two sightings of one object have in common."""
    return json.dumps(_strip(dict(held.stored)), sort_keys=True)


def _strip(value: JSON) -> JSON:
    """Return *value* without what differs between two sightings of one object."""
    if isinstance(value, list):
        return [_strip(item) for item in value]
    if not isinstance(value, dict):
        return value
    ignored = ("build_config", "inbound_nodes", "name", "shared_object_id")
    return {key: _strip(item) for key, item in value.items() if key not in ignored or "class_name" not in value}
