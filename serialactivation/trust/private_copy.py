"""A private copy of a saved model, written from what was read, which takes little more disk space. Keras-free.

A reader of the copy reads exactly what was checked: an archive in the copy has only the members that were listed, and
the config and the metadata are written from their parsed values. An HDF5 file is copied as it is, and read again. A
folder must not hold links.
"""

import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple

from serialactivation.files.formats.zip_format.archive import Member, list_entries, unpack_member
from serialactivation.files.layout import CONFIG, METADATA
from serialactivation.files.limits import ALWAYS, Limits
from serialactivation.files.opening import open_file
from serialactivation.files.refusals import Code, FilePart
from serialactivation.files.saved_model import Archive, Kind, read_archive

__all__ = ["write_copy"]

_STEP: Final = 2**20
_STRETCHES: Final = 10_000  # the most stretches that are examined in a file with holes


def write_copy(source: str, target: str, limits: Limits) -> Archive:
    """Write a copy of a saved model, and return the archive that was read, with the path of the copy.

    Args:
        source: The model's file or folder.
        target: The path of the copy, which must not exist.
        limits: The limits of the reader.

    Raises:
        ArchiveError: The model cannot be read, is refused, or the copy would take much more disk space than the model.
    """
    archive = read_archive(source, limits)
    if archive.kind is Kind.KERAS:
        _write_archive(archive, target)
    elif archive.kind is Kind.FOLDER:
        _write_folder(archive, target)
    else:
        with open_file(source, FilePart(source)) as file:
            size = os.fstat(file.fileno()).st_size
            _check_room(size, _count_stored(file, size), limits, FilePart(source))
            with open(target, "xb") as copy:
                _copy(file, copy, size)
        archive = read_archive(target, limits)
    return archive._replace(path=target)


def _dump_texts(archive: Archive) -> Mapping[str, bytes]:
    """Return the config and the metadata as ASCII, which is read correctly under any system encoding."""
    said = {CONFIG: archive.config, METADATA: archive.metadata}
    return {name: json.dumps(text).encode("ascii") for name, text in said.items() if text is not None}


def _write_archive(archive: Archive, target: str) -> None:
    import zipfile  # takes its time

    part, texts = FilePart(archive.path), _dump_texts(archive)
    with open_file(archive.path, part) as file:
        members = list_entries(file, archive.limits, part)
        _check_members(file, members, archive.limits, part)
        with zipfile.ZipFile(target, "x") as copy:
            for member in members:
                header = zipfile.ZipInfo(member.name)
                header.file_size = member.size  # so that the header has room for a large size
                if member.name in texts or member.name.endswith("/"):
                    copy.writestr(header, texts.get(member.name, b""))
                    continue
                with copy.open(header, "w") as written:
                    for piece in unpack_member(file, member, part.within(member.name)):
                        written.write(piece)


def _check_members(file: BinaryIO, members: Iterable[Member], limits: Limits, part: FilePart) -> None:
    """Refuse members that would take much more disk space than the archive: all, or the compressed ones."""
    every = list(members)
    deflated = [member for member in every if member.deflated]
    size = os.fstat(file.fileno()).st_size
    _check_room(sum(member.size for member in every), _count_stored(file, size), limits, part)
    _check_room(sum(member.size for member in deflated), sum(member.stored for member in deflated), limits, part)


def _check_room(size: int, stored: int, limits: Limits, part: FilePart) -> None:
    if size > max(limits.inflated_bytes, ALWAYS * stored):
        raise part.exceed(
            "inflated_bytes", f"a copy would take {size:,} bytes of the disk, and only {stored:,} are stored"
        )


def _count_stored(file: BinaryIO, size: int) -> int:
    """Return how many bytes of a file are stored, without its holes, as far as the file system reports them."""
    if not hasattr(os, "SEEK_HOLE"):
        return size
    descriptor = file.fileno()
    before = os.lseek(descriptor, 0, os.SEEK_CUR)  # the position that the file's buffer expects
    try:
        return sum(end - start for start, end in itertools.islice(_find_stretches(descriptor), _STRETCHES))
    finally:
        os.lseek(descriptor, before, os.SEEK_SET)


def _find_stretches(descriptor: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each stretch of a file between holes."""
    end = 0
    while True:
        try:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
        except OSError:  # there are no more
            return
        end = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, end


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Copy the first *size* bytes, which were examined; the file may have grown since."""
    source.seek(0)
    left = size
    while left > 0 and (block := source.read(min(left, _STEP))):
        target.write(block)
        left -= len(block)


class _Inner(NamedTuple):
    """An entry in a folder: its path relative to the folder, and whether it is a folder itself."""

    path: str
    is_folder: bool


def _write_folder(archive: Archive, target: str) -> None:
    texts = _dump_texts(archive)
    inner = list(_list_folder(archive.path, archive.limits))
    files = [one.path for one in inner if not one.is_folder]
    sizes = [_measure(archive.path, path) for path in files]
    _check_room(
        sum(size for size, _ in sizes), sum(stored for _, stored in sizes), archive.limits, FilePart(archive.path)
    )
    os.mkdir(target)
    for one in inner:
        if one.is_folder:
            os.mkdir(os.path.join(target, one.path))
    for path, (size, _) in zip(files, sizes, strict=True):
        with open(os.path.join(target, path), "xb") as copy:
            if path in texts:
                copy.write(texts[path])
                continue
            with open_file(os.path.join(archive.path, path), FilePart(archive.path, path)) as file:
                _copy(file, copy, size)


def _list_folder(path: str, limits: Limits) -> Iterator[_Inner]:
    """Yield the entries of a folder, each folder before its own entries."""
    part, waiting, number = FilePart(path), [("", 0)], 0
    while waiting:
        folder, depth = waiting.pop()
        if depth > limits.depth:
            raise part.exceed("depth", f"its folders are nested deeper than {limits.depth:,}")
        for name in os.listdir(os.path.join(path, folder)):
            inner = os.path.join(folder, name)
            number += 1
            if number > limits.members:
                raise part.exceed("members", f"it has more than {limits.members:,} files")
            if os.path.islink(os.path.join(path, inner)):
                raise part.within(inner).refuse(Code.UNREADABLE, "it is a link that leads out of the folder")
            is_folder = os.path.isdir(os.path.join(path, inner))
            yield _Inner(inner, is_folder)
            if is_folder:
                waiting.append((inner, depth + 1))


def _measure(folder: str, path: str) -> tuple[int, int]:
    """Return the length of a file in a folder, and how many bytes of it are stored."""
    with open_file(os.path.join(folder, path), FilePart(folder, path)) as file:
        size = os.fstat(file.fileno()).st_size
        return size, _count_stored(file, size)
