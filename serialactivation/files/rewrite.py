"""The configs in a saved model's file, changed in place; everything else stays the same, byte for byte. Keras-free.

If the weights change too, a function that the caller gives rewrites their file.

A ``.keras`` file is a zip archive with the model's config in ``config.json``; an ``.h5`` file has it in an attribute,
and beside it, in another, how the model was compiled.
"""

import copy
import json
import mmap
import os
import pathlib
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Final, NamedTuple

from serialactivation.files.draft_file import open_draft
from serialactivation.files.layout import CONFIG, MODEL_CONFIG, TRAINING_CONFIG, WEIGHTS
from serialactivation.typing import JSON

__all__ = ["Attributes", "read_texts", "rewrite_configs", "write_texts"]

_CONFIGS: Final = (MODEL_CONFIG, TRAINING_CONFIG)
_BATCH: Final = 2**16  # Linux copies this much at once, fastest if both files have it at such a boundary

ChangeConfig = Callable[[JSON], JSON]
EditWeights = Callable[[pathlib.Path], None]
Texts = dict[str, bytes]


class Attributes(NamedTuple):
    """The functions that read and write the texts in an HDF5 file's attributes.

    Attributes:
        read: Returns the texts by the names of the attributes.
        write: Replaces some of the texts.
    """

    read: Callable[[pathlib.Path], Texts]
    write: Callable[[pathlib.Path, Texts], None]


def read_texts(path: pathlib.Path) -> Texts:
    """Return the configs in an HDF5 file, by the names of the attributes."""
    import h5py

    with path.open("rb") as opened, h5py.File(opened, "r") as file:
        return {name: _encode(_take(file.attrs[name])) for name in _CONFIGS if name in file.attrs}


def write_texts(path: pathlib.Path, texts: Texts) -> None:
    """Replace texts in an HDF5 file's attributes with *texts*, each stored as the same kind of text as before."""
    import h5py

    with path.open("r+b") as opened, h5py.File(opened, "r+") as file:  # HDF5 opens no file without a name
        for name, text in texts.items():
            file.attrs[name] = text if isinstance(_take(file.attrs[name]), bytes) else text.decode()


HERE: Final = Attributes(read=read_texts, write=write_texts)
"""Read and write in this process: for files that this process has written."""


def rewrite_configs(
    path: pathlib.Path,
    change: ChangeConfig,
    target: pathlib.Path | None = None,
    edit: EditWeights | None = None,
    *,
    folder: pathlib.Path | None = None,
    attributes: Attributes = HERE,
) -> None:
    """Replace each config in a ``.keras`` or ``.h5`` file with the result of *change*.

    Args:
        path: The file. If *change* raises an error, the file stays as it was.
        change: The function that returns the changed config.
        target: The path of the changed file, if not *path*.
        edit: The function that changes the HDF5 file with the weights in place, or None if the weights do not change.
        folder: The folder for a temporary file, if not the folder of *path*.
        attributes: How the attributes of an HDF5 file are read and written.
    """
    if zipfile.is_zipfile(path):
        folder = path.parent if folder is None else folder
        if target is None:
            _replace_archive(path, change, edit, folder)
        else:
            _copy_archive(path, target, change, edit, folder)
        return
    if target is not None:
        shutil.copyfile(path, target)
    if edit is not None:
        edit(target or path)
    _rewrite_attributes(target or path, change, attributes)


def _replace_archive(path: pathlib.Path, change: ChangeConfig, edit: EditWeights | None, folder: pathlib.Path) -> None:
    draft = path.with_name(f".{path.name}")
    try:
        _copy_archive(path, draft, change, edit, folder)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _copy_archive(
    source: pathlib.Path, target: pathlib.Path, change: ChangeConfig, edit: EditWeights | None, folder: pathlib.Path
) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        ends = [*sorted(member.header_offset for member in old.infolist()), old.start_dir]
        for member in old.infolist():
            if member.filename == CONFIG:
                text = _dump(change(json.loads(old.read(member))))
                new.writestr(_same_header(member), _pad(text, member, old.start_dir))
            elif member.filename == WEIGHTS and edit is not None:
                _edit_member(old, new, member, edit, folder)
            else:
                end = next(offset for offset in ends if offset > member.header_offset)
                _copy_member(old, new, member, end)


