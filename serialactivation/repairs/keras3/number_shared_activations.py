"""The repair ``unify``: gives one ID to all copies of an activation that was shared and saved twice. Keras-free."""

import itertools
from collections.abc import Iterator
from typing import Any, Final

from serialactivation.repairs.repair import Edit, Repair
from serialactivation.rules.activations.weights import holds_weights
from serialactivation.tree.activations import Steps, follow, show_path
from serialactivation.tree.shared_objects import find_certain_sharing, find_lost_sharing, find_numbers
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["UNIFY"]


def _find(config: StoredConfig, _: object) -> Iterator[Edit]:
    objects = [one for one in config.objects if holds_weights(dict(one.stored))]
    certain = find_certain_sharing(find_lost_sharing(objects, {one.stored["class_name"] for one in objects}))
    taken = set(find_numbers(config.config)) if certain else set()
    free = (number for number in itertools.count(1) if number not in taken)
    for lost, number in zip(certain, free, strict=False):
        what = f"given the shared_object_id of {show_path((*config.root.steps, *lost.unnumbered[0]))}"
        yield from (_number((*lost.unnumbered, steps), number, what) for steps in lost.numbered)


def _number(occurrences: tuple[Steps, ...], number: int, what: str) -> Edit:
    def make(config: Any) -> None:
        for steps in occurrences:
            follow(config, steps)["shared_object_id"] = number

    return Edit(occurrences[-1], what, make)


UNIFY: Final = Repair("unify", _find, removes="an activation that was shared and saved twice")
"""The repair."""
