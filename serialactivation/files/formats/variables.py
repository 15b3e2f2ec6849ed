"""The variables in a saved model's files: their paths, shapes and dtypes, and the spread of the values of some.

The HDF5 library reads the files in a separate process; this process finds and unpacks them.
"""

import collections
import contextlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

from serialactivation.files.formats import hdf5_process
from serialactivation.files.formats.hdf5 import Variable
from serialactivation.files.formats.hdf5_values import Spread
from serialactivation.files.formats.zip_format.archive import Member, list_members, unpack_member
from serialactivation.files.limits import ALWAYS, Limits
from serialactivation.files.opening import open_file, reading
from serialactivation.files.refusals import FilePart

__all__ = [
    "list_file",
    "list_folder",
    "list_shards",
    "list_zip",
    "summarize_file",
    "summarize_folder",
    "summarize_zip",
]

_WEIGHTS: Final = re.compile(r"model(_\d{5})?\.weights\.h5")
_SHARD: Final = "_[0-9]{5}[.]weights[.]h5"

Listing = Mapping[str, Variable] | None
Spreads = Mapping[str, Spread]


def list_file(path: str, limits: Limits, part: FilePart | None = None) -> Listing:
    """Return the variables of an HDF5 file; *part* is given if the file is a part of a folder."""
    part = part or FilePart(path)
    with open_file(path, part) as file:
        return hdf5_process.list_variables(file, limits, part)


def list_folder(path: str, limits: Limits) -> Listing:
    """Return the variables of an unpacked archive, or None if it has no HDF5 weights."""
    part = FilePart(path)
    return _list_files(path, _find_files(path, part), limits, part)


def _find_files(folder: str, part: FilePart, names: re.Pattern[str] = _WEIGHTS) -> list[str]:
    """Return the names of the files in a *folder* that are weights."""
    with reading(part):
        return sorted(name for name in os.listdir(folder) if names.fullmatch(name))


def list_shards(path: str, limits: Limits) -> Listing:
    """Return the variables of the files that belong to a ``.weights.json``, or None if its folder has none."""
    folder, name = os.path.split(path)
    stem = name.removesuffix(".json").replace(".weights", "")
    part, folder = FilePart(path), folder or os.curdir
    return _list_files(folder, _find_files(folder, part, re.compile(re.escape(stem) + _SHARD)), limits, part)


def _list_files(folder: str, names: Iterable[str], limits: Limits, part: FilePart) -> Listing:
    return _join(list_file(os.path.join(folder, name), limits, part.within(name)) for name in names)


def list_zip(path: str, limits: Limits, *, is_checked: bool = False) -> Listing:
    """Return the variables of an archive, or None if it has no HDF5 weights.

    An ``.npz`` file of Keras holds pickled objects, and is not opened.

    Args:
        path: The archive.
        limits: The limits of the reader.
        is_checked: Whether to read all bytes of the weights, for their checksum.
    """
    part = FilePart(path)
    with open_file(path, part) as file:
        found = _find_members(file, limits, part)
        if is_checked:
            for member in found:
                _check_sum(file, member, part.within(member.name))
        return _join(_list_member(file, member, limits, part.within(member.name)) for member in found)


def _find_members(file: BinaryIO, limits: Limits, part: FilePart) -> list[Member]:
    """Return the members of an archive that are weights, which are not too long when they are unpacked."""
    members = list_members(file, limits, part)
    found = [member for name, member in sorted(members.items()) if _WEIGHTS.fullmatch(name)]
    _check_inflated([member for member in found if member.deflated], limits, part)
    return found


def _check_sum(file: BinaryIO, member: Member, part: FilePart) -> None:
    """Refuse a member of which the checksum is wrong; that of a compressed one is checked as it is unpacked."""
    if not member.deflated:
        collections.deque(unpack_member(file, member, part), maxlen=0)


def _join(listings: Iterator[Listing]) -> Listing:
    """Return the variables of all files of one model together, or None if there is no file."""
    joined = [listing for listing in listings if listing is not None]
    if len(joined) == 1:
        return joined[0]
    return {path: variable for listing in joined for path, variable in listing.items()} if joined else None


def _check_inflated(members: Sequence[Member], limits: Limits, part: FilePart) -> None:
    size, stored = sum(member.size for member in members), sum(member.stored for member in members)
    if size > max(limits.inflated_bytes, ALWAYS * stored):
        raise part.exceed("inflated_bytes", f"its weights take {size:,} bytes, and only {stored:,} are stored")


def _list_member(file: BinaryIO, member: Member, limits: Limits, part: FilePart) -> Listing:
    with _unpacked(file, member, part) as (source, start):
        return hdf5_process.list_variables(source, limits, part, start, member.size)


@contextlib.contextmanager
def _unpacked(file: BinaryIO, member: Member, part: FilePart) -> Iterator[tuple[BinaryIO, int]]:
    """Provide a file with a member that is not compressed, and where the member starts in it."""
    if not member.deflated:
        yield file, member.start
        return
    import tempfile  # slow to import, and most models do not need it

    with tempfile.TemporaryFile() as unpacked:
        for piece in unpack_member(file, member, part):
            if piece.strip(b"\0"):
                unpacked.write(piece)
            else:
                unpacked.seek(len(piece), os.SEEK_CUR)  # zeros that are skipped take no disk space
        unpacked.truncate(member.size)
        yield unpacked, 0


def summarize_file(path: str, limits: Limits, paths: Collection[str], part: FilePart | None = None) -> Spreads:
    """Return the spread of the variables at *paths* in an HDF5 file; *part* is given if it is a part of a folder."""
    part = part or FilePart(path)
    with open_file(path, part) as file:
        return hdf5_process.summarize_variables(file, limits, part, 0, None, paths)


def summarize_folder(path: str, limits: Limits, paths: Collection[str]) -> Spreads:
    """Return the spread of the variables at *paths* in an unpacked archive."""
    part = FilePart(path)
    return {
        name: spread
        for file in _find_files(path, part)
        for name, spread in summarize_file(os.path.join(path, file), limits, paths, part.within(file)).items()
    }


def summarize_zip(path: str, limits: Limits, paths: Collection[str]) -> Spreads:
    """Return the spread of the variables at *paths* in an archive."""
    part = FilePart(path)
    spreads: dict[str, Spread] = {}
    with open_file(path, part) as file:
        for member in _find_members(file, limits, part):
            inside = part.within(member.name)
            with _unpacked(file, member, inside) as (source, start):
                spreads |= hdf5_process.summarize_variables(source, limits, inside, start, member.size, paths)
    return spreads
