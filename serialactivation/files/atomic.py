"""A file written whole or not at all, where a program that opens its path would have written it.

What such a program leaves as it is stays: a symbolic link, which leads to the file; the permissions of a file that is
written over, and its owner; other names of it.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

from serialactivation.files.unnamed import Draft, drafted

__all__ = ["write_whole", "written_whole"]

_AT_ONCE: Final = 2**20
_LABEL: Final = "security."  # attributes that the system sets itself


def write_whole(data: bytes, path: str) -> None:
    """Write *data* to the file at *path*, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    with written_whole(path) as draft, open(draft, "wb") as file:
        file.write(data)


@contextlib.contextmanager
def written_whole(path: str, name: str | None = None) -> Iterator[str]:
    """Within it, the path of an empty file; what is written there is at *path* afterwards, or nothing where it fails.

    Args:
        path: Where it goes. What a symbolic link leads to is written, be it there or not, and the link stays.
        name: What the path within has to end in, or None if that does not matter.

    Raises:
        OSError: It cannot be written there.
    """
    place = os.path.realpath(path)
    before = _find(place)
    if before is not None and not stat.S_ISREG(before.st_mode):  # nothing is beside a pipe or a device
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
    """Return what is at *place*, or None; a file that must not be written is not written by way of another."""
    try:
        status = os.stat(place)
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode):
        os.close(os.open(place, os.O_WRONLY))
    return status


def _draft(stack: contextlib.ExitStack, place: str, name: str | None, before: os.stat_result | None) -> Draft:
    """Return a draft beside the file, or where there can be none, anywhere."""
    try:
        return stack.enter_context(drafted(os.path.dirname(place), name))
    except PermissionError:
        if before is None:
            raise
    import tempfile

    return stack.enter_context(drafted(tempfile.gettempdir(), name))


def _resemble(draft: Draft, place: str, before: os.stat_result) -> bool:
    """Give a draft the owner, the attributes and the permissions of a file, and tell whether it has all of them."""
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
    """Write what is in a draft over the file at *place*, and what was there again where that fails."""
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
