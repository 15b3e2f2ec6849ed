"""The report on one model in memory. Data only."""

from collections.abc import Iterator

import attrs

from serialactivation import errors
from serialactivation.errors.lost import ModelFinding
from serialactivation.errors.notebook import make_html

__all__ = ["ModelReport"]


@attrs.frozen(kw_only=True)
class ModelReport:
    """The report on one model: what of it would not come back, and how far that is known.

    Attributes:
        model: Name of the model.
        kind: The name of its class.
        ways: The ways back that were tried.
        findings: What would be lost, in the order of the model.
        was_run: Whether the outputs of the model were compared.
        how_far: How far the model was checked, in a sentence.
    """

    model: str
    kind: str
    ways: tuple[str, ...]
    findings: tuple[ModelFinding, ...]
    was_run: bool
    how_far: str

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def __iter__(self) -> Iterator[ModelFinding]:
        return iter(self.findings)

    def __str__(self) -> str:
        if self.ok:
            return f"{self.kind} {self.model!r} comes back as it is ({', '.join(self.ways)}). {self.how_far}"
        return f"{self.make_error()}\n{self.how_far}"

    def _repr_html_(self) -> str:
        title = "Comes back as it is" if self.ok else "Does not come back as it is"
        return make_html(title, str(self))

    def make_error(self) -> "errors.NotRestoredError":
        """Return the error that says what would be lost."""
        return errors.NotRestoredError(self.model, self.kind, self.findings)

    def raise_if_lost(self) -> None:
        """Raise an error if something would be lost.

        Raises:
            NotRestoredError: There are findings.
        """
        if not self.ok:
            raise self.make_error()
