"""What a code means, why it happens, and what to do. Keras-free."""

import re
from typing import Final

import attrs

from serialactivation.archive.severity import Severity

__all__ = ["Entry"]

_CODE: Final = re.compile(r"SA[0-9]{3}")


def _is_code(_: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    if not _CODE.fullmatch(value):
        raise ValueError(f"{attribute.name} {value!r} is not SA and three digits")


def _is_said(_: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    if not value.strip() or value != value.strip():
        raise ValueError(f"{attribute.name} is empty, or has space around it: {value!r}")


@attrs.frozen(kw_only=True)
class Entry:
    """What is to be said of a code.

    Attributes:
        code: The code, which keeps its meaning: ``SA101``.
        severity: How much it matters, as a rule.
        meaning: What it means, in a line of one or two sentences.
        why: Why it happens, in sentences.
        example: What a file holds that gets it, as a short piece of it, or a description.
        cure: What to do, in sentences.
    """

    code: str = attrs.field(validator=_is_code)
    severity: Severity = attrs.field()
    meaning: str = attrs.field(validator=_is_said)
    why: str = attrs.field(validator=_is_said)
    example: str = attrs.field(validator=_is_said)
    cure: str = attrs.field(validator=_is_said)
