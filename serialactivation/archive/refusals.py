"""Why a file is refused: the codes, and the error made with one."""

import enum
from types import MappingProxyType
from typing import Final

import attrs

from serialactivation.errors import ArchiveError

__all__ = ["Code", "Place"]


class Code(enum.StrEnum):
    """What is wrong with a file. A code keeps its meaning; the table is in :mod:`serialactivation.archive.reader`."""

    UNREADABLE = "SA001"
    DAMAGED_ZIP = "SA002"
    HOSTILE_ZIP = "SA003"
    DAMAGED_JSON = "SA004"
    LIMIT = "SA005"
    DAMAGED_HDF5 = "SA006"
    HOSTILE_HDF5 = "SA007"
    NO_MODEL = "SA008"
    NO_CONFIG = "SA009"


_LONGEST: Final = 300
_AGAIN: Final = "Save the model again, or copy the file again from where it came from."
_DISTRUST: Final = "Keras writes no such file: do not load it, and ask whoever made it."

_CURES: Final = MappingProxyType(
    {
        Code.UNREADABLE: "Pass the path of a saved model that may be read.",
        Code.DAMAGED_ZIP: _AGAIN,
        Code.HOSTILE_ZIP: _DISTRUST,
        Code.DAMAGED_JSON: _AGAIN,
        Code.LIMIT: "If you trust the file, raise that limit.",
        Code.DAMAGED_HDF5: _AGAIN,
        Code.HOSTILE_HDF5: _DISTRUST,
        Code.NO_MODEL: "Pass a .keras, .h5 or .weights.h5 file, an unpacked .keras folder, or a config.json.",
        Code.NO_CONFIG: "Pass what model.save() or model.to_json() of Keras wrote.",
    }
)


@attrs.frozen
class Place:
    """What is being read.

    Attributes:
        path: The file, or folder.
        member: The part of it: a file in an archive or folder, or an attribute.
    """

    path: str
    member: str | None = None

    def within(self, member: str) -> "Place":
        """Return the place of a part of it."""
        return Place(self.path, member)

    def refuse(self, code: Code, reason: str, cure: str | None = None) -> ArchiveError:
        """Return the error that refuses what is here.

        Args:
            code: What is wrong.
            reason: What is wrong in words, as a clause that starts in lower case.
            cure: What to do, where it is not what is always done for such a *code*.
        """
        member = None if self.member is None else _printable(self.member)
        return ArchiveError(self.path, code.value, _printable(reason), cure or _CURES[code], member)


def _printable(text: str) -> str:
    """Return *text* as it may be shown: a file's own words could move a terminal's cursor, or never end."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown}..."
