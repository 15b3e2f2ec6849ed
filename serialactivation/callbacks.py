"""Callbacks for ``model.fit``."""

import warnings
from collections.abc import Iterable

import keras

from serialactivation import errors
from serialactivation.model_check.check import check_model, read_ways
from serialactivation.model_check.report import ModelReport

__all__ = ["CheckBeforeTraining"]


class CheckBeforeTraining(keras.callbacks.Callback):
    """Refuses to train a model that would not come back from where it is saved.

    Before the first batch, :func:`serialactivation.check_model` is called with the model. It saves and loads the model
    once for each of the *ways*, and leaves it as it is. A model that ``fit`` is called with again is not checked again.

    Args:
        ways: The ways back, such as ``("keras", "h5")``; see :func:`serialactivation.check_model`.
        on_lost: What happens if something would be lost: ``"raise"`` raises a :exc:`NotRestoredError`, ``"warn"``
            gives a :exc:`NotRestoredWarning` and trains the model.

    Attributes:
        report: The report on the model that was checked last, or None.

    Raises:
        SettingsError: A way, or *on_lost*, has another name.
    """

    def __init__(self, ways: Iterable[str] = ("keras",), on_lost: str = "raise") -> None:
        super().__init__()
        if on_lost not in ("raise", "warn"):
            raise errors.SettingsError("on_lost", f"{on_lost!r} is neither 'raise' nor 'warn'.")
        self.ways = read_ways(ways)
        self.on_lost = on_lost
        self.report: ModelReport | None = None
        self._checked: list[keras.Model] = []

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002  # Keras's signature
        """Check the model, unless it was the last one that was checked.

        Args:
            logs: What Keras passes.

        Raises:
            NotRestoredError: Something would be lost, and *on_lost* is ``"raise"``.
        """
        if self.report is not None and self.report.ok and any(one is self.model for one in self._checked):
            return
        self.report, self._checked = check_model(self.model, ways=self.ways), [self.model]
        if self.on_lost == "raise":
            self.report.raise_if_lost()
        elif not self.report.ok:
            lost = errors.NotRestoredWarning(self.report.model, self.report.kind, self.report.findings)
            warnings.warn(lost, stacklevel=2)
