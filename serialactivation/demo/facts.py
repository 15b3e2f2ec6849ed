"""What one process tells the other: data only, no Keras."""

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
        weights: Every weight of it.
        shared: Whether its two layers hold one activation.
        optimizer: Every variable of its optimizer.
        losses: The loss of each epoch that it was trained on for.
    """

    predictions: Array
    weights: tuple[Numbers, ...]
    shared: bool
    optimizer: tuple[Numbers, ...]
    losses: tuple[float, ...] = ()


@attrs.frozen
class Failure:
    """A part that did not get through.

    Attributes:
        text: Where it stopped, and Keras's words.
    """

    text: str


Result: TypeAlias = Array | Failure
"""What became of one part in one process: its outputs, or why there are none."""

Results: TypeAlias = Mapping[str, Result]
"""The results of all parts, by the names of their files."""
