"""What the stored code of a lambda uses, so that its author recognizes it. Keras-free; the code does not run."""

import base64
import binascii
from typing import Final

from serialactivation.files.formats.marshaled_code import find_names
from serialactivation.files.printable import cut
from serialactivation.typing import JSON

__all__ = ["name_uses"]

_MOST: Final = 12
_LONGEST: Final = 40
_LONGEST_CODE: Final = 1 << 16  # characters; that of a lambda has some hundreds


def name_uses(stored: JSON) -> str:
    """Return what the code in *stored* uses as a clause that follows a comma, or an empty string if it cannot be read.

    Args:
        stored: The function as Keras stores it: the code alone, in a list with its defaults and its closure, or in a
            dict.
    """
    names = find_names(_decode(_find_code(stored)))
    if not names:
        return ""
    shown = [cut(name, _LONGEST) for name in names[:_MOST]]
    if len(names) > _MOST:
        return f", which uses {', '.join(shown)} and more"
    return f", which uses {' and '.join(part for part in (', '.join(shown[:-1]), shown[-1]) if part)}"


def _find_code(stored: JSON) -> str:
    """Return the code as Keras writes it: marshaled, in base 64."""
    while not isinstance(stored, str):
        if isinstance(stored, list) and stored:
            stored = stored[0]
        elif isinstance(stored, dict) and (
            key := next((key for key in ("config", "value", "code") if key in stored), "")
        ):
            stored = stored[key]
        else:
            return ""
    return stored


def _decode(code: str) -> bytes:
    if len(code) > _LONGEST_CODE:
        return b""
    try:
        return base64.b64decode(code.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return b""
