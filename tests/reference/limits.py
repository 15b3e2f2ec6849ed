"""The limits of the reader, as their record describes them."""

import inspect

from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from tests.reference.docstrings import split_items
from tests.reference.markdown import write_list

_UNITS = {"GiB": 2**30, "MiB": 2**20}


def write_limits() -> str:
    """Return a list of the limits, with their defaults."""
    words = dict(split_items(inspect.getdoc(Limits) or "", "Attributes"))
    defaults = DEFAULT_LIMITS._asdict().items()
    return write_list((f"`{name}`, {_show(name, number)}", words[name]) for name, number in defaults)


def _show(name: str, number: int) -> str:
    sizes = (f"{number // size} {unit}" for unit, size in _UNITS.items() if number >= size)
    return next(sizes) if name.endswith("_bytes") else f"{number:,}"
