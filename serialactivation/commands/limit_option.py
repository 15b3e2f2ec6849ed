"""The option ``--limit NAME=NUMBER``: a limit of the reader on the command line. Keras-free."""

import re
from typing import Final

from serialactivation.files.limits import check_limit

__all__ = ["parse_limit"]

_NUMBER: Final = re.compile(r"(?P<digits>[0-9]{1,15})(?P<unit>KiB|MiB|GiB)?")
_UNITS: Final = {None: 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def parse_limit(text: str) -> tuple[str, int]:
    """Return the name and the value of a limit.

    Args:
        text: Such as ``depth=500``, or ``config_bytes=64MiB``.

    Raises:
        ValueError: There is no such limit, or its value is not a number from 1 on.
    """
    name, _, number = text.partition("=")
    check_limit(name)
    found = _NUMBER.fullmatch(number)
    if found is None or int(found["digits"]) == 0:
        raise ValueError(f"the limit {name} must be a number from 1 on, such as 500 or 64MiB, and not {number!r}")
    return name, int(found["digits"]) * _UNITS[found["unit"]]
