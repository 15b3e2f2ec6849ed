"""A stored config walked once, for everything that looks at it. Keras-free."""

from functools import cached_property

from serialactivation.tree.activations import Steps
from serialactivation.tree.classes import KERAS, is_of_program
from serialactivation.tree.nodes import Node, Root, walk
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["StoredConfig"]


class StoredConfig:
    """A config, which is not changed while it is looked at.

    Args:
        config: A model's config, or its training config.
        root: Where it stands in the file.
    """

    def __init__(self, config: JSON, root: Root) -> None:
        self.config = config
        self.root = root

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Its nodes, in the order of the config."""
        return tuple(walk(self.config, self.root))

    @cached_property
    def stock_objects(self) -> tuple[tuple[Steps, Node], ...]:
        """The objects of Keras's own classes, each with the steps to it from the config.

        Keras 1 and 2 wrote the class of a layer without its module.
        """
        return tuple((self.find_steps(node), node) for node in self.nodes if node.is_object and _is_stock(node))

    @cached_property
    def objects(self) -> tuple[StoredObject, ...]:
        """The objects that Keras makes of it, each with the places of its weights."""
        return tuple(find_objects(self.config))

    def find_steps(self, node: Node) -> Steps:
        """Return the steps to a *node* from the config."""
        return self.from_config(node.steps)

    def from_config(self, steps: Steps) -> Steps:
        """Return *steps* from the config, and not from the file."""
        return steps[len(self.root.steps) :]


def _is_stock(node: Node) -> bool:
    is_known = node.of is not None and node.of.package in (KERAS, None)
    return is_known and isinstance(node.stored, dict) and not is_of_program(node.stored)
