"""Which layers of HDF5 files Keras reads without their axes. Keras-free.

Source:
    ``model_from_config`` of ``keras/src/legacy/saving/saving_utils.py``: it takes ``axis`` out of the config of a layer
    without a module, and puts back a list of one, and since Keras 3.9 also a number.
"""

from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON

__all__ = ["loses_axis"]

_KEEPS_NUMBERS: Final = "3.9"
_LAYERS: Final = "keras.layers."
_DEFAULT: Final = -1
"""The default axis of every layer of Keras that has one."""


def loses_axis(node: Node, target: str) -> bool:
    """Return whether Keras *target* reads a layer without the axis that is stored."""
    of = node.of
    is_axis_known = of is not None and of.owner.startswith(_LAYERS) and "axis" in node.config
    if not is_axis_known or not isinstance(node.stored, dict) or "module" in node.stored:
        return False
    is_placed = node.parent is None or (isinstance(node.key, int) and node.parent.key == "layers")
    axis = node.config["axis"]
    return is_placed and axis != _DEFAULT and not _is_kept(axis, target)


def _is_kept(axis: JSON, target: str) -> bool:
    if isinstance(axis, list):
        return len(axis) == 1
    return isinstance(axis, int | float) and not is_newer(_KEEPS_NUMBERS, target)
