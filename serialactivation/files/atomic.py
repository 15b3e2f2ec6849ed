"""A file written whole or not at all, with the same result as opening its path and writing.

Symbolic links to the file, the permissions and the owner of an overwritten file, and its other names stay as they are.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

from serialactivation.files.draft_file import Draft, drafted

__all__ = ["write_whole", "written_whole"]

_AT_ONCE: Final = 2**20
_LABEL: Final = "security."  # attributes that the system sets by itself


def write_whole(data: bytes, path: str) -> None:
    """Write *data* to the file at *path*, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    with written_whole(path) as draft, open(draft, "wb") as file:
        file.write(data)


@contextlib.contextmanager
def written_whole(path: str, name: str | None = None) -> Iterator[str]:
    """Provide the path of an empty file, whose contents are at *path* afterwards; on an error, *path* is unchanged.

    Args:
        path: The file to write. If it is a symbolic link, its target is written, and the link stays.
        name: How the provided path must end, or None if that does not matter.

    Raises:
        OSError: It cannot be written there.
    """
    place = os.path.realpath(path)
    before = _find(place)
    if before is not None and not stat.S_ISREG(before.st_mode):  # a pipe or a device is written directly
        yield place
        return
    with contextlib.ExitStack() as stack:
        draft = _draft(stack, place, name, before)
        yield draft.path
        if before is None or (
            before.st_nlink == 1 and draft.folder == os.path.dirname(place) and _resemble(draft, place, before)
        ):
            draft.replace(place)
        else:
            _pour(draft.path, place)


def _find(place: str) -> os.stat_result | None:
    """Return the status of *place*, or None if nothing is there; raise an error if the file is not writable."""
    try:
        status = os.stat(place)
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode):
        os.close(os.open(place, os.O_WRONLY))
    return status


def _draft(stack: contextlib.ExitStack, place: str, name: str | None, before: os.stat_result | None) -> Draft:
    """Return a draft in the folder of the file or, if that is not possible, in the temporary folder."""
    try:
        return stack.enter_context(drafted(os.path.dirname(place), name))
    except PermissionError:
        if before is None:
            raise
    import tempfile

    return stack.enter_context(drafted(tempfile.gettempdir(), name))


def _resemble(draft: Draft, place: str, before: os.stat_result) -> bool:
    """Copy owner, attributes and permissions of a file to a draft, and return whether all were copied."""
    try:
        made = os.stat(draft.path)
        if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
            os.chown(draft.path, before.st_uid, before.st_gid)
        if sys.platform == "linux":
            for name in os.listxattr(place):
                if not name.startswith(_LABEL):
                    os.setxattr(draft.path, name, os.getxattr(place, name))
        os.chmod(draft.path, stat.S_IMODE(before.st_mode))
    except OSError:
        return False
    return True


def _pour(draft: str, place: str) -> None:
    """Copy the contents of a draft into the file at *place*, and restore the old contents if that fails."""
    import shutil
    import tempfile

    with open(place, "r+b") as file, tempfile.TemporaryFile() as kept, open(draft, "rb") as written:
        shutil.copyfileobj(file, kept, _AT_ONCE)
        try:
            _refill(file, written)
        except BaseException:
            _refill(file, kept)
            raise


def _refill(file: BinaryIO, source: BinaryIO) -> None:
    import shutil

    source.seek(0)
    file.seek(0)
    shutil.copyfileobj(source, file, _AT_ONCE)
    file.truncate()
    file.flush()
