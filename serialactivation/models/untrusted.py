"""Lists the names in a saved model that a load must be told to trust. Needs no Keras."""

import os
import sys
from collections.abc import Mapping

from serialactivation.files.limits import read_limits
from serialactivation.files.saved_model import read_archive
from serialactivation.tree.classes import KERAS
from serialactivation.trust.lookups import Registry
from serialactivation.trust.untrusted_names import find_untrusted_names

__all__ = ["untrusted"]


def untrusted(filepath: str | os.PathLike[str], limits: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """Return the names in a saved model that belong neither to Keras nor to this package, sorted.

    Pass those that you trust to ``load_model(filepath, trusted=...)``. A registered class is listed as
    ``my_package>Gate``, any other class as ``my_package.layers.Gate``. Code is listed as ``<lambda>``, and weights that
    may be pickled as ``<pickle>``; these two cannot be trusted. Neither Keras nor any module that the file names is
    imported.

    If Keras is already imported, texts in the file are compared with the registered names, as in a load. If not, every
    text that looks like a registered name is listed, too.

    Args:
        filepath: A ``.keras`` or HDF5 file, the folder that a ``.keras`` archive was unpacked to, or a JSON config.
        limits: Raised limits on the resources that reading the file may use, by their names.

    Raises:
        ArchiveError: The file cannot be read, or is refused.
        SettingsError: A limit does not exist, or its value is not a positive integer.
    """
    archive = read_archive(filepath, read_limits(limits))
    return tuple(sorted({named.name for named in find_untrusted_names(archive, _registry_of_keras())}))


def _registry_of_keras() -> Registry | None:
    """Return the registered names of this process, or None if Keras is not imported."""
    if sys.modules.get(KERAS) is None:
        return None
    from serialactivation.models.files.registered import list_registered

    return list_registered()
