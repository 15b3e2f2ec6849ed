"""Whether a report may overwrite a file: never a model, source, or an examined file. Keras-free."""

import os
import stat
from collections.abc import Iterable
from typing import Final

from serialactivation.files.layout import HDF5_SUFFIXES

__all__ = ["find_objection"]

_SUFFIXES: Final = (".keras", ".py", ".ipynb", *HDF5_SUFFIXES)
_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\x89HDF\r\n\x1a\n")


def find_objection(path: str, looked_into: Iterable[str]) -> str | None:
    """Return why a report must not overwrite the file at *path*, as a clause that starts in lower case, or None.

    Args:
        path: The file for the report. An overwritten model could not be restored.
        looked_into: The files that the report is about.
    """
    status = _look_at(path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return None
    places = (_look_at(one) for one in looked_into)
    if any(place is not None and os.path.samestat(status, place) for place in places):
        return "it is one of the files that the report is about"
    if path.lower().endswith(_SUFFIXES) or _starts_as_model(path):
        return "it is a saved model or Python source"
    return None


def _look_at(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):  # it does not exist, or is not a path
        return None


def _starts_as_model(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(max(map(len, _MARKS))).startswith(_MARKS)
    except OSError:  # the attempt to write reports what is wrong
        return False
