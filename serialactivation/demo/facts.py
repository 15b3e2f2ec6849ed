"""The facts that the processes exchange: data only, no Keras."""

from collections.abc import Mapping
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["Array", "Failure", "NetworkFacts", "Numbers", "Result", "Results"]

Array: TypeAlias = npt.NDArray[np.float32]
"""Images, or outputs."""

Numbers: TypeAlias = npt.NDArray[np.generic]
"""Numbers of any type: an optimizer also counts its steps."""


@attrs.frozen(kw_only=True, eq=False)
class NetworkFacts:
    """The trained network, as one process sees it.

    Attributes:
        predictions: Its predictions on the test images, right after the save or the load.
        weights: All its weights.
        shared: Whether its two layers hold one activation.
        optimizer: All variables of its optimizer.
        losses: The loss of each further epoch.
    """

    predictions: Array
    weights: tuple[Numbers, ...]
    shared: bool
    optimizer: tuple[Numbers, ...]
    losses: tuple[float, ...] = ()


@attrs.frozen
class Failure:
    """The failure of a part.

    Attributes:
        text: The step that failed, and Keras's message.
    """

    text: str


Result: TypeAlias = Array | Failure
"""The result of one part in one process: its outputs, or its failure."""

Results: TypeAlias = Mapping[str, Result]
"""The results of all parts, by the names of their files."""
