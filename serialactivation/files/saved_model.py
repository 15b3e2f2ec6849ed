"""Saved models read without Keras, and without trusting them.

Nothing that a file names is imported or run, and no weights are read but those that a page shows. A file that is
refused raises an :class:`~serialactivation.errors.ArchiveError`, whose code gives the reason:

=====  ==================================================================================================
code   meaning
=====  ==================================================================================================
SA001  The path cannot be opened or read: it does not exist, access is denied, or it is not a regular file.
SA002  A zip archive is damaged: its directory, a header, a size or a checksum.
SA003  A zip archive is crafted to mislead readers, or two programs may read it differently: two members of one name,
       names that lead elsewhere or are decoded in several ways, a second name, links, encryption, comments, members
       that overlap or hold more than they declare, bytes that belong to no member, or a second format in one file.
SA004  A JSON text is damaged, or has two meanings: a key twice, a number that JSON does not allow, no UTF-8.
SA005  The file exceeds a limit of the reader: size, values, depth, digits, members or objects; see ``Limits``.
SA006  An HDF5 file is damaged.
SA007  An HDF5 file is crafted to mislead readers: links, data in other files, a group under two paths, or a size that
       is not stored.
SA008  The file or folder is not a saved Keras model.
SA009  The file has a config, but not of a Keras model: it has no ``class_name`` and ``config``.
=====  ==================================================================================================
"""

import enum
import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from serialactivation.files.formats import hdf5_process, variables
from serialactivation.files.formats.hdf5 import LAYERS
from serialactivation.files.formats.json_text import parse_json
from serialactivation.files.formats.other_formats import (
    OtherFormat,
    find_by_head,
    find_by_keys,
    find_by_members,
    find_in_folder,
)
from serialactivation.files.formats.variables import Listing
from serialactivation.files.formats.zip_format.archive import is_zip, list_members, read_member
from serialactivation.files.layout import (
    CONFIG,
    HDF5_SUFFIXES,
    METADATA,
    MODEL_CONFIG,
    PICKLES,
    TRAINING_CONFIG,
    WEIGHTS,
    WEIGHTS_GROUP,
    WEIGHTS_SUFFIX,
)
from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.opening import open_file, read_all
from serialactivation.files.refusals import Code, FilePart
from serialactivation.typing import JSON, Config

if TYPE_CHECKING:
    from serialactivation.files.formats.hdf5_values import Spread

__all__ = ["HDF5_MARK", "ZIP_MARKS", "Archive", "Kind", "read_archive"]

_WEIGHT_MAP: Final = "weight_map"  # of weights in several files
HDF5_MARK: Final = b"\x89HDF\r\n\x1a\n"
"""What an HDF5 file starts with."""

ZIP_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""What a zip archive starts with."""

_EMPTY_ZIP: Final = 22  # bytes of a zip archive with nothing in it
_LFS_MARK: Final = b"version https://git-lfs.github.com/spec/"
_JSON_MARKS: Final = (b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD: Final = 4096


class Kind(enum.Enum):
    """The format of a saved model."""

    KERAS = "keras"
    """A ``.keras`` archive."""
    FOLDER = "folder"
    """A ``.keras`` archive that was unpacked."""
    HDF5 = "hdf5"
    """A whole model in one HDF5 file."""
    WEIGHTS = "weights"
    """Weights without a model."""
    CONFIG = "config"
    """A model's config without weights."""


class Archive(NamedTuple):
    """A saved model.

    Attributes:
        path: The file or folder.
        kind: Its format, found from its contents.
        config: The model's config, or None if there are only weights.
        metadata: ``metadata.json``, or the other attributes of an HDF5 file, or None.
        keras_version: The version of Keras that wrote it, or None if the file does not say.
        limits: The limits with which it was read.
        has_weights: Whether it has weights where Keras looks for them, if its format demands any.
        is_pickled: Whether it has weights in an older form alone, which holds pickles.
    """

    path: str
    kind: Kind
    config: JSON = None
    metadata: Config | None = None
    keras_version: str | None = None
    limits: Limits = DEFAULT_LIMITS
    has_weights: bool = True
    is_pickled: bool = False

    @property
    def is_listable(self) -> bool:
        """Whether its variables can be listed: an HDF5 file has been read, and an archive has one that can be read."""
        return self.kind in (Kind.HDF5, Kind.WEIGHTS) or hdf5_process.is_available()

    def variables(self, *, is_checked: bool = False) -> Listing:
        """Return the shape and dtype of each variable by its path, or None if no file lists them.

        Each call reads them from the file again.

        Args:
            is_checked: Whether to read all bytes of the weights, for the checksum of an archive.

        Raises:
            ArchiveError: The weights are damaged or crafted to mislead readers.
        """
        match self.kind:
            case Kind.KERAS:
                return variables.list_zip(self.path, self.limits, is_checked=is_checked)
            case Kind.FOLDER:
                return variables.list_folder(self.path, self.limits)
            case Kind.WEIGHTS if _WEIGHT_MAP in (self.metadata or {}):
                return variables.list_shards(self.path, self.limits)
            case Kind.HDF5 | Kind.WEIGHTS:
                return variables.list_file(self.path, self.limits)
            case Kind.CONFIG:
                return None

    def summarize(self, paths: Collection[str]) -> "Mapping[str, Spread]":
        """Return the spread of the values of the variables at *paths*, as far as they are floats and not too many.

        Raises:
            ArchiveError: The weights are damaged or crafted to mislead readers.
        """
        match self.kind:
            case Kind.KERAS:
                return variables.summarize_zip(self.path, self.limits, paths)
            case Kind.FOLDER:
                return variables.summarize_folder(self.path, self.limits, paths)
            case Kind.HDF5:
                return variables.summarize_file(self.path, self.limits, paths)
            case Kind.WEIGHTS | Kind.CONFIG:
                return {}


