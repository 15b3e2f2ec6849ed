"""Files for the reader of saved models: hostile ones with the code that each is refused with, and benign ones.

Each is a function that writes the file to a path; its name's ending is the file's. ``python -m tests.corpus FOLDER``
writes them all.
"""

import pathlib
from collections.abc import Callable

from tests.corpus import benign, hdf5s, others, texts, zips

Make = Callable[[pathlib.Path], None]

HOSTILE: dict[str, tuple[Make, str]] = {**zips.HOSTILE, **texts.HOSTILE, **hdf5s.HOSTILE, **others.HOSTILE}
BENIGN: dict[str, tuple[Make, None]] = {name: (make, None) for name, make in benign.BENIGN.items()}
CORPUS: dict[str, tuple[Make, str | None]] = {**HOSTILE, **BENIGN}


def write(name: str, folder: pathlib.Path) -> pathlib.Path:
    """Write one file of the corpus, and return its path."""
    path = folder / name
    CORPUS[name][0](path)
    return path
