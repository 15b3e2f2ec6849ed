"""A saved model's file mended: a copy of it with other configs, whole or not at all. Keras-free."""

import functools
import pathlib
import shutil
import tempfile

from serialactivation import errors
from serialactivation.archive.hdf5 import HDF5_ERRORS
from serialactivation.archive.mend import Mending
from serialactivation.archive.rewrite import rewrite_configs
from serialactivation.archive.weights_file import move

__all__ = ["repair_file"]


def repair_file(source: pathlib.Path, target: pathlib.Path, mending: Mending) -> None:
    """Write a copy of the model in *source* to *target*, with its configs mended.

    All else stays as it is, byte for byte, but for weights whose layer is another now: these are moved within their
    file. The copy is made beside *target* and moved into place.

    Args:
        source: A ``.keras`` or ``.h5`` file. It is not changed.
        target: Where the copy goes; nothing may stand there.
        mending: What becomes of *source*; where that is nothing, the copy is exact.

    Raises:
        RepairError: *target* exists, or cannot be written, or *source* is damaged where it was not read.
    """
    if target.exists():
        raise errors.RepairError(str(target), "it exists", "Give another path, or remove it first.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".repairing-") as folder:
            beside = pathlib.Path(folder) / target.name
            if mending.is_needed:
                edit = functools.partial(move, moves=mending.moves) if mending.moves.are_needed else None
                rewrite_configs(source, mending.make, beside, edit)
            else:
                shutil.copyfile(source, beside)
            beside.replace(target)
    except OSError as error:
        raise errors.RepairError(
            str(target), f"it cannot be written ({error})", "Give a path in a folder of yours."
        ) from error
    except HDF5_ERRORS as error:
        cure = "Save the model again, or copy the file again from where it came from."
        raise errors.RepairError(str(source), f"HDF5's library cannot rewrite it ({error})", cure) from error
