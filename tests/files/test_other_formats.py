"""Files of other programs: each is named for what it is, with the way out, and nothing in it is run."""

import gzip
import io
import json
import pickle
import struct
import tarfile
import zipfile

import numpy as np
import pytest

from serialactivation import errors
from serialactivation.cli import main
from serialactivation.files.saved_model import read_archive

pytestmark = pytest.mark.once


class Bomb:
    """What is unpickled writes a file."""

    def __reduce__(self):
        return open, ("/tmp/serialactivation-was-unpickled", "w")


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.keras"))
    return file.getvalue()


def arrays() -> bytes:
    file = io.BytesIO()
    np.savez(file, kernel=np.zeros(3))
    return file.getvalue()


HEADER = json.dumps({"kernel": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
TENSORS = struct.pack("<Q", len(HEADER)) + HEADER + bytes(4)
PICKLE = pickle.dumps(Bomb())
OLD_TORCH = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2) + PICKLE
ONNX = b"\x08\x08\x12\x07pytorch\x1a\x032.4:\x04\x12\x02hi"
TOPOLOGY = json.dumps({"format": "layers-model", "modelTopology": {}, "weightsManifest": []}).encode()

CASES = {
    "model.tar.gz": (gzip.compress(tarred()), "gzip archive", "tar -xf"),
    "model.tar": (tarred(), "tar archive", "tar -xf"),
    "model.json": (TOPOLOGY, "TensorFlow.js", "tensorflowjs_converter"),
    "model.pt": (zipped(**{"archive/data.pkl": PICKLE, "archive/version": b"3"}), "PyTorch", "copy the weights"),
    "model.pth": (OLD_TORCH, "PyTorch", "copy the weights"),
    "model.onnx": (ONNX, "ONNX", "copy the weights"),
    "unnamed": (ONNX, "ONNX", "copy the weights"),
    "model.tflite": (b"\x1c\x00\x00\x00TFL3" + bytes(20), "TensorFlow Lite", "copy the weights"),
    "model.safetensors": (TENSORS, "safetensors", "copy the weights"),
    "model.pkl": (PICKLE, "pickle", "model.save('model.keras')"),
    "pickle.h5": (PICKLE, "pickle", "model.save('model.keras')"),
    "gzip.keras": (gzip.compress(b""), "gzip archive", "gunzip"),
    "weights.npz": (arrays(), "NumPy arrays", "copy the weights"),
    "saved_model.pb": (b"\x08\x01\x12\x02\x0a\x00", "TensorFlow SavedModel", "tf_keras.models.load_model"),
    "model.gguf": (b"GGUF\x03\x00\x00\x00", "GGUF", "copy the weights"),
}


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_a_file_of_another_program_is_named(name, case, tmp_path, capsys):
    """The command and the reader say of which program a file is that is no saved model."""
    data, what, cure = case
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(errors.ArchiveError) as refused:
        read_archive(path)
    assert refused.value.code == "SA008"
    assert what in refused.value.reason
    assert cure in refused.value.cure
    assert main(["check", str(path)]) == 2
    assert what in capsys.readouterr().out


@pytest.mark.parametrize("inside", [False, True], ids=["given", "in a folder"])
def test_a_saved_model_of_tensorflow_is_named(inside, tmp_path, capsys):
    """A folder, wherever it is found."""
    folder = tmp_path / "export"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"\x08\x01\x12\x00")
    assert main(["check", str(tmp_path if inside else folder)]) == 2
    assert "TensorFlow SavedModel" in capsys.readouterr().out


def test_a_file_that_is_given_is_not_skipped(tmp_path, capsys):
    """A JSON file of another program is an error by name, and is skipped where a glob or a folder has it."""
    (tmp_path / "bert").mkdir()
    path = tmp_path / "bert" / "config.json"
    path.write_text('{"model_type": "bert"}')
    assert main(["check", str(path)]) == 2
    assert "SA009" in capsys.readouterr().out
    for given in (tmp_path, path.parent, tmp_path / "bert" / "*.json"):
        assert main(["check", str(given)]) == 0
        assert "1 skipped" in capsys.readouterr().out
