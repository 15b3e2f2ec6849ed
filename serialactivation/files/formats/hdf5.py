"""HDF5 files read strictly: the texts in their attributes, and the list of datasets. No data of them are read here.

The file is read through a window that refuses to read more than the size of a config at once.
h5py is imported only when a file is opened.

What HDF5's own library does wrong cannot be caught here: on a few damaged files HDF5 2.0.0 crashes, or does not come to
an end. Files from strangers belong in a separate process.
"""

import contextlib
import itertools
import math
import os
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from serialactivation import errors
from serialactivation.files.layout import MODEL_CONFIG, OPTIMIZER_WEIGHTS, TRAINING_CONFIG, WEIGHTS_GROUP
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, FilePart

__all__ = [
    "ATTRIBUTES",
    "HDF5_ERRORS",
    "LAYERS",
    "Order",
    "Variable",
    "Variables",
    "find_object",
    "list_variables",
    "opened",
    "read_attributes",
]

ATTRIBUTES: Final = (MODEL_CONFIG, TRAINING_CONFIG, "keras_version", "backend")
"""The attributes in the file of a whole model."""

LAYERS: Final = "layers"
"""Stands for the weights of layers, in a file without a config."""

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

    @property
    def is_of_numbers(self) -> bool:
        """Whether it consists of numbers, of which Keras can make a tensor."""
        return self.dtype.startswith(_NUMBERS)


_NUMBERS: Final = ("bool", "float", "int", "uint", "bfloat", "complex")


Order: TypeAlias = Sequence[tuple[str, Sequence[str] | None]]
"""The layers in the file of a whole model, each with the names of its variables, or None if it has no group."""


class Variables(dict[str, Variable]):
    """The variables in a file, by their paths.

    Attributes:
        order: What the file of a whole model says of their order, which is that in which Keras reads them; or None.
        optimizer: The names that it has for the variables of the optimizer, or None.
    """

    order: Order | None = None
    optimizer: Sequence[str] | None = None


def read_attributes(file: Source, limits: Limits, part: FilePart) -> dict[str, bytes]:
    """Return the texts of the attributes of a whole model: those of :data:`ATTRIBUTES` that the file has.

    An empty text for :data:`~serialactivation.files.layout.WEIGHTS_GROUP` says that it has this group, and one for
    :data:`LAYERS`, that it has no config, but the weights of layers.

    Args:
        file: The HDF5 file.
        limits: How long the texts may be.
        part: The file, for the error.

    Raises:
        ArchiveError: It is damaged, or exceeds a limit.
    """
    with opened(file, limits, part) as root:
        texts = {
            name: text
            for name in ATTRIBUTES
            if (text := _read_text(root, name, _limit(name, limits), part.within(name))) is not None
        }
        if root.links.exists(WEIGHTS_GROUP.encode()):
            texts[WEIGHTS_GROUP] = b""
        if MODEL_CONFIG not in texts and _has_layers(root, limits, part):
            texts[LAYERS] = b""
        return texts


def _has_layers(root: Any, limits: Limits, part: FilePart) -> bool:
    """Return whether a file has the weights of layers, as Keras 1 and 2 or as Keras 3 saves them."""
    from h5py import h5a

    if any(h5a.exists(root, name) for name in (b"layer_names", b"layer_names0")):
        return True
    if any(root.links.exists(name) for name in (b"layers", b"vars")):
        return True
    try:
        return any("vars" in path.split("/") for path, _ in _walk(root, limits, part))
    except errors.ArchiveError:
        return True  # it is refused where its weights are looked at


def _limit(name: str, limits: Limits) -> int:
    return limits.config_bytes if name in (MODEL_CONFIG, TRAINING_CONFIG) else limits.metadata_bytes


def list_variables(file: Source, limits: Limits, part: FilePart) -> Variables:
    """Return the shape and dtype of each dataset by its path, and the order that the file of a whole model gives them.

    Args:
        file: The HDF5 file.
        limits: How many links it may have, how long their paths may be, and how deep its groups are nested.
        part: The file, for the error.

    Raises:
        ArchiveError: It is damaged, has links to other files, declares data that it does not hold, or exceeds a limit.
    """
    with opened(file, limits, part) as root:
        found = Variables(_walk(root, limits, part))
        if root.links.exists(WEIGHTS_GROUP.encode()):
            found.order = _read_order(root, limits, part)
            found.optimizer = _read_optimizer(root, limits, part)
        return found


@contextlib.contextmanager
def opened(file: Source, limits: Limits, part: FilePart) -> Iterator[Any]:
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


def _read_order(root: Any, limits: Limits, part: FilePart) -> Order | None:
    """Return the layers and the names of their variables, as ``load_weights_from_hdf5_group`` of Keras reads them."""
    from h5py import h5g

    weights = find_object(root, WEIGHTS_GROUP)
    names = [] if weights is None else _read_names(weights, "layer_names", limits, part)
    if weights is None or names is None:
        return None
    order: list[tuple[str, list[str] | None]] = []
    left = limits.objects - len(names)
    for name in names:
        group = find_object(weights, name)
        known = _read_names(group, "weight_names", limits, part) if isinstance(group, h5g.GroupID) else []
        if known is None:
            return None
        left -= len(known)
        if left < 0:
            raise part.within(WEIGHTS_GROUP).exceed("objects", "it has more names than the limit allows")
        order.append((name, known if group is not None else None))
    return order


def _read_optimizer(root: Any, limits: Limits, part: FilePart) -> list[str] | None:
    """Return the names of the variables of the optimizer, all of which Keras reads."""
    from h5py import h5g

    group = find_object(root, OPTIMIZER_WEIGHTS)
    return _read_names(group, "weight_names", limits, part) if isinstance(group, h5g.GroupID) else None


def find_object(group: Any, path: str) -> Any:
    """Return the group or dataset at a *path*, or None; there are no links, since a file with one is refused before."""
    from h5py import h5o

    for name in path.split("/"):
        if not name or "\0" in name or not hasattr(group, "links") or not group.links.exists(name.encode()):
            return None
        group = h5o.open(group, name.encode())
    return group


def _read_names(group: Any, name: str, limits: Limits, part: FilePart) -> list[str] | None:
    """Return the texts of an attribute, which may be in several pieces; or None if there is anything else in it."""
    from h5py import h5a

    if h5a.exists(group, name.encode()):
        return _read_texts(group, name, limits, part)
    names: list[str] = []
    for number in itertools.count():
        if not h5a.exists(group, f"{name}{number}".encode()):
            break
        piece = _read_texts(group, f"{name}{number}", limits, part)
        if piece is None or len(names) > limits.objects:
            return None
        names += piece
    return names


def _read_texts(group: Any, name: str, limits: Limits, part: FilePart) -> list[str] | None:
    """Return the texts in an attribute that is a list of them, or None."""
    import numpy as np
    from h5py import h5a, h5t

    attribute = h5a.open(group, name.encode())
    kind = attribute.get_type()
    if attribute.shape == (0,):
        return []
    if not isinstance(kind, h5t.TypeStringID) or len(attribute.shape) != 1:
        return None
    size = 1 if kind.is_variable_str() else kind.get_size()
    if attribute.shape[0] * size > limits.config_bytes or attribute.shape[0] > limits.objects:
        raise part.within(name).exceed("objects", "it has more names than the limits allow")
    stored = np.empty(attribute.shape, dtype=attribute.dtype)
    attribute.read(stored)
    return [_decode(bytes(one)) for one in stored]


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
