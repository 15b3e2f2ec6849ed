"""Which layers of HDF5 files Keras reads without their axes. Keras-free."""

from typing import Final

from serialactivation.catalog.stored_axis import AXIS, DEFAULT_AXIS, is_kept
from serialactivation.tree.nodes import Node

__all__ = ["loses_axis"]

_LAYERS: Final = "keras.layers."


def loses_axis(node: Node, target: str) -> bool:
    """Return whether Keras *target* reads a layer without the axis that is stored."""
    of = node.of
    is_axis_known = of is not None and of.owner.startswith(_LAYERS) and AXIS in node.config
    if not is_axis_known or not isinstance(node.stored, dict) or "module" in node.stored:
        return False
    is_placed = node.parent is None or (isinstance(node.key, int) and node.parent.key == "layers")
    axis = node.config[AXIS]
    return is_placed and axis != DEFAULT_AXIS and not is_kept(axis, target)
