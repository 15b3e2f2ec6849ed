"""What a saved model names that a load would have to be told to trust. Needs no Keras."""

import os
import sys
from collections.abc import Mapping

from serialactivation.files.limits import read_limits
from serialactivation.files.saved_model import read_archive
from serialactivation.tree.classes import KERAS
from serialactivation.trust.lookups import Registry
from serialactivation.trust.names import find_named

__all__ = ["untrusted"]


def untrusted(filepath: str | os.PathLike[str], limits: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """Return what a saved model names beyond the parts of Keras and of this package, sorted.

    These names would have to be given to ``load_model(filepath, trusted=...)``. Of code and pickles, which no name
    allows, the name is in angle brackets. Neither Keras nor anything that the file names is imported.

    Where Keras is imported already, texts are held against what is registered with it, as in a load; where it is not,
    a text that looks like a registered name is listed, too.

    Args:
        filepath: A ``.keras`` or HDF5 file, the folder that a ``.keras`` archive was unpacked to, or a JSON config.
        limits: How much the file may ask of its reader beyond what is allowed to any, by the names of the limits.

    Raises:
        ArchiveError: It cannot be read, or is refused.
        SettingsError: There is no such limit, or it is no whole number from 1 on.
    """
    archive = read_archive(filepath, read_limits(limits))
    return tuple(sorted({named.name for named in find_named(archive, _registry_of_keras())}))


def _registry_of_keras() -> Registry | None:
    """Return what is registered in this process, or None where Keras is not imported, and nothing is."""
    if sys.modules.get(KERAS) is None:
        return None
    from serialactivation.models.registered import list_registered

    return list_registered()
