"""A saved model's file mended: a copy of it with other configs, whole or not at all. Keras-free."""

import functools
import os
import pathlib
import shutil

from serialactivation import errors
from serialactivation.files.formats.hdf5_changes import change
from serialactivation.files.formats.hdf5_process import read_attributes
from serialactivation.files.layout import MODEL_CONFIG, TRAINING_CONFIG
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.refusals import Place
from serialactivation.files.rewrite import Attributes, rewrite_configs, write_texts
from serialactivation.files.unnamed import drafted
from serialactivation.repairs.move_weights import move
from serialactivation.repairs.plan import Mending

__all__ = ["repair_file"]


def repair_file(source: pathlib.Path, target: pathlib.Path, mending: Mending) -> None:
    """Write a copy of the model in *source* to *target*, with its configs mended.

    All else stays as it is, byte for byte, except weights whose layer is another now: these are moved within their
    file, by the HDF5 library in a separate process. The copy has no name until it is whole, where the system has such
    files.

    Args:
        source: A ``.keras`` or ``.h5`` file. It is not changed.
        target: Where the copy goes; nothing may stand there, and no link that leads nowhere either.
        mending: What becomes of *source*; where that is nothing, the copy is exact.

    Raises:
        ArchiveError: the HDF5 library crashes on *source*.
        RepairError: *target* exists, or cannot be written, or *source* is damaged where it was not read.
    """
    if os.path.lexists(target):
        what = "it exists" if target.exists() else "it is a link that leads nowhere"
        raise errors.RepairError(str(target), what, "Give another path, or remove it first.")
    try:
        with drafted(str(target.parent)) as draft:
            copy = pathlib.Path(draft.path)
            if mending.is_needed:
                _rewrite(source, copy, target.parent, mending)
            else:
                shutil.copyfile(source, copy)
            draft.give(str(target))
    except OSError as error:
        raise errors.RepairError(
            str(target), f"it cannot be written ({error})", "Give a path in a folder that you can write to."
        ) from error
    except RuntimeError as error:
        cure = "Save the model again, or copy the file again from where it came from."
        raise errors.RepairError(str(source), f"the HDF5 library cannot rewrite it ({error})", cure) from error


def _rewrite(source: pathlib.Path, copy: pathlib.Path, folder: pathlib.Path, mending: Mending) -> None:
    place = Place(str(source))
    attributes = Attributes(
        read=functools.partial(_read, place=place),
        write=lambda path, texts: change(path, place, write_texts, texts),
    )
    edit = (lambda path: change(path, place, move, mending.moves)) if mending.moves.are_needed else None
    rewrite_configs(source, mending.make, copy, edit, folder=folder, attributes=attributes)


def _read(path: pathlib.Path, place: Place) -> dict[str, bytes]:
    """Return the configs in a file that has been read before, within whatever limits."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        texts = read_attributes(file, DEFAULT_LIMITS._replace(config_bytes=size, metadata_bytes=size), place)
    return {name: texts[name] for name in (MODEL_CONFIG, TRAINING_CONFIG) if name in texts}
