"""The repair ``axis``: modules for the layers of HDF5 files whose axes Keras would lose. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.repairs.repair import IN_LAYERS, Edit, Repair, update
from serialactivation.tree.lost_axes import loses_axis
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["AXIS"]


def _find(config: StoredConfig, target: str | None) -> Iterator[Edit]:
    for node in config.nodes:
        if node.is_object and node.of is not None and loses_axis(node, target or NEWEST):
            what = f"module 'keras.layers' added to {node.of.name}, so that its axis is read"
            yield update(config.find_steps(node), IN_LAYERS, what)


AXIS: Final = Repair("axis", _find, removes="the axis of a layer in an HDF5 file, which Keras loses")
"""The repair."""
