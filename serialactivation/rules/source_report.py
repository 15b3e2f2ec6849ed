"""The report on one file of source. Keras-free."""

from collections.abc import Callable
from typing import NamedTuple

from serialactivation.rules.finding import Finding, Omitted

__all__ = ["SourceReport"]


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
