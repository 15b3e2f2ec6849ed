"""Examines one file of source, and fixes it if asked to: returns a report, an error, or a skip. Keras-free."""

import sys
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from serialactivation import errors
from serialactivation.files.limits import Limits
from serialactivation.files.opening import STDIN
from serialactivation.files.refusals import Skipped
from serialactivation.lint.fix import fix_source, show_difference, write_source
from serialactivation.lint.lint_source import lint_source
from serialactivation.reports.outcomes import Outcome
from serialactivation.rules.source_report import SourceReport
from serialactivation.syntax.text.source import Source, read_source, read_stream

__all__ = ["SourceExaminer"]


class SourceExaminer(NamedTuple):
    """Examines files of source.

    Attributes:
        limits: The limits of the reader.
        choose: The function that removes findings that are not selected.
        target: The Keras that will load the models, or None for the newest release.
        fix: Whether to fix the files.
        show: The function that receives the diff of the fixes, which are then not written; or None.
    """

    limits: Limits
    choose: Callable[[SourceReport], SourceReport]
    target: str | None = None
    fix: bool = False
    show: Callable[[str], None] | None = None

    def examine(self, path: str) -> Outcome:
        """Return the outcome for *path*; ``-`` is standard input."""
        try:
            source = self._read(path, sys.stdin.buffer)
            return source if isinstance(source, Skipped) else self._lint(source)
        except errors.SourceError as error:
            return error

    def _read(self, path: str, stream: BinaryIO) -> Source | Skipped:
        return read_stream(stream, path, self.limits) if path == STDIN else read_source(path, self.limits)

    def _lint(self, source: Source) -> SourceReport:
        if not self.fix and self.show is None:
            return self._find(source)
        fixed, report = fix_source(source, self._find)
        if self.show is not None:
            if fixed is not source:
                self.show(show_difference(source, fixed))
            return self._find(source)
        if fixed is not source:
            write_source(fixed)
        return report

    def _find(self, source: Source) -> SourceReport:
        return self.choose(lint_source(source, self.target))
