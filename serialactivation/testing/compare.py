"""Compares the outputs of two models."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from serialactivation.testing.check_errors import Broken

__all__ = ["compare"]

_TOLERANCE: Final = 1e-6  # gelu and its approximation differ by 2e-5 and more


def compare(found: Sequence[npt.NDArray[Any]], expected: Sequence[npt.NDArray[Any]]) -> None:
    """Compare outputs with the expected ones.

    Raises:
        Broken: They differ.
    """
    shapes, wanted = [one.shape for one in found], [one.shape for one in expected]
    if shapes != wanted:
        raise Broken(f"its outputs have the shapes {shapes}, and had {wanted}")
    for one, other in zip(found, expected, strict=True):
        first, second = one.astype("float64"), other.astype("float64")
        if not np.allclose(first, second, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True):
            raise Broken(f"it computes something else: its outputs differ by up to {np.abs(first - second).max():.1e}")
