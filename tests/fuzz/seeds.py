"""What fuzzing starts from: the corpus, the archived files of every Keras, and the configs of the tests' tables."""

import base64
import functools
import json
import pathlib
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

from serialactivation.files.layout import CONFIG
from tests import corpus
from tests.archives import DATA
from tests.helpers.configs import dense_model
from tests.helpers.findings import CASES, OBJECTS, RULES
from tests.helpers.lambdas import LAMBDAS

__all__ = ["write_seeds"]

_LONGEST = 100_000


def write_seeds(folder: pathlib.Path) -> None:
    """Write the inputs of each target to a folder of its own."""
    found = {"config": _configs(), "archive": _files(".keras"), "code": _codes(), "hdf5": _files(".h5")}
    for target, seeds in found.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(dict.fromkeys(seeds)):
            (folder / target / f"{number:04}").write_bytes(data)


def _configs() -> Iterator[bytes]:
    tables: list[Any] = [config for config, *_ in CASES.values()]
    tables += [dense_model(stored) for stored, *_ in RULES.values()]
    tables += [dense_model([stored]) for stored, _ in OBJECTS.values()]
    tables += [{"class_name": "Sequential", "config": {"layers": [stored]}} for stored, _ in OBJECTS.values()]
    yield from (json.dumps(config).encode() for config in tables)
    for data in _files(".keras"):
        yield from _read_config(data)
    yield from _files(".json")


def _codes() -> Iterator[bytes]:
    """Yield the marshaled code of lambdas, from several Pythons."""
    yield from (base64.b64decode(code) for codes in LAMBDAS.values() for code in codes)


def _read_config(data: bytes) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        try:
            with zipfile.ZipFile(file) as archive:
                text = archive.read(CONFIG)
        except Exception:  # whatever is wrong with it
            return
    if len(text) < _LONGEST:
        yield text


@functools.cache
def _files(suffix: str) -> tuple[bytes, ...]:
    """Return the bytes of the files that are not long."""
    return (*_corpus(suffix), *_archived(suffix))


def _corpus(suffix: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        for name in corpus.CORPUS:
            path = pathlib.Path(folder, name) if "\0" not in name else None
            if path is not None and path.suffix == suffix:
                corpus.write(name, path.parent)
                if path.is_file() and path.stat().st_size < _LONGEST:
                    yield path.read_bytes()


def _archived(suffix: str) -> Iterator[bytes]:
    for models in sorted(DATA.glob("*/models.zip")):
        with zipfile.ZipFile(models) as archive:
            yield from (archive.read(name) for name in archive.namelist() if name.endswith(suffix))
    for path in sorted(DATA.glob(f"*/*{suffix}")):
        if path.stat().st_size < _LONGEST:
            yield path.read_bytes()
