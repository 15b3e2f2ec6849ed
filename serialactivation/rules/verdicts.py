"""The verdicts on a saved model: on all of it, on its activations, and on the rest of its config. Keras-free."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from serialactivation.rules.rule import Verdict

__all__ = ["Verdicts", "find_worst"]

_ORDER: Final = {verdict: place for place, verdict in enumerate(Verdict)}


class Verdicts(NamedTuple):
    """What the target Keras does with a saved model when it loads it.

    Attributes:
        target: The target Keras.
        asked: Whether the user asked for this Keras; otherwise it is the newest known one.
        whole: The verdict on the whole model, including what a load would run.
        activations: The verdict on the activations.
        rest: The verdict on the rest of the config.
    """

    target: str
    asked: bool
    whole: Verdict
    activations: Verdict
    rest: Verdict


def find_worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most serious of the *verdicts*."""
    return max(verdicts, key=_ORDER.__getitem__, default=Verdict.LOADS)
