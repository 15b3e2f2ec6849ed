"""What is no file, or no saved model."""

import functools
import os
import pathlib
import pickle

from tests.helpers.raw_zip import CONFIG


def text(data: bytes) -> functools.partial:
    """Return what writes *data* and nothing else."""
    return functools.partial(pathlib.Path.write_bytes, data=data)


def folder(**files: bytes) -> functools.partial:
    """Return what writes a folder of *files*."""
    return functools.partial(_write_folder, files=files)


def _write_folder(path: pathlib.Path, files: dict[str, bytes]) -> None:
    path.mkdir()
    for name, data in files.items():
        (path / name).write_bytes(data)


LFS = b"""version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"""


def write_nothing(path: pathlib.Path) -> None:
    """Leave the path without a file."""


def write_broken_link(path: pathlib.Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def write_link_to_itself(path: pathlib.Path) -> None:
    path.symlink_to(path)


def write_folder_in_place_of_config(path: pathlib.Path) -> None:
    (path / "config.json").mkdir(parents=True)


def write_pipe(path: pathlib.Path) -> None:
    os.mkfifo(path)


def write_pipe_in_place_of_config(path: pathlib.Path) -> None:
    path.mkdir()
    os.mkfifo(path / "config.json")


def write_hole(path: pathlib.Path) -> None:
    """A config of 8 GB that takes no room."""
    path.write_bytes(b"{")
    os.truncate(path, 2**33)


def write_bad_weights(path: pathlib.Path) -> None:
    _write_folder(path, {"config.json": CONFIG, "model.weights.h5": b"no weights"})


HOSTILE = {
    "missing.keras": (write_nothing, "SA001"),
    "null\0.keras": (write_nothing, "SA001"),
    "pipe.h5": (write_pipe, "SA001"),
    "broken_link.keras": (write_broken_link, "SA001"),
    "link_to_itself.keras": (write_link_to_itself, "SA001"),
    "config_is_a_folder": (write_folder_in_place_of_config, "SA001"),
    "config_is_a_pipe": (write_pipe_in_place_of_config, "SA001"),
    "empty.keras": (text(b""), "SA002"),
    "text.keras": (text(b"<html>404</html>"), "SA002"),
    "pointer.keras": (text(LFS), "SA008"),
    "empty.json": (text(b""), "SA004"),
    "hole.json": (write_hole, "SA005"),
    "empty.h5": (text(b""), "SA006"),
    "text.h5": (text(b"<html>404</html>"), "SA006"),
    "pointer.h5": (text(LFS), "SA008"),
    "pointer.weights.h5": (text(LFS), "SA008"),
    "bad_weights": (write_bad_weights, "SA006"),
    "empty": (folder(), "SA008"),
    "saved_model": (folder(**{"saved_model.pb": b"\x08\x01", "keras_metadata.pb": b"\x0a"}), "SA008"),
    "pickle.pkl": (text(pickle.dumps({"class_name": "Sequential", "config": {}})), "SA008"),
    "picture.png": (text(b"\x89PNG\r\n\x1a\n"), "SA008"),
    "page.html": (text(b"<html>404</html>"), "SA008"),
    "folder_without_class": (folder(**{"config.json": b"{}"}), "SA009"),
    "folder_key_twice": (folder(**{"config.json": CONFIG, "metadata.json": b'{"a": 1, "a": 2}'}), "SA004"),
}
