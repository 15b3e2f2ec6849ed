"""The configs in a saved model's file, changed in place. Keras-free.

A ``.keras`` file is a zip archive with the model's config in ``config.json``; an ``.h5`` file has it in an attribute,
and beside it, in another, how the model was compiled.
"""

import json
import pathlib
import shutil
import zipfile
from collections.abc import Callable
from typing import Final

import h5py

from serialactivation.typing import JSON

__all__ = ["rewrite_configs"]

_CONFIG: Final = "config.json"
_ATTRIBUTES: Final = ("model_config", "training_config")

Change = Callable[[JSON], JSON]


def rewrite_configs(path: pathlib.Path, change: Change) -> None:
    """Replace each config in a ``.keras`` or ``.h5`` file by what *change* makes of it.

    Args:
        path: The file. A failed ``change`` leaves it as it was.
        change: What makes a config of a config.
    """
    if path.suffix == ".keras":
        _rewrite_archive(path, change)
    else:
        _rewrite_attributes(path, change)


def _rewrite_archive(path: pathlib.Path, change: Change) -> None:
    beside = path.with_name(f".{path.name}")
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(beside, "w") as new:
            for member in old.infolist():
                with old.open(member) as source, new.open(member, "w", force_zip64=True) as written:
                    if member.filename == _CONFIG:
                        written.write(json.dumps(change(json.load(source))).encode())
                    else:
                        shutil.copyfileobj(source, written)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _rewrite_attributes(path: pathlib.Path, change: Change) -> None:
    with h5py.File(path, "r+") as file:
        stored = {name: json.loads(file.attrs[name]) for name in _ATTRIBUTES if name in file.attrs}
        for name, config in {name: change(config) for name, config in stored.items()}.items():
            file.attrs[name] = json.dumps(config).encode()
