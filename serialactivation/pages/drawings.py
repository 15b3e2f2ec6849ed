"""Makes what is drawn of an activation: from a formula, from the weights of a PReLU, or from its values. Keras-free."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from serialactivation.curves.formulas import Array, prelu
from serialactivation.curves.stored import Curve
from serialactivation.files.formats.hdf5_values import Spread
from serialactivation.pages.records import Drawing

__all__ = ["POINTS", "STEP", "describe_spread", "draw_curve", "draw_learned", "draw_values", "find_slopes"]

STEP: Final = 0.05
"""The distance of two points."""

POINTS: Final[Array] = np.linspace(-160 * STEP, 160 * STEP, 321)
"""The inputs at which curves are drawn."""

_JUMP: Final = 6.0  # a slope between two points that is none of a curve
_PLAIN: Final = 3.0


def draw_curve(curve: Curve) -> Drawing:
    """Return the drawing of a function."""
    return draw_values(curve.label, curve.compute(POINTS))


def draw_values(label: str, values: Sequence[float] | Array) -> Drawing:
    """Return the drawing of a function by its *values* at :data:`POINTS`."""
    return Drawing(label, _to_tuple(np.asarray(values, np.float64)))


def draw_learned(label: str, spread: Spread) -> Drawing:
    """Return the drawing of a ``PReLU`` with its weights: the curve of the median, and the band around it."""
    low, middle, high = (_to_tuple(prelu(POINTS, alpha)) for alpha in (spread.low, spread.median, spread.high))
    return Drawing(label, middle, (low, high), spread)


def _to_tuple(values: Array) -> tuple[float, ...]:
    return tuple(np.where(np.isfinite(values), values, np.nan).round(6).tolist())


def find_slopes(values: Array) -> Array:
    """Return the derivative of a curve by central differences; where the curve jumps, there is none."""
    slopes = np.full(values.shape, np.nan)
    slopes[1:-1] = (values[2:] - values[:-2]) / (2 * STEP)
    steps = np.abs(np.diff(values)) / STEP
    for place in np.flatnonzero(steps > _JUMP).tolist():
        if max(steps[max(place - 2, 0)], steps[min(place + 2, steps.size - 1)]) < _PLAIN:
            slopes[max(place - 1, 0) : place + 3] = np.nan
    return slopes


def describe_spread(spread: Spread) -> str:
    """Return the spread of weights in words."""
    if spread.least == spread.greatest:
        return f"{spread.size:,} weights, all {spread.least:.3g}"
    ends = f"nine tenths of them from {spread.low:.3g} to {spread.high:.3g}"
    return f"{spread.size:,} weights from {spread.least:.3g} to {spread.greatest:.3g}, {ends}"
