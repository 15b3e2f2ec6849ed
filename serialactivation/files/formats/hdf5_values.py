"""The spread of the values of some variables in an HDF5 file: the only data of datasets that are read.

A file is examined as :func:`~serialactivation.files.formats.hdf5.list_variables` does before a value is read.
"""

import math
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from serialactivation.files.formats.hdf5 import find_object, list_variables, opened
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source
from serialactivation.files.refusals import FilePart

__all__ = ["BARS", "Spread", "summarize", "summarize_variables"]

BARS: Final = 24
"""How many bars the histogram of a spread has."""

_BFLOAT16: Final = "bfloat16"
_FLOATS: Final = ("float16", "float32", "float64", _BFLOAT16)


class Spread(NamedTuple):
    """How the values of a variable are spread; infinite values and NaN do not count.

    Attributes:
        size: How many there are.
        least: The least.
        low: The value below which a twentieth of them is.
        median: The value below which half of them is.
        high: The value above which a twentieth of them is.
        greatest: The greatest.
        bars: How many of them are in each of :data:`BARS` equal steps from the least to the greatest.
    """

    size: int
    least: float
    low: float
    median: float
    high: float
    greatest: float
    bars: tuple[int, ...]


def summarize(values: Any) -> Spread | None:
    """Return the spread of an array of floats, or None if none of them is finite."""
    import numpy as np

    finite = np.asarray(values, np.float64).ravel()
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return None
    is_flat = np.ptp(finite) <= _FLAT * np.abs(finite).max()
    bars = (finite.size,) if is_flat else tuple(map(int, np.histogram(finite, BARS)[0]))
    least, low, median, high, greatest = map(float, np.quantile(finite, _MARKS))
    return Spread(finite.size, least, low, median, high, greatest, bars)


_MARKS: Final = (0.0, 0.05, 0.5, 0.95, 1.0)
_FLAT: Final = 1e-9  # values that differ by less, as compared with the greatest, are one bar


def summarize_variables(file: Source, limits: Limits, part: FilePart, paths: Iterable[str]) -> dict[str, Spread]:
    """Return the spread of each variable of *paths* that is in the file, consists of floats and is not too large.

    Args:
        file: The HDF5 file.
        limits: The limits of the reader: a variable may have as many bytes as a config.
        part: The file, for the error.
        paths: The paths of the variables.

    Raises:
        ArchiveError: It is damaged, has links to other files, declares data that it does not hold, or exceeds a limit.
    """
    listed = list_variables(file, limits, part)
    found = {path: listed[path] for path in dict.fromkeys(paths) if path in listed}
    small = {path: one.dtype for path, one in found.items() if math.prod(one.shape) * _WIDEST <= limits.config_bytes}
    with opened(file, limits, part) as root:
        spreads = {path: summarize(_read(root, path, dtype)) for path, dtype in small.items() if dtype in _FLOATS}
    return {path: spread for path, spread in spreads.items() if spread is not None}


_WIDEST: Final = 8  # bytes of a float


def _read(root: Any, path: str, dtype: str) -> Any:
    import numpy as np
    from h5py import h5s

    dataset = find_object(root, path)
    stored = np.empty(dataset.shape, dataset.dtype)
    dataset.read(h5s.ALL, h5s.ALL, stored)
    return (stored.view(np.uint16).astype(np.uint32) << 16).view(np.float32) if dtype == _BFLOAT16 else stored
