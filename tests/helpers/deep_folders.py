"""Folders in folders, deeper than Python's own functions go through them."""

import contextlib
import os
import pathlib
import subprocess
from collections.abc import Iterator


@contextlib.contextmanager
def deep_folder(path: pathlib.Path, levels: int) -> Iterator[None]:
    """Within it, there are *levels* of folders in the one at *path*."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
        for _ in range(levels):
            os.mkdir("a", dir_fd=descriptor)
            inner = os.open("a", os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        os.close(descriptor)
        yield
    finally:
        subprocess.run(["rm", "-rf", str(path)], check=True)  # pytest could not