def _pad(text: bytes, member: zipfile.ZipInfo, size: int) -> bytes:
    """Return a JSON *text* padded with spaces, so that the rest of an archive of that *size* is copied fast.

    The rest stays in its place, or moves by whole batches; the padding is at most a hundredth of the archive.
    """
    if member.compress_type != zipfile.ZIP_STORED:
        return text
    batches = max(0, -(-(len(text) - member.file_size) // _BATCH))
    return text.ljust(member.file_size + batches * _BATCH) if batches * 100 * _BATCH <= size else text


def _edit_member(
    old: zipfile.ZipFile, new: zipfile.ZipFile, member: zipfile.ZipInfo, edit: EditWeights, folder: pathlib.Path
) -> None:
    """Copy a *member* after *edit* has changed it in a temporary file on the disk of a *folder*."""
    with open_draft(str(folder)) as draft:
        unpacked = pathlib.Path(draft.path)
        with old.open(member) as source, unpacked.open("wb") as written:
            shutil.copyfileobj(source, written, 1 << 20)
        edit(unpacked)
        header = _same_header(member)
        header.file_size = unpacked.stat().st_size  # so that the header has room for a large size
        with unpacked.open("rb") as edited, new.open(header, "w") as target:
            shutil.copyfileobj(edited, target, 1 << 20)


def _same_header(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a new header with the same name, date, permissions and compression."""
    header = zipfile.ZipInfo(member.filename, member.date_time)
    header.compress_type, header.external_attr = member.compress_type, member.external_attr
    return header


def _copy_member(old: zipfile.ZipFile, new: zipfile.ZipFile, member: zipfile.ZipInfo, end: int) -> None:
    """Copy a *member*, which ends before *end*, without decompressing it."""
    source: IO[bytes] = _file_of(old)
    target: IO[bytes] = _file_of(new)
    header = copy.copy(member)
    target.seek(new.start_dir)
    header.header_offset = target.tell()
    source.seek(member.header_offset)
    _copy_bytes(source, target, end - member.header_offset)
    new.filelist.append(header)
    new.NameToInfo[header.filename] = header
    new.start_dir = target.tell()


def _file_of(archive: zipfile.ZipFile) -> IO[bytes]:
    assert archive.fp is not None
    return archive.fp


def _copy_bytes(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy the next *size* bytes, inside the operating system if it can do that."""
    target.flush()
    if sys.platform == "linux":
        start, end = source.tell(), target.tell()
        copied = _copy_by_system(source.fileno(), target.fileno(), size, start, end)
        source.seek(start + copied)
        target.seek(end + copied)
        size -= copied
    while size > 0 and (block := source.read(min(size, 1 << 20))):
        target.write(block)
        size -= len(block)


def _copy_by_system(source: int, target: int, size: int, start: int, end: int) -> int:
    """Return how many bytes the system has copied: none if it cannot, for example between two file systems."""
    copied = 0
    while copied < size:
        first = -(start + copied) % _BATCH  # up to where a batch starts
        try:
            step = os.copy_file_range(source, target, min(first or size, size - copied), start + copied, end + copied)
        except OSError:
            break
        if step == 0:
            break
        copied += step
    return copied


def _rewrite_attributes(path: pathlib.Path, change: ChangeConfig, attributes: Attributes) -> None:
    texts = attributes.read(path)
    stored = {name: json.loads(text) for name, text in texts.items()}
    changed = {name: change(config) for name, config in stored.items()}
    replaced = [name for name in texts if stored[name] != changed[name]]
    written = {name: _dump(changed[name]) for name in replaced}
    if written:
        attributes.write(path, written)
        _wipe(path, [texts[name] for name in replaced], {**texts, **written}.values())


def _take(stored: Any) -> str | bytes:
    """Return the text of an attribute, which may be an array with one text."""
    text: str | bytes = stored if isinstance(stored, str | bytes) else stored.reshape(-1)[0]
    return text


def _encode(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _wipe(path: pathlib.Path, texts: Iterable[bytes], kept: Iterable[bytes]) -> None:
    """Overwrite the old texts of replaced attributes, which HDF5 leaves in the space that it has freed.

    A text may be a part of another one that is *kept*: the compile config is a part of the model's config.
    """
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        spared = [(start, start + len(text)) for text in kept for start in _find(content, text)]
        for text in texts:
            for start in _find(content, text):
                end = start + len(text)
                if not any(first <= start and end <= last for first, last in spared):
                    content[start:end] = bytes(len(text))


def _find(content: mmap.mmap, text: bytes) -> Iterator[int]:
    start = content.find(text)
    while start >= 0:
        yield start
        start = content.find(text, start + len(text))


def _dump(config: Any) -> bytes:
    return json.dumps(config).encode()
