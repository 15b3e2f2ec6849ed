"""Files for the reader of saved models: hostile ones with the code that each is refused with, and benign ones.

Beside them are files that are read, with the codes that ``check`` finds in them; see :mod:`tests.corpus.found`. Each
is a function that writes the file to a path; its name's ending is the file's. ``python -m tests.corpus FOLDER``
writes them all.
"""

import pathlib
from collections.abc import Callable

from tests.corpus import benign, hdf5s, others, texts, zips
from tests.corpus.found import FOUND as FOUND

KEPT = pathlib.Path(__file__).parent / "kept"
"""Files that were found, and are not made."""

Make = Callable[[pathlib.Path], None]

HOSTILE: dict[str, tuple[Make, str]] = {**zips.HOSTILE, **texts.HOSTILE, **hdf5s.HOSTILE, **others.HOSTILE}
BENIGN: dict[str, tuple[Make, None]] = {name: (make, None) for name, make in benign.BENIGN.items()}
CORPUS: dict[str, tuple[Make, str | None]] = {**HOSTILE, **BENIGN}


def write(name: str, folder: pathlib.Path) -> pathlib.Path:
    """Write one file of the corpus, and return its path."""
    path = folder / name
    make = FOUND[name][0] if name in FOUND else CORPUS[name][0]
    make(path)
    return path
