"""The rules of a repair, one applied after another, and the objects that they look at. Keras-free."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from serialactivation.repairs.repair import Edit, Repair
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.classes import KERAS
from serialactivation.tree.nodes import Node, Root, walk
from serialactivation.typing import JSON

__all__ = ["IN_LAYERS", "EditRule", "edit_at", "find_stock_objects", "make_repair"]

IN_LAYERS: Final[Mapping[str, JSON]] = MappingProxyType({"module": "keras.layers", "registered_name": None})
"""What says, beside the name of its class, that an object is one of Keras's layers."""

EditRule: TypeAlias = Callable[[JSON, Root], Iterator[Edit]]
"""A function of a config and its root that yields edits, each of which leaves the steps of those after it valid."""


def make_repair(name: str, *rules: EditRule) -> Repair:
    """Return the repair that applies *rules*: each to a config in which those before it find nothing more."""

    def find(config: JSON, root: Root, _: str | None) -> Iterable[Edit]:
        return next((edits for rule in rules if (edits := list(rule(config, root)))), ())

    return Repair(name, find)


def find_stock_objects(config: JSON, root: Root) -> Iterator[tuple[Steps, Node]]:
    """Yield the objects of Keras's own classes in *config*, and the steps to each from the config.

    Keras 1 and 2 wrote the class of a layer without its module.
    """
    for node in walk(config, root):
        if node.is_object and node.of is not None and node.of.package in (KERAS, None):
            yield node.steps[len(root.steps) :], node


def edit_at(steps: Steps, what: str, edit: Callable[[Any], object], inside: Steps = ()) -> Edit:
    """Return the edit that *edit* makes of the value at *steps*; *inside* leads on to what is reported."""

    def make(config: Any) -> None:
        edit(follow(config, steps))

    return Edit((*steps, *inside), what, make)
