"""A file of source looked into, whatever comes of it, and mended if that is asked for. Keras-free."""

import sys
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from serialactivation import errors
from serialactivation.files.limits import Limits
from serialactivation.files.opening import STDIN
from serialactivation.files.refusals import Skipped
from serialactivation.lint.finding import SourceReport
from serialactivation.lint.fix import fix_source, show_difference, write_source
from serialactivation.lint.lint import lint_source
from serialactivation.reports.outcomes import Outcome
from serialactivation.syntax.source import Source, read_source, read_stream

__all__ = ["Looker"]


class Looker(NamedTuple):
    """What looks into files of source.

    Attributes:
        limits: The limits of the reader.
        choose: What leaves those findings that are told.
        fix: Whether to mend the files.
        show: What takes the difference that mending makes, in place of the file; or None.
    """

    limits: Limits
    choose: Callable[[SourceReport], SourceReport]
    fix: bool = False
    show: Callable[[str], None] | None = None

    def look(self, path: str) -> Outcome:
        """Return what there is at *path*; ``-`` is standard input."""
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
        mended, report = fix_source(source, self._find)
        if self.show is not None:
            if mended is not source:
                self.show(show_difference(source, mended))
            return self._find(source)
        if mended is not source:
            write_source(mended)
        return report

    def _find(self, source: Source) -> SourceReport:
        return self.choose(lint_source(source))
