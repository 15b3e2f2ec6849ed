"""HDF5 files read strictly: the texts in their attributes, and the list of datasets. No data of a dataset are read.

The file is read through a window that refuses to read more than the size of a config at once.
h5py is imported only when a file is opened.

What HDF5's own library does wrong cannot be caught here: on a few damaged files HDF5 2.0.0 crashes, or does not come to
an end. Files from strangers belong in a separate process.
"""

import contextlib
import math
import os
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.layout import MODEL_CONFIG, TRAINING_CONFIG, WEIGHTS_GROUP
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, FilePart

__all__ = ["ATTRIBUTES", "HDF5_ERRORS", "Variable", "list_variables", "read_attributes"]

ATTRIBUTES: Final = (MODEL_CONFIG, TRAINING_CONFIG, "keras_version", "backend")
"""The attributes in the file of a whole model."""

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
"""The errors that h5py raises on a damaged file: which one depends on the damage."""

_MARGIN: Final = 2**16
_HUGE: Final = 2**32
_EXPANSION: Final = 1000


class Variable(NamedTuple):
    """The description of one variable in a file.

    Attributes:
        shape: Its shape.
        dtype: The name of its dtype.
    """

    shape: tuple[int, ...]
    dtype: str


def read_attributes(file: Source, limits: Limits, part: FilePart) -> dict[str, bytes]:
    """Return the texts of the attributes of a whole model: those of :data:`ATTRIBUTES` that the file has.

    An empty text for :data:`~serialactivation.files.layout.WEIGHTS_GROUP` says that it has this group.

    Args:
        file: The HDF5 file.
        limits: How long the texts may be.
        part: The file, for the error.

    Raises:
        ArchiveError: It is damaged, or exceeds a limit.
    """
    with _opened(file, limits, part) as root:
        texts = {
            name: text
            for name in ATTRIBUTES
            if (text := _read_text(root, name, _limit(name, limits), part.within(name))) is not None
        }
        return {**texts, WEIGHTS_GROUP: b""} if root.links.exists(WEIGHTS_GROUP.encode()) else texts


def _limit(name: str, limits: Limits) -> int:
    return limits.config_bytes if name in (MODEL_CONFIG, TRAINING_CONFIG) else limits.metadata_bytes


def list_variables(file: Source, limits: Limits, part: FilePart) -> dict[str, Variable]:
    """Return the shape and dtype of each dataset by its path.

    Args:
        file: The HDF5 file.
        limits: How many links it may have, how long their paths may be, and how deep its groups are nested.
        part: The file, for the error.

    Raises:
        ArchiveError: It is damaged, has links to other files, declares data that it does not hold, or exceeds a limit.
    """
    with _opened(file, limits, part) as root:
        return dict(_walk(root, limits, part))


@contextlib.contextmanager
def _opened(file: Source, limits: Limits, part: FilePart) -> Iterator[Any]:
    """Open the root of an HDF5 file, and turn the errors of h5py into refusals of the file."""
    import h5py

    window = Window(file, 0, file.seek(0, os.SEEK_END), limits.config_bytes + _MARGIN, part, "config_bytes")
    try:
        with h5py.File(window, "r") as opened:
            yield opened.id
    except errors.ArchiveError:
        raise
    except HDF5_ERRORS as error:
        if window.refusal is not None:
            raise window.refusal from error
        raise part.refuse(Code.DAMAGED_HDF5, f"it is not a complete HDF5 file ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _read_text(owner: Any, name: str, limit: int, part: FilePart) -> bytes | None:
    """Return the text of an attribute, or None if it is missing."""
    import numpy as np
    from h5py import h5a, h5t

    if not h5a.exists(owner, name.encode()):
        return None
    attribute = h5a.open(owner, name.encode())
    kind = attribute.get_type()
    if not isinstance(kind, h5t.TypeStringID) or attribute.get_space().get_simple_extent_ndims():
        raise part.refuse(Code.DAMAGED_HDF5, "the attribute is not a text")
    if not kind.is_variable_str() and kind.get_size() > limit:  # the window limits the reading of the other kind
        raise part.exceed_text(limit)
    stored = np.empty(attribute.shape, dtype=attribute.dtype)
    attribute.read(stored)
    text = bytes(stored.reshape(-1)[0])
    if len(text) > limit:
        raise part.exceed_text(limit)
    return text


def _walk(root: Any, limits: Limits, part: FilePart) -> Iterator[tuple[str, Variable]]:
    """Yield the path and the description of each dataset; no link out of the file is followed, and no group twice."""
    from h5py import h5d, h5g, h5o

    seen = {h5o.get_info(root).addr}
    groups = [("", root)]
    left, room = limits.objects, limits.config_bytes
    while groups:
        prefix, group = groups.pop()
        if prefix.count("/") > limits.depth:
            raise part.exceed("depth", f"its groups are nested more than {limits.depth:,} levels deep")
        names = _list_links(group, prefix, left, part)
        left -= len(names)
        for name in names:
            path = f"{prefix}{_decode(name)}"
            room -= len(path)
            if room < 0:
                reason = f"the paths in it have more than {limits.config_bytes:,} characters in total"
                raise part.exceed("config_bytes", reason)
            found = h5o.open(group, name)
            if isinstance(found, h5d.DatasetID):
                yield path, _describe(found, limits, part.within(path))
            elif isinstance(found, h5g.GroupID):
                address = h5o.get_info(found).addr
                if address in seen:
                    raise part.within(path).refuse(Code.HOSTILE_HDF5, "the group has two paths")
                seen.add(address)
                groups.append((f"{path}/", found))


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")


def _list_links(group: Any, prefix: str, left: int, part: FilePart) -> list[bytes]:
    """Return the names of a group's links, and refuse a link that may lead to another file."""
    from h5py import h5l

    names: list[bytes] = []
    others: list[bytes] = []

    def add(name: bytes, link: Any) -> bool | None:  # True ends it; an error becomes a SystemError
        (names if link.type == h5l.TYPE_HARD else others).append(name)
        return True if others or len(names) > left else None

    group.links.iterate(add, info=True)
    if others:
        path = f"{prefix}{_decode(others[0])}"
        raise part.within(path).refuse(Code.HOSTILE_HDF5, "it is a link, which may lead out of the file")
    if len(names) > left:
        raise part.exceed("objects", "it has more links than the limit allows")
    return names


def _describe(dataset: Any, limits: Limits, part: FilePart) -> Variable:
    """Return the description of a dataset; first check where its data are, since other queries may open files."""
    from h5py import h5d

    creation = dataset.get_create_plist()
    if creation.get_layout() == h5d.VIRTUAL:
        raise part.refuse(Code.HOSTILE_HDF5, "its data belong to other datasets")
    if creation.get_external_count():
        raise part.refuse(Code.HOSTILE_HDF5, "its data are in another file")
    shape = tuple(int(size) for size in dataset.shape or ())  # None: without a value
    declared = math.prod(shape) * dataset.dtype.itemsize
    if declared > max(_HUGE, _EXPANSION * dataset.get_storage_size()):  # Keras refuses the same
        raise part.refuse(Code.HOSTILE_HDF5, f"it declares {declared:,} bytes, but stores almost none")
    kept_as = _read_text(dataset, "dtype", limits.metadata_bytes, part) if dataset.dtype.kind == "V" else None
    return Variable(shape, _decode(kept_as) if kept_as else str(dataset.dtype))
