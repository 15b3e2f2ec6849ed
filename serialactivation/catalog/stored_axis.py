"""The axis of a layer that a file names without its module, as Keras 3 reads it. Keras-free.

HDF5 files name the layers of a model so. Keras 3 takes one axis from them, and drops every other value without a word.

Source:
    ``model_from_config`` of ``keras/src/legacy/saving/saving_utils.py``, Keras 3.6 to 3.15.
"""

import math
from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.typing import JSON, Config

__all__ = ["AXIS", "DEFAULT_AXIS", "is_kept", "read_config"]

AXIS: Final = "axis"
"""The argument."""

DEFAULT_AXIS: Final = -1
"""The default of every layer of Keras that has an axis."""

_NUMBERS_SINCE: Final = "3.9"
"""The first Keras that reads an axis that is not in a list."""


def read_config(stored: JSON, target: str) -> Config:
    """Return the config of a layer of a model as Keras *target* reads it; an empty one if there is none."""
    config = stored.get("config") if isinstance(stored, dict) else None
    if not isinstance(stored, dict) or not isinstance(config, dict):
        return {}
    if "module" in stored or AXIS not in config:
        return config
    return {**config, AXIS: _read_axis(config[AXIS], target)}


def is_kept(axis: JSON, target: str) -> bool:
    """Return whether Keras *target* reads this *axis*, and not the default of the layer in its place."""
    if isinstance(axis, list):
        return len(axis) == 1
    return isinstance(axis, int | float) and not is_newer(_NUMBERS_SINCE, target)


def _read_axis(axis: JSON, target: str) -> JSON:
    """Return the axis that Keras reads, which rounds a number."""
    if not is_kept(axis, target):
        return DEFAULT_AXIS
    one = axis[0] if isinstance(axis, list) else axis
    is_finite = isinstance(one, int | float) and math.isfinite(one)
    return int(one) if isinstance(one, int | float) and is_finite else axis
