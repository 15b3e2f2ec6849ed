"""Examines one saved model: returns a report, an error, or a skip. Keras-free."""

import os
from typing import BinaryIO, Final, TypeAlias

from serialactivation import errors
from serialactivation.files.layout import HDF5_SUFFIXES
from serialactivation.files.limits import Limits
from serialactivation.files.opening import STDIN, reading
from serialactivation.files.refusals import Code, FilePart, Skipped
from serialactivation.files.saved_model import HDF5_MARK, ZIP_MARKS, Archive, read_archive
from serialactivation.reports.outcomes import Outcome
from serialactivation.rules.check import Report, check_archive
from serialactivation.rules.known_names import NOTHING_KNOWN, KnownNames

__all__ = ["check_path", "check_stream", "skip_others"]

_AT_ONCE: Final = 2**20

_Outcome: TypeAlias = "Report | errors.ArchiveError"


def check_path(
    path: str,
    target: str | None,
    limits: Limits,
    *,
    with_weights: bool = True,
    known: KnownNames = NOTHING_KNOWN,
) -> _Outcome:
    """Return the outcome for *path*.

    Args:
        path: A file, or the folder that a ``.keras`` archive was unpacked to.
        target: The target Keras, or None for the newest.
        limits: The limits of the reader.
        with_weights: Whether to look at the weights.
        known: The names that the project provides.
    """
    try:
        archive = read_archive(path, limits)
        report = check_archive(archive, target, with_weights=with_weights, known=known)
    except errors.ArchiveError as error:
        return error
    return _cure_by_repair(report, archive, target) if report.findings else report


def _cure_by_repair(report: Report, archive: Archive, target: str | None) -> Report:
    from serialactivation.repairs.repair_cures import cure_by_repair  # which most models do not need

    return cure_by_repair(report, archive, target)


def skip_others(outcome: Outcome) -> Outcome:
    """Return a skip in place of the refusal of a JSON file, or of a folder with one, that is no Keras model.

    Other programs write a config.json, too. An archive is not skipped, since only Keras gives a file such a name.
    """
    if not isinstance(outcome, errors.ArchiveError) or outcome.code != Code.NO_CONFIG:
        return outcome
    if outcome.member is not None and not os.path.isdir(outcome.path):
        return outcome
    what = "it" if outcome.member is None else f"its {outcome.member}"
    return Skipped(path=outcome.path, reason=f"{what} is not the config of a Keras model")


def check_stream(
    stream: BinaryIO,
    target: str | None,
    limits: Limits,
    *,
    with_weights: bool = True,
    known: KnownNames = NOTHING_KNOWN,
) -> _Outcome:
    """Return the outcome for *stream*, which is copied to a temporary file, since an archive is read in any order.

    Args:
        stream: Standard input.
        target: The target Keras, or None for the newest.
        limits: The limits of the reader, including the length of *stream*.
        with_weights: Whether to look at the weights.
        known: The names that the project provides.
    """
    import tempfile  # slow to import

    with tempfile.TemporaryDirectory(prefix="serialactivation-") as folder:
        path = os.path.join(folder, "stdin")
        try:
            with reading(FilePart(STDIN)), open(path, "xb") as file:
                _spool(stream, file, limits.spooled_bytes)
        except errors.ArchiveError as error:
            return error
        path = _name_by_format(path)
        return _rename(check_path(path, target, limits, with_weights=with_weights, known=known))


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
