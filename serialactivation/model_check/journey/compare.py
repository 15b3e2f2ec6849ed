"""Outputs as arrays, and how two differ."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import keras
import numpy as np
import numpy.typing as npt

__all__ = ["Arrays", "find_difference", "has_infinite", "to_arrays"]

Arrays: TypeAlias = list[npt.NDArray[Any]]

_TOLERANCE: Final = 1e-6  # gelu and its approximation differ by 2e-5 and more


def to_arrays(outputs: object) -> Arrays:
    """Return *outputs* flattened, as arrays."""
    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in keras.tree.flatten(outputs)]


def has_infinite(arrays: Arrays) -> bool:
    """Return whether a number in *arrays* is infinite or not a number, so that less can be compared."""
    return any(one.dtype.kind in "fV" and not np.isfinite(one.astype("float64")).all() for one in arrays)


def find_difference(found: Sequence[npt.NDArray[Any]], expected: Sequence[npt.NDArray[Any]]) -> str | None:
    """Return how *found* differs from what is *expected*, as a clause; None if it does not."""
    shapes, wanted = [one.shape for one in found], [one.shape for one in expected]
    if shapes != wanted:
        return f"its outputs have the shapes {shapes}, and had {wanted}"
    for one, other in zip(found, expected, strict=True):
        if one.dtype.kind not in "fViub":
            if not np.array_equal(one, other):
                return "its outputs differ"
            continue
        first, second = one.astype("float64"), other.astype("float64")
        if not np.allclose(first, second, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True):
            return f"its outputs differ by up to {np.nanmax(np.abs(first - second)):.1e}"
    return None
