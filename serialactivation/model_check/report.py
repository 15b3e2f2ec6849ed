"""The report on one model in memory, and the page that shows it."""

import functools
import os
from collections.abc import Iterator
from typing import Any, Final

import attrs
import keras

from serialactivation import errors
from serialactivation.errors.lost import ModelFinding
from serialactivation.errors.notebook import make_html

__all__ = ["ModelReport", "keep_model"]


_SUFFIXES: Final = (".html", ".htm")


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
    _subject: keras.Model | None = attrs.field(init=False, default=None, eq=False, repr=False)

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

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the model behind: a report goes to another process, and is kept, without it."""
        names = [field.name for field in attrs.fields(ModelReport) if field.init]
        return functools.partial(ModelReport, **{name: getattr(self, name) for name in names}), ()

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write a page about the model, as ``serialactivation report`` writes one about a file.

        It shows the findings, the layers, and the curve of each activation, which is called outside of training for
        that. The model is shown as it is now, and is not changed; a file at *path* is replaced.

        Args:
            path: The path of the page, which ends in ``.html``.

        Raises:
            MissingExtraError: Matplotlib or Jinja2 is not installed: ``pip install "serialactivation[report]"``.
            SettingsError: *path* ends in something else, or the report comes from a pickle, without its model.
        """
        name = os.fsdecode(path)
        if not name.lower().endswith(_SUFFIXES):
            raise errors.SettingsError("path", f"{name!r} is not the path of a page.\nGive a path that ends in .html.")
        if self._subject is None:
            reason = "a report that was pickled has no model to show.\nCall serialactivation.check_model(model) again."
            raise errors.SettingsError("report", reason)
        from serialactivation.model_check.page import write_model_page  # only a page needs it

        write_model_page(self._subject, self, name)

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


def keep_model(report: ModelReport, model: keras.Model) -> ModelReport:
    """Return the *report*, which has its model from now on, for a page, until it is pickled."""
    object.__setattr__(report, "_subject", model)  # it is frozen, and its constructor takes data only
    return report
