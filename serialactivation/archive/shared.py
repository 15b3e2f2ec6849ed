"""Objects that a config holds several times, and which of them Keras has not numbered as one. Keras-free."""

import json
from collections.abc import Iterable, Iterator, Mapping

from serialactivation.archive.groups import Held
from serialactivation.archive.sites import Steps
from serialactivation.typing import JSON

__all__ = ["find_lost", "find_number", "make_key"]


def find_lost(held: Iterable[Held], classes: set[str]) -> Iterator[tuple[Steps, Steps]]:
    """Yield where an object stands with a number, and where the same stands before it without one.

    Args:
        held: The objects of a config, in its order.
        classes: The names of the classes that are looked at.
    """
    unnumbered: dict[str, Held] = {}
    numbered: set[JSON] = set()
    for one in held:
        if one.stored["class_name"] not in classes:
            continue
        key = make_key(one)
        number = find_number(one)
        if number is None:
            unnumbered.setdefault(key, one)
        elif number not in numbered and key in unnumbered:
            yield one.steps, unnumbered[key].steps
        numbered.add(number)


def find_number(held: Held) -> int | None:
    """Return the number that Keras has given to an object, or None."""
    number = held.stored.get("shared_object_id")
    return number if isinstance(number, int) else None


def make_key(held: Held) -> str:
    """Return what two sightings of one object have in common."""
    return json.dumps(_strip(dict(held.stored)), sort_keys=True)


def _strip(value: JSON) -> JSON:
    """Return *value* without what differs between two sightings of one object."""
    if isinstance(value, list):
        return [_strip(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    ignored = ("build_config", "inbound_nodes", "name", "shared_object_id")
    return {key: _strip(item) for key, item in value.items() if key not in ignored or "class_name" not in value}
