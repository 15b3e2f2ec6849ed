"""Files of other programs, named by how they start or what they hold, with the way to a Keras model. Keras-free.

Nothing is unpickled, and nothing but the first bytes, the names of an archive's members or the keys of a text is read.

Source:
    The layouts of TensorFlow's SavedModel, TensorFlow.js, PyTorch's ``torch.save``, ONNX, TensorFlow Lite, safetensors,
    GGUF and NumPy as their documentation describes them.
"""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from serialactivation.typing import JSON

__all__ = ["SAVED_MODEL", "OtherFormat", "find_by_head", "find_by_keys", "find_by_members", "find_in_folder"]

SAVED_MODEL: Final = "saved_model.pb"
"""The file that a folder with a TensorFlow SavedModel has."""


class OtherFormat(NamedTuple):
    """A format of another program.

    Attributes:
        what: What such a file is, as a clause: ``it is a PyTorch file``.
        cure: How to come to a Keras model.
    """

    what: str
    cure: str


_REBUILD: Final = "Make the model with Keras again, copy the weights into it, and save it with model.save()."
_TENSORFLOW: Final = OtherFormat(
    "it is a TensorFlow SavedModel",
    "Load it with tf_keras.models.load_model and save it as an .h5 file, if Keras 2 wrote it; or call it in Keras 3 "
    "with keras.layers.TFSMLayer.",
)
_TENSORFLOW_JS: Final = OtherFormat(
    "it is a TensorFlow.js model",
    "Convert it with tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras.",
)
_PYTORCH: Final = OtherFormat("it is a PyTorch file, which may run code when it is loaded", _REBUILD)
_PICKLE: Final = OtherFormat(
    "it is a pickle, which may run code when it is loaded",
    "If you trust it, unpickle it in the program that made it, and save the model with model.save('model.keras').",
)
_ARRAYS: Final = OtherFormat("it holds NumPy arrays, and no model", _REBUILD)
_UNPACK: Final = "Unpack it with tar -xf or gunzip, and pass the model that is in it."

_HEADS: Final[tuple[tuple[re.Pattern[bytes], OtherFormat], ...]] = (
    (re.compile(rb"\x1f\x8b"), OtherFormat("it is a gzip archive, such as a .tar.gz", _UNPACK)),
    (re.compile(rb"BZh|\xfd7zXZ\x00|\x28\xb5\x2f\xfd"), OtherFormat("it is a compressed file", _UNPACK)),
    (re.compile(rb".{257}ustar", re.DOTALL), OtherFormat("it is a tar archive", _UNPACK)),
    (re.compile(rb".{4}TFL3", re.DOTALL), OtherFormat("it is a TensorFlow Lite model", _REBUILD)),
    (re.compile(rb"GGUF"), OtherFormat("it is a GGUF file", _REBUILD)),
    (re.compile(rb"\x93NUMPY"), _ARRAYS),
    (re.compile(rb"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19"), _PYTORCH),
    (re.compile(rb"\x80[\x02-\x05]"), _PICKLE),
    (re.compile(rb".{6}\x00\x00\{\s*(\"|\})", re.DOTALL), OtherFormat("it is a safetensors file", _REBUILD)),
    (re.compile(rb"\x08\x01\x12"), _TENSORFLOW),
    (re.compile(rb"\x08[\x03-\x14][\x12\x1a\x22\x3a\x42]"), OtherFormat("it is an ONNX model", _REBUILD)),
)
_SUFFIXES: Final = {".onnx": OtherFormat("it is an ONNX model", _REBUILD), ".pb": _TENSORFLOW}


def find_by_head(head: bytes, path: str) -> OtherFormat | None:
    """Return the format of a file, by its first bytes, or else by the end of its name.

    Args:
        head: The first bytes, at least 300 if there are as many.
        path: The file.
    """
    found = next((one for pattern, one in _HEADS if pattern.match(head)), None)
    return found or _SUFFIXES.get(os.path.splitext(path)[1].lower())


def find_by_members(names: Iterable[str]) -> OtherFormat | None:
    """Return the format of a zip archive by the *names* of its members."""
    given = tuple(names)
    if any(name == "data.pkl" or name.endswith("/data.pkl") for name in given):
        return _PYTORCH
    if any(name == SAVED_MODEL or name.endswith(f"/{SAVED_MODEL}") for name in given):
        return _TENSORFLOW
    return _ARRAYS if given and all(name.endswith(".npy") for name in given) else None


def find_by_keys(parsed: Mapping[str, JSON]) -> OtherFormat | None:
    """Return the format of a JSON text by its keys."""
    return _TENSORFLOW_JS if "modelTopology" in parsed or "weightsManifest" in parsed else None


def find_in_folder(path: str) -> OtherFormat | None:
    """Return the format of a folder by the files in it."""
    return _TENSORFLOW if os.path.lexists(os.path.join(path, SAVED_MODEL)) else None
