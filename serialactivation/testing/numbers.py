"""What models compute, and whether two compute the same."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import keras
import numpy as np
import numpy.typing as npt

from serialactivation.testing.broken import Broken

__all__ = ["Arrays", "compare", "compute", "randomize"]

Arrays: TypeAlias = list[npt.NDArray[Any]]

_TOLERANCE: Final = 1e-6  # gelu and its approximation differ by 2e-5 and more


def compute(model: keras.Model, inputs: object) -> Arrays:
    """Return the outputs of a *model*, flattened."""
    return [keras.ops.convert_to_numpy(output) for output in keras.tree.flatten(model(inputs))]


def compare(found: Sequence[npt.NDArray[Any]], expected: Sequence[npt.NDArray[Any]]) -> None:
    """Hold outputs against those that are expected.

    Raises:
        Broken: They are others.
    """
    shapes, wanted = [one.shape for one in found], [one.shape for one in expected]
    if shapes != wanted:
        raise Broken(f"its outputs have the shapes {shapes}, and had {wanted}")
    for one, other in zip(found, expected, strict=True):
        first, second = one.astype("float64"), other.astype("float64")
        if not np.allclose(first, second, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True):
            raise Broken(f"it computes something else: its outputs differ by up to {np.abs(first - second).max():.1e}")


def randomize(model: keras.Model, generator: np.random.Generator) -> None:
    """Set every weight at random: within (0.1, 1), since a variance must be positive; a seed's state too."""
    for variable in model.variables:
        if "float" in variable.dtype:
            variable.assign(generator.uniform(0.1, 1.0, variable.shape))
        else:
            variable.assign(generator.integers(1, 9, variable.shape))
