"""Why a file is refused or skipped: the codes, and the errors made with them."""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.files.layout import CONFIG, MODEL_CONFIG, TRAINING_CONFIG
from serialactivation.files.printable import printable

__all__ = ["CURES", "Code", "FilePart", "Skipped"]


class Code(enum.StrEnum):
    """What is wrong with a file. The meaning of a code never changes; :mod:`.saved_model` has the table."""

    UNREADABLE = "SA001"
    DAMAGED_ZIP = "SA002"
    HOSTILE_ZIP = "SA003"
    DAMAGED_JSON = "SA004"
    LIMIT = "SA005"
    DAMAGED_HDF5 = "SA006"
    HOSTILE_HDF5 = "SA007"
    NO_MODEL = "SA008"
    NO_CONFIG = "SA009"
    DAMAGED_SOURCE = "SA010"


_AGAIN: Final = "Save the model again, or copy the file again from where it came from."
_DISTRUST: Final = "Keras does not write such a file. Do not load it, and ask whoever made it."

CURES: Final[Mapping[Code, str]] = MappingProxyType(
    {
        Code.UNREADABLE: "Pass the path of a saved model that you are allowed to read.",
        Code.DAMAGED_ZIP: _AGAIN,
        Code.HOSTILE_ZIP: _DISTRUST,
        Code.DAMAGED_JSON: _AGAIN,
        Code.LIMIT: "If you trust the file, raise that limit: with --limit NAME=NUMBER in a command, or with "
        "limits={'NAME': NUMBER} in serialactivation.load_model or untrusted.",
        Code.DAMAGED_HDF5: _AGAIN,
        Code.HOSTILE_HDF5: _DISTRUST,
        Code.NO_MODEL: "Pass a .keras, .h5 or .weights.h5 file, an unpacked .keras folder, or a config.json.",
        Code.NO_CONFIG: "Pass a file that model.save() or model.to_json() of Keras wrote.",
        Code.DAMAGED_SOURCE: "Edit the file so that Python can read it, or skip it with --exclude or the setting "
        "exclude.",
    }
)
"""The usual cure for each code."""

_CONFIGS: Final = (None, CONFIG, MODEL_CONFIG, TRAINING_CONFIG)


class FilePart(NamedTuple):
    """A file, or a part of a file, that is being read.

    Attributes:
        path: The file or folder.
        member: The part of it: a file in an archive or folder, or an attribute.
    """

    path: str
    member: str | None = None

    def within(self, member: str) -> "FilePart":
        """Return another part of the same file."""
        return FilePart(self.path, member)

    def refuse(self, code: Code, reason: str, cure: str | None = None) -> "errors.ArchiveError":
        """Return the error that refuses this file.

        Args:
            code: The code of the refusal.
            reason: What is wrong, as a clause that starts in lower case.
            cure: What to do, if that differs from the usual cure for *code*.
        """
        member = None if self.member is None else printable(self.member)
        return errors.ArchiveError(self.path, code.value, printable(reason), cure or CURES[code], member)

    def exceed(self, limit: str, reason: str) -> "errors.ArchiveError":
        """Return the error for an exceeded limit.

        Args:
            limit: The name of the limit in :class:`~serialactivation.files.limits.Limits`.
            reason: What exceeds the limit, as a clause that starts in lower case.
        """
        cure = f"If you trust the file, raise that limit with --limit {limit}=NUMBER, or limits={{{limit!r}: NUMBER}}."
        return self.refuse(Code.LIMIT, reason, cure)

    def exceed_text(self, limit: int) -> "errors.ArchiveError":
        """Return the error for a text of more than *limit* bytes."""
        name = "config_bytes" if self.member in _CONFIGS else "metadata_bytes"
        return self.exceed(name, f"it is longer than the limit of {limit:,} bytes")


class Skipped(NamedTuple):
    """A file that is not a saved Keras model, and is not an error.

    Attributes:
        path: The file or folder.
        reason: Why it is skipped, as a clause that starts in lower case.
    """

    path: str
    reason: str
