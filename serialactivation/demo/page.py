"""The page about the network of the demo, if what writes it is installed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from serialactivation.catalog.backends import is_installed

__all__ = ["show_page"]

_NEEDED: Final = ("jinja2", "matplotlib")
_NAME: Final = "report.html"


def show_page(model: Path, output: Path | None) -> str:
    """Write a page about the saved network, and return a line that says where it is, or how to have one.

    Args:
        model: The file of the network.
        output: The folder for the page, or None for a temporary file, which stays.
    """
    if not all(map(is_installed, _NEEDED)):
        return "A page with its layers and curves needs the extra report: pip install 'serialactivation[report]'"
    page = _make_file() if output is None else output / _NAME
    command = [sys.executable, "-m", "serialactivation", "report", str(model), "-o", str(page), "--no-config"]
    subprocess.run(command, capture_output=True, check=True)  # as a user does
    return f"Its layers and curves are on this page, for a browser:\n{page}"


def _make_file() -> Path:
    descriptor, path = tempfile.mkstemp(prefix="serialactivation-demo-", suffix=".html")
    os.close(descriptor)
    return Path(path)
