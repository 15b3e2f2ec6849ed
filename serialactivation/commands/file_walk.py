"""Finds the files that a command examines: files, files in folders, and globs. Keras-free."""

import fnmatch
import glob
import os
import stat
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.files.formats.other_formats import SAVED_MODEL
from serialactivation.files.layout import CONFIG, HDF5_SUFFIXES
from serialactivation.files.opening import STDIN, reading
from serialactivation.files.refusals import Code, FilePart, Skipped
from serialactivation.reports.outcomes import Outcome

__all__ = ["Start", "Walk", "anchor", "expand"]

_SUFFIXES: Final = (".keras", *HDF5_SUFFIXES)
_MARKS: Final = (CONFIG, SAVED_MODEL)
_NAME_IT: Final = "Pass the folder itself: it is searched to any depth."


class Start(NamedTuple):
    """The start of a walk.

    Attributes:
        pattern: The argument: a path or a glob.
        paths: The existing paths that it matches.
        named: Whether it is a path, not a glob.
    """

    pattern: str
    paths: tuple[str, ...]
    named: bool


def expand(pattern: str) -> Start:
    """Return the start for *pattern*. A path that exists is never a glob, whatever characters it has.

    Raises:
        ArchiveError: The glob leads through folders that are nested too deeply.
    """
    if pattern == STDIN or os.path.lexists(pattern):
        return Start(pattern, (pattern,), named=True)
    try:
        paths = tuple(sorted(glob.glob(pattern, recursive=True)))
    except RecursionError as error:
        raise FilePart(pattern).refuse(Code.UNREADABLE, "folders are nested too deeply for a glob", _NAME_IT) from error
    return Start(pattern, paths, named=not glob.has_magic(pattern))


def anchor(pattern: str, folder: str) -> str:
    """Return a glob of paths to skip: with a slash, it is a path relative to *folder*; without one, a name."""
    pattern = pattern.rstrip("/")
    return os.path.join(glob.escape(os.path.abspath(folder)), pattern) if "/" in pattern else pattern


def _identify(path: str) -> str | tuple[int, int]:
    """Return what all names of a file or folder have in common: a folder's number, or a file's resolved path.

    Two hard links are two files. To resolve the path of a folder takes time for each folder above it.
    """
    if path == STDIN:
        return path
    try:
        status = os.stat(path)
    except OSError:  # a link that leads nowhere
        return os.path.realpath(path)
    if stat.S_ISDIR(status.st_mode):
        return status.st_dev, status.st_ino
    return os.path.normcase(os.path.realpath(path))


class Walk:
    """A walk over files, by default saved models, which examines each file once.

    Args:
        examine: The function that examines a file, or the folder that an archive was unpacked to.
        exclude: Globs of paths to skip in folders and globs; see :func:`anchor`.
        suffixes: The endings of the names of files to examine in a folder.
        marks: Names of files that mark a folder as a single thing to examine.
        is_model: The function that returns whether something examined is a saved model, or None if that is not known.
            What is none is skipped if nobody named it; in a folder that is one, no file is examined by itself.
    """

    def __init__(
        self,
        examine: Callable[[str], Outcome],
        exclude: Sequence[str] = (),
        suffixes: tuple[str, ...] = _SUFFIXES,
        marks: tuple[str, ...] = _MARKS,
        is_model: Callable[[Outcome], bool | None] = lambda _: None,
    ) -> None:
        self._examine = examine
        self._exclude = exclude
        self._suffixes = suffixes
        self._marks = marks
        self._is_model = is_model
        self._seen: set[str | tuple[int, int]] = set()

    def visit(self, starts: Iterable[Start]) -> Iterator[tuple[str, Outcome]]:
        """Yield the outcome for each file, and for each folder that is a model, with its path."""
        for start in starts:
            for path in start.paths:
                if start.named or not self._is_excluded(path):
                    yield from self._enter(path) if self._is_folder(path) else self._visit(path, named=start.named)

    def _is_folder(self, path: str) -> bool:
        return path != STDIN and os.path.isdir(path)

    def _visit(self, path: str, *, named: bool = False) -> Iterator[tuple[str, Outcome]]:
        if self._is_new(path):
            outcome = self._examine(path)
            yield path, outcome if named else self._skip(outcome)

    def _is_new(self, path: str) -> bool:
        """Return whether *path* is new, under any name: a glob follows links, even in a cycle."""
        place = _identify(path)
        is_new = place not in self._seen
        self._seen.add(place)
        return is_new

    def _enter(self, folder: str) -> Iterator[tuple[str, Outcome]]:
        """Yield the outcomes for the files in a folder; without recursion, since folders may be nested deeply."""
        left = [folder]
        while left:
            path = left.pop()
            if path != folder and (os.path.islink(path) or not os.path.isdir(path)):
                yield from self._visit(path)
            elif self._is_new(path) and not (yield from self._visit_folder(path)):
                left += reversed(list((yield from self._list(path))))

    def _visit_folder(self, folder: str) -> Generator[tuple[str, Outcome], None, bool]:
        """Yield the outcome for a folder with a config in it, and return whether the folder is a model."""
        if not any(os.path.lexists(os.path.join(folder, mark)) for mark in self._marks):
            return False
        outcome = self._examine(folder)
        yield folder, self._skip(outcome)
        return self._is_model(outcome) is True

    def _skip(self, outcome: Outcome) -> Outcome:
        """Return a skip in place of the refusal of a file, or of a folder with one, that is no saved model."""
        if not isinstance(outcome, errors.ArchiveError) or self._is_model(outcome) is not False:
            return outcome
        what = "it" if outcome.member is None else f"its {outcome.member}"
        return Skipped(path=outcome.path, reason=f"{what} is not the config of a Keras model")

    def _list(self, folder: str) -> Generator[tuple[str, Outcome], None, list[str]]:
        """Return the paths in a folder to examine, or yield the error if it cannot be listed."""
        try:
            with reading(FilePart(folder)):
                names = sorted(os.listdir(folder))
        except errors.ArchiveError as error:
            yield folder, error
            return []
        return [path for name in names if self._is_examined(path := os.path.join(folder, name))]

    def _is_examined(self, path: str) -> bool:
        if self._is_excluded(path):
            return False
        return path.endswith(self._suffixes) if os.path.islink(path) or not os.path.isdir(path) else True

    def _is_excluded(self, path: str) -> bool:
        whole, name = os.path.abspath(path), os.path.basename(os.path.normpath(path))
        return any(fnmatch.fnmatch(whole if "/" in glob_ else name, glob_) for glob_ in self._exclude)
