"""A finding in source, with the edits that mend it where that is certain. Keras-free."""

import ast
from collections.abc import Callable
from typing import NamedTuple

from serialactivation.files.regions import Edit
from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.source import RULES
from serialactivation.syntax.module import Module

__all__ = ["SourceReport", "find"]


class SourceReport(NamedTuple):
    """What was found in a file of source.

    Attributes:
        path: The file.
        findings: What is to be said of it.
        mended: How many findings ``--fix`` has mended, and are none any more.
    """

    path: str
    findings: tuple[Finding, ...]
    mended: int = 0

    @property
    def omitted(self) -> Omitted:
        """How many findings there are besides: none, as a file of source is short."""
        return {}

    def select(self, is_told: Callable[[str], bool]) -> "SourceReport":
        """Return the report with only the findings whose code is reported."""
        return self._replace(findings=tuple(one for one in self.findings if is_told(one.code)))


def find(
    module: Module, code: str, node: "ast.expr | ast.stmt", layer: str, evidence: str, edits: tuple[Edit, ...] = ()
) -> Finding:
    """Return a finding.

    Args:
        module: Where it is.
        code: Its code.
        node: What it is about.
        layer: The class that it is about.
        evidence: What was found, as a clause that starts in lower case.
        edits: What mends it.
    """
    return Finding(
        rule=RULES[code],
        owners=(layer,),
        place=module.qualname(node),
        evidence=evidence,
        cure=RULES[code].cure,
        region=module.source.text.region_of(node),
        edits=edits,
    )
