"""What a program reads from a report in each format."""

import json
from collections.abc import Callable, Mapping

READERS: Mapping[str, Callable[[str], object]] = {
    "text": str.splitlines,
    "json": json.loads,
    "sarif": json.loads,
    "github": str.splitlines,
}
"""The function that reads each format of ``FORMATS``, and fails if a report is not in it. A new format gets one."""

IN_JSON = [style for style, reader in READERS.items() if reader is json.loads]
"""The formats in JSON."""
