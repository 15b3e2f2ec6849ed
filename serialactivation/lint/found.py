"""A finding in source, with the edits that mend it where that is certain. Keras-free."""

import ast

import attrs

from serialactivation.archive.codes.table import FINDINGS
from serialactivation.archive.findings import Finding, Told
from serialactivation.lint.module import Module

__all__ = ["Edit", "Habit", "SourceReport", "find"]


@attrs.frozen(order=True)
class Edit:
    """A change of a text.

    Attributes:
        start: The offset at which it starts.
        end: The offset at which what it takes out ends.
        text: What it puts there.
    """

    start: int
    end: int
    text: str


@attrs.frozen(kw_only=True)
class Habit(Finding):
    """A finding in source.

    Attributes:
        edits: What mends it, where that is certain.
    """

    edits: tuple[Edit, ...] = ()


@attrs.frozen(kw_only=True)
class SourceReport(Told):
    """What was found in a file of source.

    Attributes:
        mended: How many findings ``--fix`` has mended, and are none any more.
    """

    mended: int = 0


def find(
    module: Module, code: str, node: "ast.expr | ast.stmt", layer: str, evidence: str, edits: tuple[Edit, ...] = ()
) -> Habit:
    """Return a finding as severe as its code.

    Args:
        module: Where it is.
        code: Its code.
        node: What it is about.
        layer: The class that it is about.
        evidence: What was found, as a clause that starts in lower case.
        edits: What mends it.
    """
    return Habit(
        code=code,
        severity=FINDINGS[code].severity,
        layer=layer,
        path=module.qualname(node),
        evidence=evidence,
        cure=FINDINGS[code].cure,
        region=module.source.text.region_of(node),
        edits=edits,
    )
