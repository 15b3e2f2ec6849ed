"""A file without a name until it is complete: if the process ends while it is written, nothing is left behind.

Linux has such files. Elsewhere, the file is in a temporary folder, which is removed unless the process is killed.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["DraftFile", "open_draft"]

_OPEN_FILES: Final = "/proc/self/fd"


class DraftFile(NamedTuple):
    """A file that is being written.

    Attributes:
        path: The path through which it is written.
        folder: The folder on whose disk the file is.
        is_nameless: Whether it has no name yet.
    """

    path: str
    folder: str
    is_nameless: bool

    def name_as(self, path: str) -> None:
        """Give the file the name *path*, in the same folder.

        Raises:
            FileExistsError: There is a file of this name.
            OSError: The file cannot be placed there.
        """
        if self.is_nameless:
            folder = os.open(self.folder, os.O_RDONLY)
            try:  # os.link follows the path to the file only with a folder descriptor
                os.link(self.path, os.path.basename(path), src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
            finally:
                os.close(folder)
        elif os.path.lexists(path):
            raise FileExistsError(path)
        else:
            os.rename(self.path, path)

    def replace(self, path: str) -> None:
        """Replace the file at *path*, in one atomic step.

        Raises:
            OSError: The file cannot be placed there.
        """
        if not self.is_nameless:
            os.replace(self.path, path)
            return
        import tempfile

        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".writing-") as temporary:
            named = os.path.join(temporary, os.path.basename(path))
            folder = os.open(temporary, os.O_RDONLY)
            try:
                os.link(self.path, os.path.basename(path), src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
            finally:
                os.close(folder)
            os.replace(named, path)


@contextlib.contextmanager
def open_draft(folder: str, name: str | None = None) -> Iterator[DraftFile]:
    """Provide a new, empty file on the disk of *folder*, which is removed afterwards unless it was given a name.

    Args:
        folder: The folder.
        name: How the path through which it is written must end, or None if that does not matter.

    Raises:
        OSError: There can be no file in *folder*.
    """
    descriptor = None if name is not None else _open_nameless(folder)
    if descriptor is not None:
        try:
            yield DraftFile(f"{_OPEN_FILES}/{descriptor}", folder, is_nameless=True)
        finally:
            os.close(descriptor)
        return
    import tempfile  # takes its time

    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        yield DraftFile(os.path.join(temporary, name or "draft"), folder, is_nameless=False)


def _open_nameless(folder: str) -> int | None:
    """Return the descriptor of a file without a name, or None if the system or the disk does not support it."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, flag | os.O_RDWR, 0o666)
    except OSError:
        return None  # if something else is wrong, the other way of writing reports it
