"""What can be said of activations, in a saved model or in source: codes, how much each matters. Keras-free."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol, Self, TypeAlias

from serialactivation.files.printable import cut
from serialactivation.files.regions import Edit, Region
from serialactivation.rules.rule import Rule, Severity
from serialactivation.tree.activations import Site, Steps, show_owners, show_path

__all__ = ["Finding", "Omitted", "Told", "tell", "tell_of_site"]


class Finding(NamedTuple):
    """One thing that is wrong with an activation in a saved model, or in source, or may be.

    Attributes:
        rule: What rule it is of, which says how much it matters, and what a load does.
        owners: The names of the models and layers that lead to the one that holds the activation, and its own; in
            source, a class.
        place: Where it stands in the config, as keys and indices; in source, the qualified name of what holds it:
            ``Gated.get_config``.
        evidence: What was found, as a clause that starts in lower case.
        cure: What to do: a command, in which FILE and OUT stand for files, or a line of code.
        besides: What goes after a command, and is none: what NAME in it stands for, or another way.
        region: Where it stands in a text that has lines, or None.
        edits: What mends it in that text, where that is certain.
    """

    rule: Rule
    owners: tuple[str, ...]
    place: Steps | str
    evidence: str
    cure: str
    besides: str = ""
    region: Region | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def code(self) -> str:
        """Its stable code, such as ``SA101``."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.rule.severity

    @property
    def whole_cure(self) -> str:
        """What to do, in one line."""
        return f"{self.cure}, {self.besides}" if self.besides else self.cure

    @property
    def layer(self) -> str:
        """The layer that holds the activation, as text: ``model/encoder/dense``."""
        return show_owners(self.owners) or "model"

    @property
    def path(self) -> str:
        """Where it stands, as text: ``$.config.layers[3].config.activation``."""
        return cut(self.place) if isinstance(self.place, str) else show_path(self.place)


Omitted: TypeAlias = Mapping[tuple[str, Severity], int]
"""How many findings there are beyond those that are told one by one, by code and how much they matter."""


class Told(Protocol):
    """What was found in one file, whichever command tells it."""

    @property
    def path(self) -> str:
        """The file, or folder."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of it."""

    @property
    def omitted(self) -> Omitted:
        """How many findings there are besides."""

    def select(self, is_told: Callable[[str], bool]) -> Self:
        """Return it with the findings whose code is told."""


def tell(rule: Rule, owners: Iterable[str], steps: Steps, evidence: str, cure: str, besides: str = "") -> Finding:
    """Return a finding.

    Args:
        rule: The rule that it is of.
        owners: The names of the models and layers that lead to it.
        steps: The keys and indices that lead to it.
        evidence: What was found.
        cure: What to do.
        besides: What goes after it, where it is a command.
    """
    return Finding(
        rule=rule, owners=tuple(owners), place=steps, evidence=cut(evidence), cure=cut(cure), besides=cut(besides)
    )


def tell_of_site(rule: Rule, site: Site, evidence: str, cure: str, besides: str = "") -> Finding:
    """Return a finding on an activation."""
    return tell(rule, site.owners, site.steps, evidence, cure, besides)
