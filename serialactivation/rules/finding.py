"""Findings: what is wrong with an activation, or another part, of a saved model or of source code. Keras-free."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol, Self, TypeAlias

from serialactivation.files.printable import cut
from serialactivation.files.regions import Region, TextEdit
from serialactivation.rules.rule import Rule, Severity
from serialactivation.tree.activations import Site, Steps, show_owners, show_path

__all__ = ["FileReport", "Finding", "Omitted", "make_finding", "make_site_finding"]


class Finding(NamedTuple):
    """One thing that is wrong, or may be wrong, with an activation in a saved model or in source code.

    Attributes:
        rule: The rule that it belongs to, which has the severity and the verdict.
        owners: The names of the models and layers from the outermost to the one that holds the activation; in source,
            the name of a class.
        location: The place in the config, as keys and indices; in source, the qualified name of the class or function,
            such as ``Gated.get_config``.
        evidence: What was found, as a clause that starts in lower case.
        cure: What to do: a command, in which FILE and OUT stand for files, or a line of code.
        note: A note that follows the command: what NAME in the command stands for, or another way.
        region: The place in a text that has lines, or None.
        edits: The edits of that text that fix it, if only one fix is possible.
        needs: The name that a program has to provide so that the model loads, or nothing.
        advisories: The ids of advisories on just this, of those of the rule.
    """

    rule: Rule
    owners: tuple[str, ...]
    location: Steps | str
    evidence: str
    cure: str
    note: str = ""
    region: Region | None = None
    edits: tuple[TextEdit, ...] = ()
    needs: str = ""
    advisories: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of its rule, such as ``SA101``."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """The severity of its rule."""
        return self.rule.severity

    @property
    def whole_cure(self) -> str:
        """The cure and the note after it, in one line."""
        return f"{self.cure}; {self.note}" if self.note else self.cure

    @property
    def layer(self) -> str:
        """The layer that holds the activation, as text: ``model/encoder/dense``."""
        return show_owners(self.owners) or "model"

    @property
    def path(self) -> str:
        """The place, as text: ``$.config.layers[3].config.activation``."""
        return cut(self.location) if isinstance(self.location, str) else show_path(self.location)


Omitted: TypeAlias = Mapping[tuple[str, Severity], int]
"""How many findings are counted but not listed, by code and severity."""


class FileReport(Protocol):
    """The report on one file, of any command."""

    @property
    def path(self) -> str:
        """The file, or folder."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that are listed."""

    @property
    def omitted(self) -> Omitted:
        """How many more findings there are."""

    def select(self, is_selected: Callable[[str], bool]) -> Self:
        """Return the report with only the findings whose code is reported."""


def make_finding(
    rule: Rule, owners: Iterable[str], steps: Steps, evidence: str, cure: str, note: str = "", *, needs: str = ""
) -> Finding:
    """Return a finding.

    Args:
        rule: The rule that it belongs to.
        owners: The names of the models and layers that lead to it.
        steps: The keys and indices that lead to it.
        evidence: What was found.
        cure: What to do.
        note: A note that follows the cure, if the cure is a command.
        needs: The name that a program has to provide, or nothing.
    """
    return Finding(
        rule=rule,
        owners=tuple(owners),
        location=steps,
        evidence=cut(evidence),
        cure=cut(cure),
        note=cut(note),
        needs=needs,
        advisories=rule.advisories,
    )


def make_site_finding(rule: Rule, site: Site, evidence: str, cure: str, note: str = "", *, needs: str = "") -> Finding:
    """Return a finding on an activation."""
    return make_finding(rule, site.owners, site.steps, evidence, cure, note, needs=needs)
