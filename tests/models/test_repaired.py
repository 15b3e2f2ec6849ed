"""``load_model`` of files that have to be repaired: its error names the command, and ``repair=True`` loads them."""

import json
import pathlib
import shlex
import sys
import tempfile

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.errors import ArchiveError, RepairableFileError, RepairError, UntrustedError
from tests.helpers.processes import run_python
from tests.old_files import unpack

pytestmark = pytest.mark.once

NAMES = ("heads.keras", "functions.h5", "several_outputs.keras", "states.h5", "first_layer.h5", "policy.keras")

# What a process makes of each file: its error without a repair, and how far it is from what tf_keras computed with one.
LOAD = """
import json, pathlib, sys, tempfile, warnings
warnings.simplefilter("ignore")
import keras, numpy as np
import serialactivation as sa

def compute(path, **options):
    data = np.load(path.with_suffix(".npz"))
    inputs, expected = ([data[name] for name in sorted(data.files) if name[0] == letter] for letter in "xy")
    model = sa.load_model(path, **options)
    outputs = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    pairs = [(keras.ops.convert_to_numpy(a), b) for a, b in zip(outputs, expected, strict=True)]
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)

tempfile.tempdir = sys.argv[1]
found = {}
for path in map(pathlib.Path, sys.argv[2:]):
    try:
        error = compute(path)
    except Exception as caught:
        error = [type(caught).__name__, str(caught)]
    found[path.name] = error, compute(path, repair=True), compute(path, repair=True, trusted=())
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    unpack(folder)
    return folder


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder for temporary files, in which nothing of this package is left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.glob("serialactivation-*")) == []


def save_lambda(path):
    """Save a model as Keras 2 did, whose activation is a lambda."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu", name="dense")])
    model.save(path)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = (
            file.attrs["model_config"]
            .replace('"relu"', '"<lambda>"')
            .replace('"GlorotUniform", "config": {', '"GlorotUniform", "config": {"dtype": "float32", ')
        )
    return path, model


def test_a_repaired_copy_is_loaded(files, scratch):
    """It computes what tf_keras did, in another process, with a list of trusted names too; the files stay as they were.

    Without ``repair``, Keras does not load them, and the error has the command.
    """
    before = {path: path.read_bytes() for path in files.iterdir()}
    printed = run_python(LOAD, str(scratch), *(str(files / name) for name in NAMES))
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() == set(NAMES)
    for name, (error, *distances) in found.items():
        assert max(distances) < 1e-5, (name, distances)
        if name == "policy.keras":
            assert error < 1e-5
            continue
        path = str(files / name)
        start, end = path.rsplit(".", 1)
        assert error[0] == "RepairableFileError", (name, error)
        assert f"\n    serialactivation repair {path} -o {start}-repaired.{end}\n" in error[1]
        assert error[1].endswith("Or pass repair=True to serialactivation.load_model, which loads such a copy.")
    assert {path: path.read_bytes() for path in files.iterdir()} == before


def test_what_changes_weights_is_not_done_unasked(files, tmp_path, scratch):
    """The errors have the command with its option, whose copy loads."""
    path = tmp_path / "scaled.h5"
    path.write_bytes((files / "scaled.h5").read_bytes())
    with pytest.raises(RepairableFileError) as plain:
        sa.load_model(path)
    assert (plain.value.path, plain.value.is_enough) == (str(path), False)
    with pytest.raises(RepairError) as asked:
        sa.load_model(path, repair=True)
    assert (asked.value.what, "SA113: " in asked.value.reason) == (str(path), True)
    for error in (plain.value, asked.value):
        command = str(error).splitlines()[-1].strip()
        assert "--scale-hard-sigmoid" in command
        pathlib.Path(shlex.split(command)[-1]).unlink(missing_ok=True)
        assert main(shlex.split(command)[1:]) == 0
    assert sa.load_model(tmp_path / "scaled-repaired.h5").count_params() > 0


def test_what_nothing_repairs_is_named(tmp_path, scratch):
    """The error lists all errors that are left; without ``repair``, the error is Keras's own."""
    path = tmp_path / "a.h5"
    gone = [{"class_name": "LocallyConnected1D", "config": {"name": f"a{number}"}} for number in range(7)]
    config = {"class_name": "Sequential", "config": {"name": "model", "layers": gone}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.create_group("model_weights")
    with pytest.raises(ValueError, match="LocallyConnected1D") as own:
        sa.load_model(path)
    assert not isinstance(own.value, RepairableFileError)
    with pytest.raises(RepairError, match=r"errors are left: SA206: model/a0: .*; and 2 more") as error:
        sa.load_model(path, repair=True)
    assert error.value.cure == "serialactivation check says what to do about each."


def test_an_error_of_this_package_has_the_command_as_a_note(files):
    """The names of tf_keras's modules are not trusted; in the copy, they are Keras's."""
    with pytest.raises(UntrustedError) as error:
        sa.load_model(files / "called.keras", trusted=())
    assert [note.partition(" -o ")[0] for note in error.value.__notes__] == [
        f"The file can be repaired:\n    serialactivation repair {files / 'called.keras'}"
    ]


def test_a_file_without_errors_is_loaded_as_it_is(tmp_path, scratch, monkeypatch):
    """A file without errors is loaded itself, and no copy is written."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=keras.layers.PReLU())])
    x = np.ones((2, 4), "float32")
    expected = model(x)
    monkeypatch.setitem(sys.modules, "serialactivation.repairs.write_repaired_copy", None)
    for suffix in (".keras", ".h5"):
        sa.save_model(model, tmp_path / f"a{suffix}")
        loaded = sa.load_model(tmp_path / f"a{suffix}", repair=True, compile=False)
        assert np.array_equal(loaded(x), expected)


def test_a_function_that_is_given_is_no_error(tmp_path, scratch):
    """The file names a lambda, as Keras 2 did; the rest is repaired."""
    path, model = save_lambda(tmp_path / "a.h5")
    given = {"<lambda>": keras.activations.relu}
    with pytest.raises(RepairError, match="SA102"):
        sa.load_model(path, repair=True)
    x = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)
    assert np.array_equal(sa.load_model(path, given, repair=True)(x), model(x))


def test_a_damaged_file_is_refused(tmp_path):
    """A damaged file is refused as the command refuses it, within the limits that are given."""
    path = tmp_path / "a.keras"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(ArchiveError):
        sa.load_model(path, repair=True)
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save(path)
    with pytest.raises(ArchiveError, match="SA005"):
        sa.load_model(path, repair=True, limits={"config_bytes": 10})
    with pytest.raises(ValueError, match="limits="):
        sa.load_model(path, limits={"config_bytes": 10})


def test_an_unpacked_folder_is_not_repaired(tmp_path, scratch):
    """It is loaded if there is nothing to repair."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.save(tmp_path / "folder", zipped=False)
    sa.load_model(tmp_path / "folder", repair=True)
    config = tmp_path / "folder" / "config.json"
    config.write_text(config.read_text().replace('"module": "keras.layers"', '"module": "keras.src.engine.layers"'))
    with pytest.raises(RepairError, match="it is a folder"):
        sa.load_model(tmp_path / "folder", repair=True)
