"""The names of the members of a zip archive: names that readers may confuse are refused.

Two files in ``assets/`` may differ only in their case, as the names of layers may.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

from serialactivation.files.layout import ASSETS, CONFIG, METADATA, PICKLES, WEIGHTS
from serialactivation.files.refusals import Code, FilePart

__all__ = ["check_names", "decode_name"]

_UTF8: Final = 0x800
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_KNOWN: Final = {name.casefold(): name for name in (CONFIG, METADATA, WEIGHTS, PICKLES)}
_SHOWN: Final = 100


def decode_name(name: bytes, flags: int, part: FilePart) -> str:
    """Return a member's name; a name without the flag for UTF-8 must be ASCII, since readers use other code pages.

    Args:
        name: The bytes of the name.
        flags: The flags of the member.
        part: The archive, for the error.

    Raises:
        ArchiveError: The name contradicts its flags, or could be read in two ways.
    """
    try:
        return name.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError as error:
        if flags & _UTF8:
            raise part.refuse(
                Code.DAMAGED_ZIP, f"it is not a complete zip archive (a name is not UTF-8: {error})"
            ) from error
        reason = f"a member has the name {name[:_SHOWN]!r}, which readers decode differently"
        raise part.refuse(Code.HOSTILE_ZIP, reason) from error


def check_names(names: Iterable[str], part: FilePart) -> None:
    """Refuse names that two members share, names that lead out of a folder, and other spellings of known names."""
    seen: dict[str, str] = {}
    for name in names:
        parts = name.removesuffix("/").split("/")
        if "\\" in name or "\0" in name or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(parts):
            raise part.refuse(Code.HOSTILE_ZIP, f"a member has the name {name[:_SHOWN]!r}")
        known = _KNOWN.get(_fold(name))
        if known not in (None, name):
            raise part.refuse(Code.HOSTILE_ZIP, f"a member has the name {name[:_SHOWN]!r}, another spelling of {known}")
        key = "/".join(parts) if parts[0] == ASSETS else _fold(name)
        key = _normalize("NFC", key)
        if key in seen:
            also = "" if seen[key] == name else f": readers may take {seen[key][:_SHOWN]!r} for the same name"
            raise part.refuse(Code.HOSTILE_ZIP, f"two members have the name {name[:_SHOWN]!r}{also}")
        seen[key] = name
    _check_folders(seen, part)


def _fold(name: str) -> str:
    """Return a name as a file system may store it: without case, forms of letters, and trailing characters."""
    folded = _normalize("NFKC", name).casefold()
    return folded.partition(":")[0].rstrip("/").rstrip(". ")


def _normalize(form: Literal["NFC", "NFKC"], name: str) -> str:
    if name.isascii():
        return name
    import unicodedata  # a large module, needed for few names

    return unicodedata.normalize(form, name)


def _check_folders(names: dict[str, str], part: FilePart) -> None:
    """Refuse a file that is also the folder of another file."""
    folders = {name[:end] for name in names for end, letter in enumerate(name) if letter == "/"}
    for name in folders & names.keys():
        if not names[name].endswith("/"):
            raise part.refuse(
                Code.HOSTILE_ZIP, f"the member {names[name][:_SHOWN]!r} is also the folder of another member"
            )
