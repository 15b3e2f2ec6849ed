"""A file that has no name until it is whole: whatever ends the process that writes it, nothing of it is left behind.

Linux makes such files; elsewhere it is a file in a folder of its own, which is removed unless the process is killed.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Draft", "drafted"]

_OPEN_FILES: Final = "/proc/self/fd"


class Draft(NamedTuple):
    """A file that is being written.

    Attributes:
        path: What it is written through.
        folder: The folder on whose disk it is.
        is_nameless: Whether it has no name yet.
    """

    path: str
    folder: str
    is_nameless: bool

    def give(self, path: str) -> None:
        """Give the file the name *path*, in the same folder.

        Raises:
            FileExistsError: There is a file of this name.
            OSError: It cannot be there.
        """
        if self.is_nameless:
            folder = os.open(self.folder, os.O_RDONLY)
            try:  # a link to the file itself, and not to the link that its path is, needs a folder to start from
                os.link(self.path, os.path.basename(path), src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
            finally:
                os.close(folder)
        elif os.path.lexists(path):
            raise FileExistsError(path)
        else:
            os.rename(self.path, path)

    def replace(self, path: str) -> None:
        """Put the file in the place of another, at once.

        Raises:
            OSError: It cannot be there.
        """
        if not self.is_nameless:
            os.replace(self.path, path)
            return
        import tempfile

        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".writing-") as beside:
            named = os.path.join(beside, os.path.basename(path))
            folder = os.open(beside, os.O_RDONLY)
            try:
                os.link(self.path, os.path.basename(path), src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
            finally:
                os.close(folder)
            os.replace(named, path)


@contextlib.contextmanager
def drafted(folder: str, name: str | None = None) -> Iterator[Draft]:
    """Within it, a new and empty file on the disk of *folder*; afterwards it is gone, unless it was given a name.

    Args:
        folder: The folder.
        name: What the path that it is written through has to end in, or None if that does not matter.

    Raises:
        OSError: There can be no file in *folder*.
    """
    descriptor = None if name is not None else _open_nameless(folder)
    if descriptor is not None:
        try:
            yield Draft(f"{_OPEN_FILES}/{descriptor}", folder, is_nameless=True)
        finally:
            os.close(descriptor)
        return
    import tempfile  # takes its time

    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as beside:
        yield Draft(os.path.join(beside, name or "draft"), folder, is_nameless=False)


def _open_nameless(folder: str) -> int | None:
    """Return the descriptor of a file without a name, or None if the system, or the disk, has none."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, flag | os.O_RDWR, 0o666)
    except OSError:
        return None  # what is really wrong, another way of writing says
