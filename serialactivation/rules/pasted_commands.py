"""The files in a command that is a cure, named so that the command can be pasted. Keras-free."""

import os
import shlex
from typing import Final

__all__ = ["name_files"]

_FILE: Final = "FILE"  # stands for the examined file in a cure
_OUT: Final = "OUT"  # stands for the repaired copy in a cure


def name_files(cure: str, path: str) -> str:
    """Return a command for the file at *path*, and for a copy in the same folder."""
    start, end = os.path.splitext(path)
    command = cure.replace(f" {_FILE} ", f" {shlex.quote(path)} ")
    return (
        f"{command.removesuffix(_OUT)}{shlex.quote(f'{start}-repaired{end}')}"
        if command.endswith(f" {_OUT}")
        else command
    )
