"""What a rule is: the one record of a code, from which all that is said of the code is made. Keras-free."""

import enum
from typing import NamedTuple

__all__ = ["Rule", "Severity", "Verdict"]


class Severity(enum.IntEnum):
    """How much a finding matters."""

    NOTE = 1
    """Nothing is lost; worth knowing."""
    WARNING = 2
    """It depends on what is there when the model is loaded."""
    ERROR = 3
    """The model does not load, or computes something else, or would run what it brings along."""


class Verdict(enum.Enum):
    """What a load does with a saved model, from what matters least to what matters most."""

    LOADS = "loads"
    """It loads, and computes what it was saved with."""
    OTHERWISE = "loads, but computes something else"
    """It loads, and computes something else; the findings say what."""
    NOT_KNOWN = "not known"
    """It depends on what is not in the file, or not known; the findings say on what."""
    DOES_NOT_LOAD = "does not load"
    """It does not; the findings say why."""
    RUNS = "runs or reads something"
    """It runs, reads or fetches what no model needs, or is refused for that; the findings say what."""


class Rule(NamedTuple):
    """What there is to say of a code.

    Attributes:
        code: The code, which keeps its meaning: ``SA101``.
        severity: How much it matters, as a rule.
        verdict: What a load does with a file, as far as this is concerned.
        meaning: What it means, in a line of one or two sentences.
        why: Why it happens, in sentences.
        example: What a file holds that gets it, as a short piece of it, or a description.
        cure: What to do, in sentences.
        part_of: The code that it was a part of, and that selects it still, or None.
    """

    code: str
    severity: Severity
    verdict: Verdict
    meaning: str
    why: str
    example: str
    cure: str
    part_of: str | None = None
