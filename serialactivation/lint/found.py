"""A finding in source, with the edits that mend it where that is certain. Keras-free."""

import ast
from typing import NamedTuple

from serialactivation.archive.codes.table import FINDINGS
from serialactivation.archive.findings import Edit, Finding
from serialactivation.lint.module import Module

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

    def with_findings(self, findings: tuple[Finding, ...]) -> "SourceReport":
        """Return it with other *findings* in their place."""
        return self._replace(findings=findings)


def find(
    module: Module, code: str, node: "ast.expr | ast.stmt", layer: str, evidence: str, edits: tuple[Edit, ...] = ()
) -> Finding:
    """Return a finding as severe as its code.

    Args:
        module: Where it is.
        code: Its code.
        node: What it is about.
        layer: The class that it is about.
        evidence: What was found, as a clause that starts in lower case.
        edits: What mends it.
    """
    return Finding(
        code=code,
        severity=FINDINGS[code].severity,
        layer=layer,
        path=module.qualname(node),
        evidence=evidence,
        cure=FINDINGS[code].cure,
        region=module.source.text.region_of(node),
        edits=edits,
    )
