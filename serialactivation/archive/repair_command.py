"""The command ``repair``: what it prints, and the status that it ends with. Keras-free."""

import pathlib
import sys
from collections.abc import Sequence
from typing import Final

from serialactivation.archive.describe import describe
from serialactivation.archive.limit_option import make_limits
from serialactivation.archive.printable import printable
from serialactivation.archive.reader import Kind, read_archive
from serialactivation.archive.repair import describe_changes, repair_file
from serialactivation.archive.replace import parse_replacement
from serialactivation.errors import ArchiveError, ExpressionError, RepairError

__all__ = ["repair"]

_UNREADABLE: Final = 2
_USAGE: Final = 4
_LONGEST: Final = 1000


def repair(
    path: str,
    replace: Sequence[str],
    *,
    output: str | None,
    dry_run: bool,
    target: str | None,
    limits: Sequence[tuple[str, int]] = (),
) -> int:
    """Write a copy of the model at *path* with its activations replaced, or show what would change.

    Args:
        path: A ``.keras`` or HDF5 file.
        replace: What to replace, each as ``OLD=NEW``.
        output: Where the copy goes.
        dry_run: Whether to show what would change, and write nothing.
        target: The Keras that is to load it, or None for the newest.
        limits: Names and numbers of limits that are not the default ones.

    Returns:
        0 where it is done, 2 where the file cannot be read or mended, 4 where it is called wrongly.
    """
    if output is None and not dry_run:
        return _complain("give -o OUT, or --dry-run", _USAGE)
    try:
        replacements = [parse_replacement(text, target) for text in replace]
        archive = read_archive(path, make_limits(limits))
        if archive.kind not in (Kind.KERAS, Kind.HDF5):
            raise RepairError(path, f"it is {archive.kind.value}", "Give a .keras or an HDF5 file with a whole model.")
        if dry_run:
            print(describe_changes(archive.config, replacements))
            return 0
        assert output is not None
        changes = repair_file(pathlib.Path(path), pathlib.Path(output), archive.config, replacements)
    except ExpressionError as error:
        return _complain(str(error), _USAGE)
    except (ArchiveError, RepairError) as error:
        return _complain(str(error), _UNREADABLE)
    for change in changes:
        old, new = describe(change.site.stored), describe(change.new)
        print(printable(f"{change.site.layer}  {change.site.field}: {old} -> {new}", _LONGEST))
    print(f"{output}: {len(changes)} replaced" if changes else f"{output}: an exact copy, with nothing to replace")
    return 0


def _complain(message: str, status: int) -> int:
    print(f"serialactivation repair: {printable(message, _LONGEST)}", file=sys.stderr)
    return status
