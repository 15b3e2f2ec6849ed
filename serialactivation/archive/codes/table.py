"""The codes of ``check`` and ``lint``, all of them. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.archive.codes.activations import ACTIVATIONS
from serialactivation.archive.codes.entry import Entry
from serialactivation.archive.codes.files import FILES
from serialactivation.archive.codes.loading import LOADING
from serialactivation.archive.codes.rest import REST
from serialactivation.archive.codes.source import SOURCE
from serialactivation.archive.codes.state import STATE

__all__ = ["CODES", "FINDINGS"]

FINDINGS: Final[Mapping[str, Entry]] = MappingProxyType(
    {entry.code: entry for entry in (*ACTIVATIONS, *STATE, *REST, *LOADING, *SOURCE)}
)
"""What is found in a file that could be read, by code. A new part of the table is added here."""

CODES: Final[Mapping[str, Entry]] = MappingProxyType({**{entry.code: entry for entry in FILES}, **FINDINGS})
"""All codes: first those of files that cannot be read."""
