"""The axis of a layer that a file names without its module, as Keras 3 reads it. Keras-free.

HDF5 files name the layers of a model so. Keras 3 takes one axis from them, and drops every other value without a word.

Source:
    ``model_from_config`` of ``keras/src/legacy/saving/saving_utils.py``, Keras 3.6 to 3.15.
"""

import math
from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.typing import JSON, Config

__all__ = ["AXIS", "is_lost", "read_config"]

AXIS: Final = "axis"
"""The argument."""

_DEFAULT: Final = -1  # of all layers of Keras that have an axis
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


def is_lost(stored: Config, target: str, rank: int | None) -> bool:
    """Return whether Keras *target* certainly makes a layer with another axis than is stored.

    Args:
        stored: What is stored of the layer.
        target: The version of Keras.
        rank: The number of axes that the layer is given, or None if it is not known.
    """
    config = stored.get("config")
    axis = config.get(AXIS) if isinstance(config, dict) else None
    read = read_config(stored, target).get(AXIS)
    if axis == read or not isinstance(axis, int | list) or isinstance(axis, bool):
        return False
    axes = axis if isinstance(axis, list) else [axis]
    if len(axes) > 1 or not axes or axes[0] == read or not isinstance(axes[0], int):
        return len(axes) > 1
    return rank is not None and isinstance(read, int) and (axes[0] - read) % rank != 0


def _read_axis(axis: JSON, target: str) -> JSON:
    """Return the axis that Keras reads: the default of the layer for all that it drops."""
    if isinstance(axis, list) and len(axis) == 1:
        number = _round(axis[0])
        return axis if number is None else number
    number = None if is_newer(_NUMBERS_SINCE, target) else _round(axis)
    return _DEFAULT if number is None else number


def _round(value: JSON) -> int | None:
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, int) else None
