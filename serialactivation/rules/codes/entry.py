"""What a code means, why it happens, and what to do. Keras-free."""

from typing import NamedTuple

from serialactivation.rules.severity import Severity

__all__ = ["Entry"]


class Entry(NamedTuple):
    """What is to be said of a code.

    Attributes:
        code: The code, which keeps its meaning: ``SA101``.
        severity: How much it matters, as a rule.
        meaning: What it means, in a line of one or two sentences.
        why: Why it happens, in sentences.
        example: What a file holds that gets it, as a short piece of it, or a description.
        cure: What to do, in sentences.
    """

    code: str
    severity: Severity
    meaning: str
    why: str
    example: str
    cure: str
