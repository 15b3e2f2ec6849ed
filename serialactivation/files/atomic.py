"""A file written whole or not at all, with the same result as opening its path and writing.

Symbolic links to the file, the permissions and the owner of an overwritten file, and its other names stay as they are.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

from serialactivation.files.draft_file import DraftFile, open_draft

__all__ = ["open_atomically", "write_atomically"]

_AT_ONCE: Final = 2**20
_LABEL: Final = "security."  # attributes that the system sets by itself


def write_atomically(data: bytes, path: str) -> None:
    """Write *data* to the file at *path*, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    with open_atomically(path) as draft, open(draft, "wb") as file:
        file.write(data)


@contextlib.contextmanager
def open_atomically(path: str, name: str | None = None) -> Iterator[str]:
    """Provide the path of an empty file, whose contents are at *path* afterwards; on an error, *path* is unchanged.

    Args:
        path: The file to write. If it is a symbolic link, its target is written, and the link stays.
        name: How the provided path must end, or None if that does not matter.

    Raises:
        OSError: It cannot be written there.
    """
    actual = os.path.realpath(path)
    before = _check_target(actual)
    if before is not None and not stat.S_ISREG(before.st_mode):  # a pipe or a device is written directly
        yield actual
        return
    with contextlib.ExitStack() as stack:
        draft = _draft(stack, actual, name, before)
        yield draft.path
        if before is None or (
            before.st_nlink == 1 and draft.folder == os.path.dirname(actual) and _copy_attributes(draft, actual, before)
        ):
            draft.replace(actual)
        else:
            _overwrite(draft.path, actual)


def _check_target(actual: str) -> os.stat_result | None:
    """Return the status of *actual*, or None if nothing is there; raise an error if the file is not writable."""
    try:
        status = os.stat(actual)
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode):
        os.close(os.open(actual, os.O_WRONLY))
    return status


def _draft(stack: contextlib.ExitStack, actual: str, name: str | None, before: os.stat_result | None) -> DraftFile:
    """Return a draft in the folder of the file or, if that is not possible, in the temporary folder."""
    try:
        return stack.enter_context(open_draft(os.path.dirname(actual), name))
    except PermissionError:
        if before is None:
            raise
    import tempfile

    return stack.enter_context(open_draft(tempfile.gettempdir(), name))


def _copy_attributes(draft: DraftFile, actual: str, before: os.stat_result) -> bool:
    """Copy owner, attributes and permissions of a file to a draft, and return whether all were copied."""
    try:
        made = os.stat(draft.path)
        if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
            os.chown(draft.path, before.st_uid, before.st_gid)
        if sys.platform == "linux":
            for name in os.listxattr(actual):
                if not name.startswith(_LABEL):
                    os.setxattr(draft.path, name, os.getxattr(actual, name))
        os.chmod(draft.path, stat.S_IMODE(before.st_mode))
    except OSError:
        return False
    return True


def _overwrite(draft: str, actual: str) -> None:
    """Copy the contents of a draft into the file at *actual*, and restore the old contents if that fails."""
    import shutil
    import tempfile

    with open(actual, "r+b") as file, tempfile.TemporaryFile() as kept, open(draft, "rb") as written:
        shutil.copyfileobj(file, kept, _AT_ONCE)
        try:
            _replace_contents(file, written)
        except BaseException:
            _replace_contents(file, kept)
            raise


def _replace_contents(file: BinaryIO, source: BinaryIO) -> None:
    import shutil

    source.seek(0)
    file.seek(0)
    shutil.copyfileobj(source, file, _AT_ONCE)
    file.truncate()
    file.flush()
