"""What a load does with a saved model: with all of it, its activations, and the rest of its config. Keras-free."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from serialactivation.rules.rule import Verdict

__all__ = ["Verdicts", "find_worst"]

_ORDER: Final = {verdict: place for place, verdict in enumerate(Verdict)}


class Verdicts(NamedTuple):
    """What a Keras does with a saved model when it loads it.

    Attributes:
        target: That Keras.
        asked: Whether it was asked for; else it is the newest that is known.
        whole: What it does with all of it, what it would run included.
        activations: What it does with the activations.
        rest: What it does with the rest of the config.
    """

    target: str
    asked: bool
    whole: Verdict
    activations: Verdict
    rest: Verdict


def find_worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return that of the *verdicts* that matters most."""
    return max(verdicts, key=_ORDER.__getitem__, default=Verdict.LOADS)
