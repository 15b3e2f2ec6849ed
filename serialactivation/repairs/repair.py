"""A repair of a config: what it finds, and the record of one change that it made. Keras-free."""

import copy
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.tree.activations import Steps, follow, show_path
from serialactivation.tree.nodes import Root
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = ["IN_LAYERS", "Change", "Edit", "Repair", "apply_all", "remove", "replace", "update"]

IN_LAYERS: Final[Mapping[str, JSON]] = MappingProxyType({"module": "keras.layers", "registered_name": None})
"""What says, beside the name of its class, that an object is one of Keras's layers."""


class Change(NamedTuple):
    """One change that a repair made.

    Attributes:
        repair: The name of the repair.
        steps: The keys and indices that lead to the change in the file's config.
        what: What was done, as a clause that starts in lower case.
    """

    repair: str
    steps: Steps
    what: str

    @property
    def path(self) -> str:
        """Those steps, as findings show them."""
        return show_path(self.steps)


class Edit(NamedTuple):
    """One change that a repair is going to make.

    Attributes:
        steps: The keys and indices that lead to it from the config's root.
        what: What it does, as a clause that starts in lower case.
        make: The function that changes the config.
    """

    steps: Steps
    what: str
    make: Callable[[Any], None]


def replace(steps: Steps, value: JSON, what: str) -> Edit:
    """Return the edit that puts *value* at *steps*."""

    def make(config: Any) -> None:
        follow(config, steps[:-1])[steps[-1]] = value

    return Edit(steps, what, make)


def remove(steps: Steps, what: str) -> Edit:
    """Return the edit that removes what is at *steps*."""

    def make(config: Any) -> None:
        del follow(config, steps[:-1])[steps[-1]]

    return Edit(steps, what, make)


def update(steps: Steps, items: Mapping[str, JSON], what: str) -> Edit:
    """Return the edit that puts *items* into the dict at *steps*."""
    return Edit(steps, what, lambda config: follow(config, steps).update(items))


class Repair(NamedTuple):
    """A repair.

    Attributes:
        name: Its name, which is printed with each change.
        find: The function that finds what to change in a config, for the target Keras or None. The edits must not
            depend on each other, and it must find none of them again once they are made.
        removes: What it removes or replaces, in a few words, as the reference says it.
    """

    name: str
    find: Callable[[StoredConfig, str | None], Iterable[Edit]]
    removes: str

    def apply(self, config: JSON, root: Root, target: str | None) -> tuple[JSON, tuple[Change, ...]]:
        """Return the repaired config, and the changes; a config without any is returned itself, and none is changed.

        Args:
            config: A model's config, or its training config.
            root: Where it stands in the file.
            target: The target Keras, or None for the newest.
        """
        return apply_all((self,), config, root, target)


def apply_all(
    repairs: Iterable[Repair], config: JSON, root: Root, target: str | None
) -> tuple[JSON, tuple[Change, ...]]:
    """Return what :meth:`Repair.apply` of each of *repairs* makes of the result of those before it."""
    changes: list[Change] = []
    stored = StoredConfig(config, root)
    for repair in repairs:
        while edits := list(repair.find(stored, target)):  # one edit may make another possible
            config = config if changes else copy.deepcopy(config)
            for edit in edits:
                edit.make(config)
                changes.append(Change(repair.name, (*root.steps, *edit.steps), edit.what))
            stored = StoredConfig(config, root)
    return config, tuple(changes)
