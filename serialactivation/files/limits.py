"""The limits of the reader: how much of a file is read, and how much is reported. Real models need far less."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from serialactivation import errors

__all__ = ["ALWAYS", "DEFAULT_LIMITS", "Limits", "check_limit", "make_limits", "read_limits"]

ALWAYS: Final = 8
"""Unpacked or copied data may always take this many times the size of the stored data."""

_MIB: Final = 2**20


class Limits(NamedTuple):
    """The limits of the reader.

    Attributes:
        config_bytes: Size of a model's config as text: ``config.json``, or the attribute ``model_config``. A text with
            more than ASCII in it counts fourfold: Python may take as much for it.
        metadata_bytes: Size of any other text that is read: ``metadata.json``, or another attribute.
        values: Commas, colons and opening brackets in a JSON text, outside its strings, counted before the text is
            parsed. A model of 5,000 layers has half as many.
        depth: How deeply a JSON text may be nested: a model in a model takes six levels.
        steps: The sum of the depths of all values in a JSON text, which is the memory for their paths. A model of 5,000
            layers has a sixth of that.
        digits: Characters of the longest number in a JSON text.
        members: Files in a zip archive; 256 bytes of its directory are allowed for each.
        objects: Links in an HDF5 file.
        inflated_bytes: Size of unpacked members of an archive, and of copied holes in a file: of the weights, if their
            variables are listed, and of all members in a load with ``trusted``. Eight times the stored size is always
            allowed. Also the size of an array in a config, if its dtype is not one of Keras's.
        spooled_bytes: Size of a saved model that is read from standard input, through a temporary file.
        source_bytes: Size of a file of Python source, or of the code of a notebook. Its syntax tree takes a hundred
            times as much.
        notebook_bytes: Size of a notebook, including the output of its cells.
        activations: Activations of one file that are listed; the others are counted.
        findings: Findings of one code in one file that are listed; the others are counted.
        report_bytes: Size of the findings and activations in a report on all files; the others are counted.
    """

    config_bytes: int = 32 * _MIB
    metadata_bytes: int = _MIB
    values: int = 1_000_000
    depth: int = 200
    steps: int = 20_000_000
    digits: int = 400
    members: int = 10_000
    objects: int = 100_000
    inflated_bytes: int = 48 * _MIB
    spooled_bytes: int = 4096 * _MIB
    source_bytes: int = 2 * _MIB
    notebook_bytes: int = 32 * _MIB
    activations: int = 10_000
    findings: int = 1_000
    report_bytes: int = 16 * _MIB


DEFAULT_LIMITS: Final = Limits()
"""The default limits."""


def check_limit(name: object) -> None:
    """Refuse a *name* that no limit has.

    Raises:
        ValueError: There is no such limit.
    """
    names = sorted(Limits._fields)
    if not isinstance(name, str) or name not in names:
        raise ValueError(f"{name!r} is not a limit; the limits are {', '.join(names)}")


def make_limits(given: Iterable[tuple[str, int]]) -> Limits:
    """Return the default limits, replaced by those that are *given*; the last one of a name counts."""
    limits = dict(given)
    return DEFAULT_LIMITS._replace(**limits) if limits else DEFAULT_LIMITS


def read_limits(given: Mapping[str, int] | None) -> Limits:
    """Return the default limits, replaced by those that a caller has *given*.

    Raises:
        SettingsError: There is no such limit, or its value is not a whole number from 1 on.
    """
    limits = given or {}
    try:
        for name, number in limits.items():
            check_limit(name)
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise ValueError(f"the limit {name} must be a whole number from 1 on, and not {number!r}")
    except ValueError as error:
        raise errors.SettingsError("limits", str(error)) from error
    return make_limits(limits.items())
