"""A rule: the record of one code, from which every text about the code is made. Keras-free.

A rule names its repair, but not the function that finds it. One function finds several rules, since it has to decide
between them: a name is a lambda's, mistyped, or registered elsewhere. A function that finds something names the rule.
And ``explain``, the reference page and SARIF need all rules, but none of what finds them, such as the parser of source.
"""

import enum
from typing import Final, NamedTuple

__all__ = ["FIX", "REPLACE", "SCALE", "Rule", "Severity", "Verdict"]

FIX: Final = "fix"
"""The repair of a rule that ``serialactivation lint --fix`` repairs in source."""

REPLACE: Final = "replace"
"""The repair of a rule that needs a choice: ``serialactivation repair --replace``."""

SCALE: Final = "scale"
"""The repair of a rule that changes weights, if it is asked for: ``serialactivation repair --scale-hard-sigmoid``."""


class Severity(enum.IntEnum):
    """How much a finding matters."""

    NOTE = 1
    """Nothing is lost, but the user may want to know it."""
    WARNING = 2
    """Whether the model is right depends on what is present when it is loaded."""
    ERROR = 3
    """The model does not load, or computes something else, or would run code from the file."""


class Verdict(enum.Enum):
    """What a load does with a saved model, from the least serious to the most serious."""

    LOADS = "loads"
    """It loads, and computes what it was saved with."""
    OTHERWISE = "loads, but computes something else"
    """It loads, and computes something else; the findings say what."""
    UNCALLABLE = "loads, but cannot be called"
    """It loads, and every call of it fails; the findings say why."""
    NOT_KNOWN = "not known"
    """It depends on something that is not in the file, or is not known; the findings say on what."""
    DOES_NOT_LOAD = "does not load"
    """It does not load; the findings say why."""
    RUNS = "runs or reads something"
    """It runs, reads or fetches something that no model needs, or Keras refuses it for that; the findings say what."""


class Rule(NamedTuple):
    """All that is known about one code.

    Attributes:
        code: The code, such as ``SA101``. Its meaning never changes.
        severity: How serious its findings are.
        verdict: What a load does with a file that has such a finding.
        meaning: What the code means, in one line of one or two sentences.
        why: The cause, in sentences.
        example: A short piece of a file that gets the finding, or a description of one.
        cure: What to do, in sentences.
        part_of: The code that this code was once a part of, and that still selects it, or None.
        repair: What removes the finding, where that is possible: the names of repairs, as ``serialactivation repair``
            prints them, :data:`REPLACE` or :data:`FIX`, with spaces between them; None if nothing does.
        advice: What a finding says to do, and a note after it if that is a command: with *target*, *since* and *until*
            in braces. Empty where it depends on what was found.
        advisories: The CVE and GHSA ids of what its findings are about: of each way in which a model runs, reads or
            fetches something.
    """

    code: str
    severity: Severity
    verdict: Verdict
    meaning: str
    why: str
    example: str
    cure: str
    part_of: str | None = None
    repair: str | None = None
    advice: tuple[str, ...] = ()
    advisories: tuple[str, ...] = ()

    @property
    def repairs(self) -> tuple[str, ...]:
        """The names in :attr:`repair`."""
        return tuple((self.repair or "").split())
