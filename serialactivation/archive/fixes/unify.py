"""An activation that was shared and saved twice, numbered wherever it stands, so that it is one again. Keras-free."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any, Final

from serialactivation.archive.fixes.fix import Fix, Mended
from serialactivation.archive.groups import Held, find_held
from serialactivation.archive.objects import Place
from serialactivation.archive.shared import find_lost, find_number, make_key
from serialactivation.archive.sites import Steps, show_path
from serialactivation.archive.state import holds_weights
from serialactivation.typing import JSON

__all__ = ["UNIFY"]

_NAME: Final = "unify"


def _unify(config: JSON, place: Place, _: str | None) -> tuple[JSON, tuple[Mended, ...]]:
    held = [one for one in find_held(config) if holds_weights(dict(one.stored))]
    lost = list(find_lost(held, {str(one.stored["class_name"]) for one in held}))
    unified: JSON = config
    mended: tuple[Mended, ...] = ()
    for second, first in lost:
        sightings = _find_sightings(held, second)
        if len(sightings[0]) != 1:
            continue  # it may be any of those
        unified = copy.deepcopy(config) if unified is config else unified
        number = _find_free(unified)
        for steps in itertools.chain(*sightings):
            _find(unified, steps)["shared_object_id"] = number
            what = f"numbered as one with {show_path((*place.steps, *first))}"
            if steps != first:
                mended += (Mended(fix=_NAME, path=show_path((*place.steps, *steps)), what=what),)
    return unified, mended


def _find_sightings(held: list[Held], second: Steps) -> tuple[list[Steps], list[Steps]]:
    """Return where the object at *second* may stand before it without a number, and where it stands with its own."""
    index = next(index for index, one in enumerate(held) if one.steps == second)
    one = held[index]
    equal = [place for place, other in enumerate(held) if make_key(other) == make_key(one)]
    firsts = [held[place].steps for place in equal if place < index and find_number(held[place]) is None]
    return firsts, [held[place].steps for place in equal if find_number(held[place]) == find_number(one)]


def _find_free(config: JSON) -> int:
    """Return a number that no object in *config* has."""
    taken = set(_find_taken(config))
    return next(number for number in itertools.count(1) if number not in taken)


def _find_taken(value: JSON) -> Iterator[JSON]:
    if isinstance(value, list):
        for item in value:
            yield from _find_taken(item)
    elif isinstance(value, dict):
        if isinstance(value.get("shared_object_id"), int):
            yield value["shared_object_id"]
        for item in value.values():
            yield from _find_taken(item)


def _find(config: Any, steps: Steps) -> Any:
    for step in steps:
        config = config[step]
    return config


UNIFY: Final = Fix(name=_NAME, mend=_unify)
"""The fix."""
