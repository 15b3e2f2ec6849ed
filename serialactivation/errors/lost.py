"""What a check of a model in memory found, and the error and the warning that say it."""

from collections.abc import Sequence

import attrs

from serialactivation.errors.base import ActivationError, indented
from serialactivation.errors.portable import Portable

__all__ = ["ModelFinding", "NotRestoredError", "NotRestoredWarning"]


@attrs.frozen(kw_only=True)
class ModelFinding:
    """One thing in a model that would not come back.

    Attributes:
        kind: What it is: ``activation``, ``weight``, ``sharing``, ``dtype``, ``output``, or ``model`` for what a save
            or a load refuses.
        path: The place of the layer in the model, such as ``model/encoder/dense``.
        field: The argument that holds the activation, or None.
        value: What is there, as Python code would write it.
        came_back: What would come back, or None if nothing does.
        reason: Why it would be lost, as a clause that starts in lower case.
        cure: The lines of Python to write.
        code: The code of the same finding of ``serialactivation check`` or ``lint``, for ``serialactivation explain``;
            or None.
        ways: The ways back on which it would be lost, such as ``("keras", "h5")``.
    """

    kind: str
    path: str
    field: str | None
    value: str
    came_back: str | None
    reason: str
    cure: str
    code: str | None
    ways: tuple[str, ...]

    def __str__(self) -> str:
        place = self.path if self.field is None else f"{self.path}: {self.field}={self.value}"
        back = "" if self.came_back is None else f" It would come back as {self.came_back}."
        code = "" if self.code is None else f" [{self.code}]"
        return f"{place} ({', '.join(self.ways)}): {self.reason}.{back}{code}\nWrite:\n{indented(self.cure)}"


def _describe(model: str, kind: str, findings: Sequence[ModelFinding]) -> str:
    head = f"{kind} {model!r} would not come back as it is:"
    return "\n".join([head, *(f"- {finding}" for finding in findings)])


@attrs.define
class NotRestoredError(ActivationError, ValueError):
    """A model would not come back from where it is saved as it is.

    Attributes:
        model: Name of the model.
        kind: The name of its class.
        findings: What would be lost, a :class:`ModelFinding` each.
    """

    model: str
    kind: str
    findings: tuple[ModelFinding, ...]

    def __str__(self) -> str:
        return _describe(self.model, self.kind, self.findings)


class NotRestoredWarning(Portable, UserWarning):
    """A model is trained that would not come back from where it is saved as it is.

    Attributes:
        model: Name of the model.
        kind: The name of its class.
        findings: What would be lost, a :class:`ModelFinding` each.
    """

    def __init__(self, model: str, kind: str, findings: tuple[ModelFinding, ...]) -> None:
        super().__init__(model, kind, findings)
        self.model = model
        self.kind = kind
        self.findings = findings

    def __str__(self) -> str:
        return _describe(self.model, self.kind, self.findings)
