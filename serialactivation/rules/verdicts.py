"""Whether a Keras loads a saved model: its activations, and the rest of its config. Keras-free."""

import enum
from collections.abc import Iterable
from typing import NamedTuple

from serialactivation.rules.finding import Finding, Severity

__all__ = ["Verdict", "Verdicts", "judge"]


class Verdict(enum.Enum):
    """Whether a Keras loads something."""

    LOADS = "loads"
    """It does."""
    DOES_NOT_LOAD = "does not load"
    """It does not, or loads something else; the findings that are errors say why."""
    NOT_KNOWN = "not known"
    """It depends on what is not in the file, or not known; the findings say on what."""


class Verdicts(NamedTuple):
    """Whether a Keras loads a saved model.

    Attributes:
        target: That Keras.
        asked: Whether it was asked for; else it is the newest that is known.
        activations: Whether it loads the activations.
        rest: Whether it loads the rest of the config.
    """

    target: str
    asked: bool
    activations: Verdict
    rest: Verdict


def judge(findings: Iterable[Finding], unsure: Severity) -> Verdict:
    """Return what *findings* amount to.

    Args:
        findings: What there is to say.
        unsure: How much a finding matters that makes it depend on what is not known.
    """
    worst = max((finding.severity for finding in findings), default=None)
    if worst is None or worst < unsure:
        return Verdict.LOADS
    return Verdict.DOES_NOT_LOAD if worst is Severity.ERROR else Verdict.NOT_KNOWN
