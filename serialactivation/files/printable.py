"""Text from a file, made safe to print: it could move a terminal's cursor, give a command, or be very long."""

from typing import Final

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "cut", "printable", "printable_lines"]

LONGEST_NAME: Final = 300
"""How many characters of a name are shown."""

LONGEST_TEXT: Final = 1000
"""How many characters of a path, or of a sentence, are shown."""

# GitHub reads these as commands in the output of a workflow: the first at the start of a line, the second anywhere.
_COMMAND: Final = "::"
_OLD_COMMAND: Final = "##["


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return *text*, or its first *longest* characters followed by an ellipsis."""
    return text if len(text) <= longest else f"{text[:longest]}..."


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    r"""Return *text* in one line that is safe to print: characters that are not visible are escaped, such as ``\x1b``.

    Args:
        text: A text from a file, or a path.
        longest: How many characters of it are shown.
    """
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:longest])
    shown = shown.replace(_OLD_COMMAND, r"#\x23[")
    shown = rf"\x3a{shown[1:]}" if shown.startswith(_COMMAND) else shown
    return shown if len(text) <= longest else f"{shown}..."


def printable_lines(text: str, longest: int = LONGEST_NAME) -> str:
    """Return *text*, a message with its cure on a line of its own, with every line as :func:`printable` returns it."""
    return "\n".join(printable(line, longest) for line in text.split("\n"))