def read_archive(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Archive:
    """Return the contents of a saved model's file or folder.

    Args:
        path: A ``.keras`` file, a folder that one was unpacked to, an HDF5 file, or a ``config.json``. The contents
            determine which.
        limits: The limits of the reader.

    Raises:
        ArchiveError: The file cannot be read, or is refused; the table above has the codes.
    """
    path = os.fsdecode(path)
    part = FilePart(path)
    if os.path.isdir(path):
        return _read_folder(path, limits, part)
    with open_file(path, part) as file:
        match _sniff(file, limits, part):
            case Kind.KERAS:
                return _read_zip(file, limits, part)
            case Kind.HDF5:
                return _read_hdf5(file, limits, part)
            case _:
                return _read_json(file, limits, part)


def _sniff(file: BinaryIO, limits: Limits, part: FilePart) -> Kind:
    """Return the format of a file: what it starts with decides, else what it is called."""
    head = file.read(_HEAD)
    if head.startswith(_LFS_MARK):
        raise part.refuse(Code.NO_MODEL, "it is a Git LFS pointer, and not the file itself", "Run git lfs pull.")
    suffix = os.path.splitext(part.path)[1].lower()
    starts_as_zip = head.startswith(ZIP_MARKS)
    if head.startswith(HDF5_MARK) or (starts_as_zip and suffix in HDF5_SUFFIXES and _has_superblock(file)):
        if starts_as_zip or is_zip(file, limits, part):
            raise part.refuse(Code.HOSTILE_ZIP, "it is both a zip archive and an HDF5 file")
        return Kind.HDF5
    if not starts_as_zip and suffix in (".keras", *HDF5_SUFFIXES):
        _refuse_other(find_by_head(head, ""), part)
    if starts_as_zip or suffix == ".keras" or is_zip(file, limits, part):
        return Kind.KERAS
    if suffix in HDF5_SUFFIXES:
        return Kind.HDF5
    if suffix == ".json" or head.lstrip().startswith(_JSON_MARKS):
        return Kind.CONFIG
    _refuse_other(find_by_head(head, part.path), part)
    raise part.refuse(Code.NO_MODEL, "it is not a zip archive, an HDF5 file or JSON")


def _refuse_other(other: OtherFormat | None, part: FilePart) -> None:
    """Refuse a file of another program, if it is one."""
    if other is not None:
        raise part.refuse(Code.NO_MODEL, other.what, other.cure)


def _has_superblock(file: BinaryIO) -> bool:
    """Return whether HDF5 would find its signature later: it looks at byte 512, and at each doubling of that."""
    size = file.seek(0, os.SEEK_END)
    position = 512
    while position < size:
        file.seek(position)
        if file.read(len(HDF5_MARK)) == HDF5_MARK:
            return True
        position *= 2
    return False


def _read_zip(file: BinaryIO, limits: Limits, part: FilePart) -> Archive:
    members = list_members(file, limits, part)
    if CONFIG not in members:
        reason = "it holds no config.json"
        _refuse_other(find_by_members(members), part)
        if any(name.endswith(f"/{CONFIG}") for name in members):
            raise part.refuse(
                Code.NO_MODEL, reason, "A folder in the archive holds one: zip the contents of that folder."
            )
        raise part.refuse(Code.NO_MODEL, reason)
    config = read_member(file, members[CONFIG], limits.config_bytes, part.within(CONFIG))
    metadata = None
    if METADATA in members:
        metadata = read_member(file, members[METADATA], limits.metadata_bytes, part.within(METADATA))
    sizes = {name: member.size for name, member in members.items()}
    return _find_weights(_from_texts(Kind.KERAS, config, metadata, limits, part), sizes)


def _read_folder(path: str, limits: Limits, part: FilePart) -> Archive:
    config = _read_file(path, CONFIG, limits.config_bytes, part)
    if config is None:
        _refuse_other(find_in_folder(path), part)
        raise part.refuse(Code.NO_MODEL, "the folder holds no config.json")
    metadata = _read_file(path, METADATA, limits.metadata_bytes, part)
    found = [name for name in (WEIGHTS, PICKLES) if os.path.lexists(os.path.join(path, name))]
    sizes = {name: os.lstat(os.path.join(path, name)).st_size for name in found}
    return _find_weights(_from_texts(Kind.FOLDER, config, metadata, limits, part), sizes)


def _find_weights(archive: Archive, sizes: Mapping[str, int]) -> Archive:
    """Return the archive, with what the names and *sizes* of its members say of its weights."""
    is_pickled = WEIGHTS not in sizes and sizes.get(PICKLES, 0) > _EMPTY_ZIP
    return archive._replace(has_weights=WEIGHTS in sizes or PICKLES in sizes, is_pickled=is_pickled)


def _read_file(folder: str, name: str, limit: int, part: FilePart) -> bytes | None:
    path = os.path.join(folder, name)
    if not os.path.lexists(path):
        return None
    with open_file(path, part.within(name)) as file:
        return read_all(file, limit, part.within(name))


def _from_texts(kind: Kind, config: bytes, metadata: bytes | None, limits: Limits, part: FilePart) -> Archive:
    said = None if metadata is None else _parse_metadata(metadata, limits, part.within(METADATA))
    return Archive(
        path=part.path,
        kind=kind,
        config=_parse_config(config, limits, part.within(CONFIG)),
        metadata=said,
        keras_version=_text_or_none(said and said.get("keras_version")),
        limits=limits,
    )


def _text_or_none(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _parse_metadata(text: bytes, limits: Limits, part: FilePart) -> Config:
    metadata = parse_json(text, limits, part)
    if not isinstance(metadata, dict):
        raise part.refuse(Code.DAMAGED_JSON, "it is not a JSON object")
    return metadata


def _parse_config(text: bytes, limits: Limits, part: FilePart) -> Config:
    return _check_config(parse_json(text, limits, part), part)


def _check_config(config: JSON, part: FilePart) -> Config:
    """Refuse a value that is not a model's config. Keras 1 and 2 wrote the layers of a Sequential as a bare list."""
    if (
        not isinstance(config, dict)
        or not isinstance(config.get("class_name"), str)
        or not isinstance(config.get("config"), dict | list)
    ):
        raise part.refuse(Code.NO_CONFIG, "it is not the config of a Keras model: it has no class_name and config")
    return config


def _read_hdf5(file: BinaryIO, limits: Limits, part: FilePart) -> Archive:
    texts = hdf5_process.read_attributes(file, limits, part)
    config = texts.pop(MODEL_CONFIG, None)
    has_weights = texts.pop(WEIGHTS_GROUP, None) is not None
    is_weights = texts.pop(LAYERS, None) is not None or has_weights or part.path.endswith(WEIGHTS_SUFFIX)
    if config is None and not is_weights:
        raise part.refuse(Code.NO_MODEL, "it is an HDF5 file without the config of a model or the weights of layers")
    metadata = {name: _read_attribute(name, text, limits, part.within(name)) for name, text in texts.items()}
    return Archive(
        path=part.path,
        kind=Kind.WEIGHTS if config is None else Kind.HDF5,
        config=None if config is None else _parse_config(config, limits, part.within(MODEL_CONFIG)),
        metadata=metadata or None,
        keras_version=_text_or_none(metadata.get("keras_version")),
        limits=limits,
        has_weights=has_weights or config is None,
    )


def _read_attribute(name: str, text: bytes, limits: Limits, part: FilePart) -> JSON:
    return parse_json(text, limits, part) if name == TRAINING_CONFIG else text.decode("utf-8", "replace")


def _read_json(file: BinaryIO, limits: Limits, part: FilePart) -> Archive:
    parsed = parse_json(read_all(file, limits.config_bytes, part), limits, part)
    if isinstance(parsed, dict) and isinstance(parsed.get(_WEIGHT_MAP), dict):
        return Archive(path=part.path, kind=Kind.WEIGHTS, metadata=parsed, limits=limits)
    if isinstance(parsed, dict):
        _refuse_other(find_by_keys(parsed), part)
    config = _check_config(parsed, part)
    version = _text_or_none(config.get("keras_version"))
    return Archive(path=part.path, kind=Kind.CONFIG, config=config, keras_version=version, limits=limits)
