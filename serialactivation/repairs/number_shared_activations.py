"""The repair ``unify``: numbers every occurrence of an activation that was shared and saved twice. Keras-free."""

import copy
import itertools
from typing import Final

from serialactivation.repairs.repair import Change, Repair
from serialactivation.rules.weights import holds_weights
from serialactivation.tree.activations import follow, show_path
from serialactivation.tree.nodes import Root
from serialactivation.tree.shared_objects import find_certain_sharing, find_lost_sharing, find_numbers
from serialactivation.tree.weight_groups import find_objects
from serialactivation.typing import JSON

__all__ = ["UNIFY"]

_NAME: Final = "unify"


def _unify(config: JSON, root: Root, _: str | None) -> tuple[JSON, tuple[Change, ...]]:
    changes: tuple[Change, ...] = ()
    while True:  # once one occurrence is certain, another may be certain too
        config, more = _unify_certain(config, root)
        if not more:
            return config, changes
        changes += more


def _unify_certain(config: JSON, root: Root) -> tuple[JSON, tuple[Change, ...]]:
    objects = [one for one in find_objects(config) if holds_weights(dict(one.stored))]
    certain = find_certain_sharing(find_lost_sharing(objects, {one.stored["class_name"] for one in objects}))
    if not certain:
        return config, ()
    taken = set(find_numbers(config))
    free = (number for number in itertools.count(1) if number not in taken)
    unified = copy.deepcopy(config)
    changes: list[Change] = []
    for lost, number in zip(certain, free, strict=False):
        for steps in (*lost.unnumbered, *lost.numbered):
            follow(unified, steps)["shared_object_id"] = number
        what = f"numbered as the same object as {show_path((*root.steps, *lost.unnumbered[0]))}"
        changes += [Change(repair=_NAME, steps=(*root.steps, *steps), what=what) for steps in lost.numbered]
    return unified, tuple(changes)


UNIFY: Final = Repair(name=_NAME, apply=_unify)
"""The repair."""
