"""The copy that a load with ``trusted`` is made from: what was checked and nothing else, and no more than it takes."""

import json
import os
import tempfile
import zipfile

import h5py
import pytest

import serialactivation as sa
from serialactivation.archive.limits import DEFAULT_LIMITS
from serialactivation.archive.private_copy import write_copy
from serialactivation.archive.reader import Kind
from serialactivation.errors import ArchiveError
from tests import zip_cases
from tests.raw_zip import CONFIG, Entry, write_zip

pytestmark = pytest.mark.once

GIB = 2**30


def read(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(source, tmp_path, limits=DEFAULT_LIMITS):
    """Assert that a model is refused, and nothing written; return the error."""
    with pytest.raises(ArchiveError, match="inflated_bytes") as error:
        write_copy(str(source), str(tmp_path / "copy"), limits)
    assert not (tmp_path / "copy").exists()
    return error.value


@pytest.mark.parametrize("name", zip_cases.BENIGN)
def test_an_archive_is_written_anew(name, tmp_path):
    """With the members that were listed, in plain headers; folders stay, since Keras counts the members."""
    source = tmp_path / "model.keras"
    source.write_bytes(zip_cases.BENIGN[name])
    archive = write_copy(str(source), str(tmp_path / "copy"), DEFAULT_LIMITS)
    assert archive.kind is Kind.KERAS
    assert archive.path == str(tmp_path / "copy")
    before, after = read(source), read(tmp_path / "copy")
    assert list(before) == list(after)
    assert {name: json.loads(data) if name.endswith(".json") else data for name, data in after.items()} == {
        name: json.loads(data) if name.endswith(".json") else data for name, data in before.items()
    }
    assert after["config.json"] == json.dumps(archive.config).encode()
    with zipfile.ZipFile(tmp_path / "copy") as copy:
        assert {(info.extra, info.comment, info.compress_type) for info in copy.infolist()} == {(b"", b"", 0)}


def test_the_config_is_written_in_ascii(tmp_path):
    """In a folder Keras reads it in the encoding of the system."""
    folder = tmp_path / "model"
    (folder / "assets" / "a").mkdir(parents=True)
    (folder / "config.json").write_text('{"class_name": "Größe", "config": {}}', encoding="utf-8")
    (folder / "assets" / "a" / "words").write_bytes(b"\xff")
    write_copy(str(folder), str(tmp_path / "copy"), DEFAULT_LIMITS)
    assert (tmp_path / "copy" / "config.json").read_bytes() == b'{"class_name": "Gr\\u00f6\\u00dfe", "config": {}}'
    assert (tmp_path / "copy" / "assets" / "a" / "words").read_bytes() == b"\xff"


def test_assets_are_not_unpacked_to_any_size(tmp_path):
    """Some kilobytes to three gigabytes, in one member or in many."""
    large = Entry(name=b"assets/a", method=8, data=bytes(2**20), size=3 * GIB)
    write_zip(tmp_path / "large.keras", Entry(), large)
    assert "3,221,225,526 bytes" in refused(tmp_path / "large.keras", tmp_path).reason
    many = [Entry(name=b"assets/%d" % number, method=8, data=bytes(2**18)) for number in range(5)]
    write_zip(tmp_path / "many.keras", Entry(), *many)
    refused(tmp_path / "many.keras", tmp_path, limits=DEFAULT_LIMITS._replace(inflated_bytes=2**20))
    write_copy(str(tmp_path / "many.keras"), str(tmp_path / "copy"), DEFAULT_LIMITS)
    assert (tmp_path / "copy").stat().st_size > 2**20


def write_hole(path):
    """A weights file of 200 GB, all of it a hole."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = CONFIG.decode()
    with path.open("r+b") as file:
        file.truncate(200 * GIB)


def test_a_hole_is_not_copied(tmp_path):
    """Of an HDF5 file, of a file in a folder, of a member of an archive."""
    write_hole(tmp_path / "model.h5")
    refused(tmp_path / "model.h5", tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "config.json").write_bytes(CONFIG)
    write_hole(folder / "model.weights.h5")
    refused(folder, tmp_path)
    size, path = 2 * GIB, tmp_path / "model.keras"
    member = Entry(name=b"assets/a", data=b"", size=size, stored=size)
    end = Entry().header() + CONFIG
    with path.open("wb") as file:
        file.write(end + member.header())
        file.seek(size, os.SEEK_CUR)
        start = file.tell()
        records = Entry().record(0) + member.record(len(end))
        file.write(records + b"PK\5\6" + bytes(4) + (2).to_bytes(2, "little") * 2)
        file.write(len(records).to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(2))
    refused(path, tmp_path)


def test_folders_are_not_followed_to_any_depth(tmp_path, monkeypatch):
    """One error, and the private copy goes."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_bytes(CONFIG)
    (folder / "/".join("a" * 240)).mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.raises(ArchiveError, match="nested deeper than 200"):
        sa.load_model(folder, trusted=())
    assert list((tmp_path / "temporary").iterdir()) == []
