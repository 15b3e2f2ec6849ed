"""Examines one saved model: returns a report or an error. Keras-free."""

import os
import sys
from typing import BinaryIO, Final, NamedTuple, TypeAlias

from serialactivation import errors
from serialactivation.files.layout import HDF5_SUFFIXES, WEIGHTS
from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.opening import STDIN, reading
from serialactivation.files.refusals import Code, FilePart
from serialactivation.files.saved_model import HDF5_MARK, ZIP_MARKS, Archive, read_archive
from serialactivation.reports.outcomes import Outcome
from serialactivation.rules.check import Report, check_archive
from serialactivation.rules.known_names import NOTHING_KNOWN, KnownNames

__all__ = ["ModelExaminer", "is_model"]

_AT_ONCE: Final = 2**20

_Outcome: TypeAlias = "Report | errors.ArchiveError"


class ModelExaminer(NamedTuple):
    """Examines saved models.

    Attributes:
        target: The target Keras, or None for the newest.
        limits: The limits of the reader, including the length of standard input.
        with_weights: Whether to look at the weights.
        known: The names that the project provides.
    """

    target: str | None = None
    limits: Limits = DEFAULT_LIMITS
    with_weights: bool = True
    known: KnownNames = NOTHING_KNOWN

    def examine(self, path: str) -> _Outcome:
        """Return the outcome for a file, or the folder that an archive was unpacked to; ``-`` is standard input."""
        return self.examine_stream(sys.stdin.buffer) if path == STDIN else self._examine(path)

    def examine_stream(self, stream: BinaryIO) -> _Outcome:
        """Return the outcome for *stream*, which is copied to a temporary file: an archive is read in any order."""
        import tempfile  # slow to import

        with tempfile.TemporaryDirectory(prefix="serialactivation-") as folder:
            path = os.path.join(folder, "stdin")
            try:
                with reading(FilePart(STDIN)), open(path, "xb") as file:
                    _spool(stream, file, self.limits.spooled_bytes)
            except errors.ArchiveError as error:
                return error
            return _rename(self._examine(_name_by_format(path)))

    def _examine(self, path: str) -> _Outcome:
        try:
            return self.judge(read_archive(path, self.limits))
        except errors.ArchiveError as error:
            return error

    def judge(self, archive: Archive) -> Report:
        """Return the report on a model that has been read.

        Raises:
            ArchiveError: The weights are damaged or crafted to mislead readers.
        """
        report = check_archive(
            archive, self.target, with_weights=self.with_weights, is_checked=self.with_weights, known=self.known
        )
        return _cure_by_repair(report, archive, self) if report.findings else report


def is_model(outcome: Outcome) -> bool | None:
    """Return whether a file or a folder is a Keras model, or None if that is not known.

    Other programs write a config.json, too. An archive is none of theirs, since only Keras gives a file such a name. If
    only the weights of a model cannot be read, it is a model.
    """
    if not isinstance(outcome, errors.ArchiveError):
        return True
    if outcome.code == Code.NO_CONFIG and (outcome.member is None or os.path.isdir(outcome.path)):
        return False
    return True if outcome.member == WEIGHTS else None


def _cure_by_repair(report: Report, archive: Archive, examiner: ModelExaminer) -> Report:
    from serialactivation.repairs.repair_cures import cure_by_repair  # which most models do not need

    return cure_by_repair(report, archive, examiner.target, examiner.known)


def _name_by_format(path: str) -> str:
    """Rename a file whose name nobody gave, so that it ends as its format demands; return its path."""
    with open(path, "rb") as file:
        head = file.read(len(HDF5_MARK))
    named = f"{path}{HDF5_SUFFIXES[0] if head == HDF5_MARK else '.keras' if head.startswith(ZIP_MARKS) else ''}"
    os.rename(path, named)
    return named


def _spool(stream: BinaryIO, file: BinaryIO, limit: int) -> None:
    left = limit
    while data := stream.read(min(_AT_ONCE, left + 1)):
        left -= len(data)
        if left < 0:
            raise FilePart(STDIN).exceed("spooled_bytes", f"it is longer than the limit of {limit:,} bytes")
        file.write(data)


def _rename(outcome: _Outcome) -> _Outcome:
    """Return the outcome for the temporary file as the outcome for standard input."""
    if isinstance(outcome, Report):
        return outcome._replace(path=STDIN)
    return errors.ArchiveError(STDIN, outcome.code, outcome.reason, outcome.cure, outcome.member)
