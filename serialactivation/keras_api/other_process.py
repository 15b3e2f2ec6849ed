"""Runs code in another process, which knows what its modules register, and passes arrays between the two."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

__all__ = ["MAIN", "ProcessError", "find_modules", "read_arrays", "run_function", "write_arrays"]

MAIN: Final = "__main__"
"""The module of a notebook, an interactive session or a script, which no other process can import."""

_SECONDS: Final = 600
_CODE: Final = (
    "import importlib, json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "getattr(importlib.import_module(sys.argv[2]), sys.argv[3])(sys.argv[4])"
)


class ProcessError(Exception):
    """The other process failed; the text says how, as a clause."""


def find_modules(definitions: Iterable[object]) -> list[str]:
    """Return the modules of classes and functions that another process can import."""
    modules = {str(getattr(one, "__module__", None)) for one in definitions}
    return sorted(one for one in modules if one != MAIN and importlib.util.find_spec(one) is not None)


def run_function(module: str, function: str, folder: pathlib.Path) -> Any:
    """Run a *function* of a *module* with a folder in another process, and return what it prints last, as JSON.

    Raises:
        ProcessError: The process did not end, or failed.
    """
    command = [sys.executable, "-c", _CODE, json.dumps(sys.path), module, function, str(folder)]
    environment = {**os.environ, "KERAS_BACKEND": keras.config.backend()}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ProcessError(f"the other process did not end within {_SECONDS} seconds") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ProcessError(f"the other process ended with status {done.returncode}: {last}")
    return json.loads(done.stdout.splitlines()[-1])


def write_arrays(path: pathlib.Path, arrays: Sequence[npt.NDArray[Any]]) -> None:
    """Write *arrays* to a file."""
    np.savez(path, *map(_make_plain, arrays))


def _make_plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return *array* in a dtype that NumPy can store, which bfloat16 is not."""
    return array.astype("float64") if array.dtype.kind == "V" else array


def read_arrays(path: pathlib.Path) -> list[npt.NDArray[Any]]:
    """Return the arrays in a file that :func:`write_arrays` has written."""
    with np.load(path) as file:
        return [file[f"arr_{index}"] for index in range(len(file.files))]
