"""What Keras takes for an optimizer, a loss or a metric of an HDF5 file whose class it does not find. Keras-free.

Source:
    ``compile_args_from_training_config``, ``_deserialize_nested_config`` and ``_resolve_compile_arguments_compat`` of
    ``keras/src/legacy/saving/saving_utils.py``, Keras 3.6 to 3.15.
"""

import enum
from typing import Final

from serialactivation.catalog.classes import find_name
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.tree.activations import Steps
from serialactivation.tree.nodes import Node

__all__ = ["StandIn", "find_stand_in"]

_ALONE: Final[dict[Steps, str]] = {
    (TRAINING_CONFIG, "optimizer_config"): "optimizers",
    (TRAINING_CONFIG, "loss"): "losses",
}


class StandIn(enum.Enum):
    """What Keras takes for an object whose class it does not find."""

    NAMESAKE = enum.auto()
    """Its own optimizer or loss of the name in the config, with default settings."""
    NAME = enum.auto()
    """The name of the class, for a loss or a metric in a list or a dict, which it looks up when it trains."""


def find_stand_in(node: Node, target: str) -> StandIn | None:
    """Return what Keras *target* takes for an object whose class it does not find, or None if it takes nothing."""
    steps, stored = node.steps, node.stored
    if node.of is None or steps[:1] != (TRAINING_CONFIG,) or not isinstance(stored, dict) or _is_found(node, target):
        return None
    if stored.get("module", "") is None:
        return None  # which is refused
    if steps in _ALONE:
        name = node.config.get("name")
        span = find_name(_ALONE[steps], name) if isinstance(name, str) else None
        return StandIn.NAMESAKE if span is not None and not is_newer(span[0], target) else None
    return StandIn.NAME if node.hint in ("losses", "metrics") and len(steps) > 2 else None


def _is_found(node: Node, target: str) -> bool:
    signature = None if node.of is None else node.of.signature
    return signature is not None and not is_newer(signature.since, target)
