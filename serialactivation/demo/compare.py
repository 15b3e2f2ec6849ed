"""Compares the facts of the two processes: which are equal, and how much the others differ."""

import math
from collections.abc import Sequence
from typing import Final

import attrs
import numpy as np

from serialactivation.demo.facts import Failure, NetworkFacts, Numbers, Result

__all__ = ["TOLERANCE", "Finding", "compare_networks", "compare_results", "measure_difference"]

TOLERANCE: Final = 1e-6
"""The largest difference that counts as equal. Gelu and its approximation differ by 4.7e-04."""


@attrs.frozen(kw_only=True)
class Finding:
    """One comparison.

    Attributes:
        subject: What was compared.
        text: What was found.
        equal: Whether the two processes agree.
    """

    subject: str
    text: str
    equal: bool


def compare_results(subject: str, before: Result, after: Result | None) -> Finding:
    """Return the comparison for one part.

    Args:
        subject: The part, in words.
        before: Its outputs in the first process, or why it was not saved.
        after: Its outputs in the second process, or why it was not loaded; None if there is neither.
    """
    if isinstance(before, Failure):
        return Finding(subject=subject, text=before.text, equal=False)
    if isinstance(after, Failure):
        return Finding(subject=subject, text=after.text, equal=False)
    if after is None:
        return Finding(subject=subject, text="missing in the second process", equal=False)
    difference = measure_difference([before], [after])
    if difference > TOLERANCE:
        return Finding(subject=subject, text=f"silently different ({_describe(difference)})", equal=False)
    text = "equal" if difference == 0 else f"equal ({_describe(difference)})"
    return Finding(subject=subject, text=text, equal=True)


def compare_networks(first: NetworkFacts, second: NetworkFacts) -> tuple[Finding, ...]:
    """Return the comparisons for the trained network.

    Args:
        first: The network that was saved, and trained further in its own process.
        second: The network that was loaded, and trained further from there.
    """
    return (
        _compare_numbers("predictions", list(first.predictions), list(second.predictions)),
        _compare_numbers("weights", first.weights, second.weights),
        Finding(
            subject="sharing of the PReLU",
            text=f"{_count_objects(first)} in both layers before, {_count_objects(second)} after",
            equal=first.shared and second.shared,
        ),
        _compare_numbers("optimizer variables", first.optimizer, second.optimizer),
        _compare_numbers("losses of further epochs", list(np.array(first.losses)), list(np.array(second.losses))),
    )


def _count_objects(facts: NetworkFacts) -> str:
    return "one object" if facts.shared else "two objects"


def _compare_numbers(subject: str, before: Sequence[Numbers], after: Sequence[Numbers]) -> Finding:
    difference = measure_difference(before, after)
    return Finding(
        subject=subject,
        text=f"{len(before)} before, {len(after)} after, {_describe(difference)}",
        equal=difference <= TOLERANCE,
    )


def _describe(difference: float) -> str:
    return f"max difference {difference:.1e}" if math.isfinite(difference) else "the shapes or numbers do not match"


def measure_difference(before: Sequence[Numbers], after: Sequence[Numbers]) -> float:
    """Return the largest absolute difference between two rows of arrays.

    It is infinite if there is nothing to compare, if the shapes differ, and if a number is not finite.
    """
    if not before or [array.shape for array in before] != [array.shape for array in after]:
        return math.inf
    return max(_measure_pair(one, other) for one, other in zip(before, after, strict=True))


def _measure_pair(before: Numbers, after: Numbers) -> float:
    one, other = before.astype(np.float64), after.astype(np.float64)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return math.inf
    return float(np.abs(one - other).max(initial=0.0))
