"""The findings in source, and the report on one file of source. Keras-free."""

import ast
from collections.abc import Callable
from typing import NamedTuple

from serialactivation.files.regions import Edit
from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.source_rules import RULES
from serialactivation.syntax.module import Module

__all__ = ["SourceReport", "find"]


class SourceReport(NamedTuple):
    """The report on a file of source.

    Attributes:
        path: The file.
        findings: The findings.
        fixed: How many findings ``--fix`` has removed.
    """

    path: str
    findings: tuple[Finding, ...]
    fixed: int = 0

    @property
    def omitted(self) -> Omitted:
        """How many more findings there are: none, since a file of source is short."""
        return {}

    def select(self, is_selected: Callable[[str], bool]) -> "SourceReport":
        """Return the report with only the findings whose code is reported."""
        return self._replace(findings=tuple(one for one in self.findings if is_selected(one.code)))


def find(
    module: Module, code: str, node: "ast.expr | ast.stmt", layer: str, evidence: str, edits: tuple[Edit, ...] = ()
) -> Finding:
    """Return a finding.

    Args:
        module: The module.
        code: The code of the rule.
        node: The syntax node of the finding.
        layer: The name of the class.
        evidence: What was found, as a clause that starts in lower case.
        edits: The edits that fix it.
    """
    return Finding(
        rule=RULES[code],
        owners=(layer,),
        location=module.qualname(node),
        evidence=evidence,
        cure=RULES[code].cure,
        region=module.source.text.region_of(node),
        edits=edits,
    )
