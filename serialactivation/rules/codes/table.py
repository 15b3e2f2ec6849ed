"""The codes of ``check`` and ``lint``, all of them. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.rules.codes.activations import ACTIVATIONS
from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.codes.files import FILES
from serialactivation.rules.codes.source import SOURCE
from serialactivation.rules.codes.unsafe import LOADING
from serialactivation.rules.codes.versions import REST
from serialactivation.rules.codes.weights import STATE

__all__ = ["CODES", "FINDINGS"]

FINDINGS: Final[Mapping[str, Entry]] = MappingProxyType(
    {entry.code: entry for entry in (*ACTIVATIONS, *STATE, *REST, *LOADING, *SOURCE)}
)
"""What is found in a file that could be read, by code. A new part of the table is added here."""

CODES: Final[Mapping[str, Entry]] = MappingProxyType({**{entry.code: entry for entry in FILES}, **FINDINGS})
"""All codes: first those of files that cannot be read."""
