"""HDF5 files read strictly: texts in their attributes, and what datasets they list. No dataset's data are read.

The file is read through a window that refuses to hand out more than a config's size at once, whatever the file says.
h5py is imported where a file has to be opened, and not before.

What HDF5's own library does wrong cannot be caught here: on a few damaged files HDF5 2.0.0 crashes, or does not come to
an end. Files from strangers belong in a process of their own.
"""

import contextlib
import math
import os
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.layout import MODEL_CONFIG, TRAINING_CONFIG
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, Place

__all__ = ["ATTRIBUTES", "HDF5_ERRORS", "Variable", "list_variables", "read_attributes"]

ATTRIBUTES: Final = (MODEL_CONFIG, TRAINING_CONFIG, "keras_version", "backend")
"""The attributes of a whole model's file."""

HDF5_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SystemError,
    TypeError,
    ValueError,
)
"""What h5py raises on a file that is damaged: which of them, depends on the byte."""

_MARGIN: Final = 2**16
_HUGE: Final = 2**32
_EXPANSION: Final = 1000


class Variable(NamedTuple):
    """What a file says of one variable.

    Attributes:
        shape: Its shape.
        dtype: The name of its dtype.
    """

    shape: tuple[int, ...]
    dtype: str


def read_attributes(file: Source, limits: Limits, place: Place) -> dict[str, bytes]:
    """Return the texts of a whole model's attributes, those of :data:`ATTRIBUTES` that are there.

    Args:
        file: The HDF5 file.
        limits: How long the texts may be.
        place: What the file is, for the error.

    Raises:
        ArchiveError: It is damaged, or exceeds a limit.
    """
    with _opened(file, limits, place) as root:
        return {
            name: text
            for name in ATTRIBUTES
            if (text := _read_text(root, name, _limit(name, limits), place.within(name))) is not None
        }


def _limit(name: str, limits: Limits) -> int:
    return limits.config_bytes if name in (MODEL_CONFIG, TRAINING_CONFIG) else limits.metadata_bytes


def list_variables(file: Source, limits: Limits, place: Place) -> dict[str, Variable]:
    """Return the shape and dtype of each dataset by its path.

    Args:
        file: The HDF5 file.
        limits: How many links it may have, how long their paths may be, and how deep its groups are nested.
        place: What the file is, for the error.

    Raises:
        ArchiveError: It is damaged, leads out of itself, declares what it does not hold, or exceeds a limit.
    """
    with _opened(file, limits, place) as root:
        return dict(_walk(root, limits, place))


@contextlib.contextmanager
def _opened(file: Source, limits: Limits, place: Place) -> Iterator[Any]:
    """Within it, an HDF5 file's root is open, and what h5py raises is the file's damage."""
    import h5py

    window = Window(file, 0, file.seek(0, os.SEEK_END), limits.config_bytes + _MARGIN, place, "config_bytes")
    try:
        with h5py.File(window, "r") as opened:
            yield opened.id
    except errors.ArchiveError:
        raise
    except HDF5_ERRORS as error:
        if window.refusal is not None:
            raise window.refusal from error
        raise place.refuse(Code.DAMAGED_HDF5, f"it is not a complete HDF5 file ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _read_text(owner: Any, name: str, limit: int, place: Place) -> bytes | None:
    """Return the text of an attribute, or None if it is missing."""
    import numpy as np
    from h5py import h5a, h5t

    if not h5a.exists(owner, name.encode()):
        return None
    attribute = h5a.open(owner, name.encode())
    kind = attribute.get_type()
    if not isinstance(kind, h5t.TypeStringID) or attribute.get_space().get_simple_extent_npoints() != 1:
        raise place.refuse(Code.DAMAGED_HDF5, "the attribute is not a text")
    if not kind.is_variable_str() and kind.get_size() > limit:  # of another, the window bounds the reading
        raise place.exceed_text(limit)
    stored = np.empty(attribute.shape, dtype=attribute.dtype)
    attribute.read(stored)
    text = bytes(stored.reshape(-1)[0])
    if len(text) > limit:
        raise place.exceed_text(limit)
    return text


def _walk(root: Any, limits: Limits, place: Place) -> Iterator[tuple[str, Variable]]:
    """Return each dataset's path and what is said of it; nothing is followed out of the file, or twice."""
    from h5py import h5d, h5g, h5o

    seen = {h5o.get_info(root).addr}
    groups = [("", root)]
    left, room = limits.objects, limits.config_bytes
    while groups:
        prefix, group = groups.pop()
        if prefix.count("/") > limits.depth:
            raise place.exceed("depth", f"its groups are nested more than {limits.depth:,} levels deep")
        names = _list_links(group, prefix, left, place)
        left -= len(names)
        for name in names:
            path = f"{prefix}{_decode(name)}"
            room -= len(path)
            if room < 0:
                reason = f"the paths in it have more than {limits.config_bytes:,} characters in total"
                raise place.exceed("config_bytes", reason)
            found = h5o.open(group, name)
            if isinstance(found, h5d.DatasetID):
                yield path, _describe(found, limits, place.within(path))
            elif isinstance(found, h5g.GroupID):
                address = h5o.get_info(found).addr
                if address in seen:
                    raise place.within(path).refuse(Code.HOSTILE_HDF5, "the group has two paths")
                seen.add(address)
                groups.append((f"{path}/", found))


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")


def _list_links(group: Any, prefix: str, left: int, place: Place) -> list[bytes]:
    """Return the names of a group's links, once each is known to lead to an object of the same file."""
    from h5py import h5l

    names: list[bytes] = []
    others: list[bytes] = []

    def add(name: bytes, link: Any) -> bool | None:  # True ends it; what is raised here comes out as SystemError
        (names if link.type == h5l.TYPE_HARD else others).append(name)
        return True if others or len(names) > left else None

    group.links.iterate(add, info=True)
    if others:
        path = f"{prefix}{_decode(others[0])}"
        raise place.within(path).refuse(Code.HOSTILE_HDF5, "it is a link, which may lead out of the file")
    if len(names) > left:
        raise place.exceed("objects", "it has more links than the limit allows")
    return names


def _describe(dataset: Any, limits: Limits, place: Place) -> Variable:
    """Return what is said of a dataset; where its data lie is looked at first, for asking more may open files."""
    from h5py import h5d

    creation = dataset.get_create_plist()
    if creation.get_layout() == h5d.VIRTUAL:
        raise place.refuse(Code.HOSTILE_HDF5, "its data belong to other datasets")
    if creation.get_external_count():
        raise place.refuse(Code.HOSTILE_HDF5, "its data are in another file")
    shape = tuple(int(size) for size in dataset.shape or ())  # None: without a value
    declared = math.prod(shape) * dataset.dtype.itemsize
    if declared > max(_HUGE, _EXPANSION * dataset.get_storage_size()):  # Keras refuses the same
        raise place.refuse(Code.HOSTILE_HDF5, f"it declares {declared:,} bytes, but stores almost none")
    kept_as = _read_text(dataset, "dtype", limits.metadata_bytes, place) if dataset.dtype.kind == "V" else None
    return Variable(shape, _decode(kept_as) if kept_as else str(dataset.dtype))
