"""A file's own words, as they may be shown: they could move a terminal's cursor, give a command, or never end."""

from typing import Final

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "cut", "printable"]

LONGEST_NAME: Final = 300
"""Characters of a name that are shown."""

LONGEST_TEXT: Final = 1000
"""Characters of a path, or of a sentence, that are shown."""

# What GitHub takes for a command among what a workflow prints: the one at the start of a line, the other anywhere.
_COMMAND: Final = "::"
_OLD_COMMAND: Final = "##["


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return *text*, or its first *longest* characters with a mark that there is more of it."""
    return text if len(text) <= longest else f"{text[:longest]}..."


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    r"""Return *text* in one line that is safe to show: what is no visible character is escaped, as ``\x1b`` is.

    Args:
        text: What a file, or a path, says.
        longest: How many characters of it are shown.
    """
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:longest])
    shown = shown.replace(_OLD_COMMAND, r"#\x23[")
    shown = rf"\x3a{shown[1:]}" if shown.startswith(_COMMAND) else shown
    return shown if len(text) <= longest else f"{shown}..."
