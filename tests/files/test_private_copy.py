"""The copy that a load with ``trusted`` is made from: what was checked and nothing else, and no more than it takes."""

import json
import os
import tempfile
import zipfile
import zlib

import h5py
import pytest

import serialactivation as sa
from serialactivation.errors import ArchiveError
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.saved_model import Kind
from serialactivation.trust.private_copy import write_copy
from tests.helpers import zip_cases
from tests.helpers.deep_folders import deep_folder
from tests.helpers.processes import run_python
from tests.helpers.raw_zip import CONFIG, Entry, write_zip

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
    """The copy has the listed members in plain headers, and the folders, since Keras counts the members."""
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
    assert "3,221,225,562 bytes" in refused(tmp_path / "large.keras", tmp_path).reason
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
    """A hole in an HDF5 file, in a file of a folder or in a member of an archive takes no disk space in the copy."""
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


GREEDY = """
import contextlib, glob, os, resource, sys, tempfile, time
import keras
import serialactivation as sa

folder, temporary = sys.argv[1:]
tempfile.tempdir = temporary
sa.layers.Dense
resource.setrlimit(resource.RLIMIT_FSIZE, (50 * 2**20, resource.RLIM_INFINITY))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sorted(glob.glob(os.path.join(folder, "*"))):
    start = time.process_time()
    try:
        sa.load_model(path, trusted=())
    except (sa.errors.ArchiveError, sa.errors.UntrustedError) as error:
        said = getattr(error, "code", "untrusted")
    taken = time.process_time() - start
    print(os.path.basename(path), said, taken < 5, os.listdir(temporary))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 200)
"""


def test_a_load_takes_neither_memory_nor_disk(tmp_path):
    """A load of bombs, of files with large holes, and of nested folders takes little memory and disk space."""
    given, temporary = tmp_path / "given", tmp_path / "temporary"
    given.mkdir()
    temporary.mkdir()
    inflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = inflated.compress(bytes(2**24)) + inflated.flush(zlib.Z_FULL_FLUSH)  # the same each time
    payload = block * (3 * GIB // 2**24) + inflated.flush()
    write_zip(given / "assets.keras", Entry(), Entry(name=b"assets/a", method=8, payload=payload, size=3 * GIB))
    for name in ("hole.keras", "hole.h5"):
        (given / name).touch()
        os.truncate(given / name, 200 * GIB)
    write_hole(given / "weights.h5")
    for name in ("folder", "deep"):
        (given / name).mkdir()
        (given / name / "config.json").write_bytes(CONFIG)
    write_hole(given / "folder" / "model.weights.h5")
    with deep_folder(given / "deep", 1_200):
        said = run_python(GREEDY, str(given), str(temporary)).splitlines()
    assert said == [
        "assets.keras SA005 True []",
        "deep SA005 True []",
        "folder SA005 True []",
        "hole.h5 SA006 True []",
        "hole.keras SA002 True []",
        "weights.h5 SA005 True []",
        "True",
    ]
