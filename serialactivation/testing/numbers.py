"""Random weights for models, and the outputs of models."""

from typing import Any, TypeAlias

import keras
import numpy as np
import numpy.typing as npt

__all__ = ["Arrays", "compute", "randomize"]

Arrays: TypeAlias = list[npt.NDArray[Any]]


def compute(model: keras.Model, inputs: object) -> Arrays:
    """Return the outputs of a *model*, flattened."""
    return [keras.ops.convert_to_numpy(output) for output in keras.tree.flatten(model(inputs))]


def randomize(model: keras.Model, generator: np.random.Generator) -> None:
    """Set every variable at random, floats within (0.1, 1), because a variance must be positive; seeds, too."""
    for variable in model.variables:
        if "float" in variable.dtype:
            variable.assign(generator.uniform(0.1, 1.0, variable.shape))
        else:
            variable.assign(generator.integers(1, 9, variable.shape))
