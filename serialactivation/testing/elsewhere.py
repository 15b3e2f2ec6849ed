"""Saved models that another process loads: the layer's module is all that it imports."""

import importlib
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import attrs
import keras
import numpy as np
import numpy.typing as npt

from serialactivation import errors
from serialactivation.testing.broken import Broken, NotTried
from serialactivation.testing.cases import ActivationCase
from serialactivation.testing.compare import compare
from serialactivation.testing.numbers import Arrays, compute
from serialactivation.testing.subject import Subject

__all__ = ["Task", "check_new_process", "main"]

_SECONDS: Final = 600
_MAIN: Final = "__main__"
_LOCAL: Final = "<locals>"
_TASK: Final = "task.json"
_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from serialactivation.testing import elsewhere; elsewhere.main(sys.argv[2])"
)


@attrs.frozen(kw_only=True)
class Task:
    """What the other process does.

    Attributes:
        modules: What it imports.
        models: How many saved models it loads.
    """

    modules: Sequence[str]
    models: int


def check_new_process(subject: Subject, cases: Sequence[ActivationCase]) -> None:
    """Save a model with each activation, and load all of them in one new process.

    What this process alone has, since it is defined in ``__main__``, is not tried: a notebook, an interactive session
    and a script define what no other process can import.

    Raises:
        Broken: One does not load there, or computes something else.
        NotTried: There is nothing that another process could load.
    """
    cases, left = _choose(subject, cases)
    _try(subject, cases)
    if left:
        raise NotTried(f"with {', '.join(left)}: defined in __main__, which no other process can import")


def _choose(subject: Subject, cases: Sequence[ActivationCase]) -> tuple[Sequence[ActivationCase], Sequence[str]]:
    """Return the cases that another process can load, and the names of the others.

    Raises:
        NotTried: The layer itself is one that it cannot.
    """
    layer = type(subject.factory())
    if layer.__module__ == _MAIN and _LOCAL not in layer.__qualname__:
        raise NotTried(f"{layer.__qualname__} is defined in __main__, which no other process can import")
    here = [case for case in cases if _find_definer(case.make()).__module__ == _MAIN]
    return [case for case in cases if case not in here], [case.name for case in here]


def _try(subject: Subject, cases: Sequence[ActivationCase]) -> None:
    inputs = subject.make_inputs()
    task = Task(modules=_find_modules(subject, cases), models=len(cases))
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        _write_arrays(place / "inputs.npz", [np.asarray(one) for one in keras.tree.flatten(inputs)])
        for index, case in enumerate(cases):
            model = subject.make_settled(case.make())
            _write_arrays(place / f"{index}.npz", compute(model, inputs))
            model.save(place / f"{index}.keras")
        (place / _TASK).write_text(json.dumps(attrs.asdict(task)))
        outcomes = _run(place)
    broken = [f"with {case.name}: {told}" for case, told in zip(cases, outcomes, strict=True) if told is not None]
    if broken:
        raise Broken("; ".join(broken))


def _find_modules(subject: Subject, cases: Iterable[ActivationCase]) -> list[str]:
    """Return the modules that define the layer and its activations.

    Raises:
        Broken: No other process can import them.
    """
    layer = type(subject.factory())
    if _LOCAL in layer.__qualname__:
        raise Broken(f"{layer.__qualname__} is defined within a function, where no other process finds it")
    definers = [layer, *(_find_definer(case.make()) for case in cases)]
    return sorted({definer.__module__ for definer in definers if _is_found(definer.__module__)})


def _find_definer(activation: object) -> type:
    inner = getattr(activation, "func", activation)
    return cast("type", inner if hasattr(inner, "__qualname__") else type(inner))


def _is_found(module: str | None) -> bool:
    return module not in (None, _MAIN) and importlib.util.find_spec(str(module)) is not None


def _write_arrays(path: pathlib.Path, arrays: Arrays) -> None:
    np.savez(path, *map(_make_plain, arrays))


def _make_plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array of a dtype that NumPy keeps in a file: bfloat16 is none."""
    return array.astype("float64") if array.dtype.kind == "V" else array


def _read_arrays(path: pathlib.Path) -> Arrays:
    with np.load(path) as file:
        return [file[f"arr_{index}"] for index in range(len(file.files))]


def _run(folder: pathlib.Path) -> Sequence[str | None]:
    command = [sys.executable, "-c", _CODE, json.dumps(sys.path), str(folder)]
    environment = {**os.environ, "KERAS_BACKEND": keras.config.backend()}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Broken(f"the other process had not ended after {_SECONDS} seconds") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Broken(f"the other process ended with status {done.returncode}: {last}")
    outcomes: list[str | None] = json.loads(done.stdout.splitlines()[-1])
    return outcomes


def main(folder: str) -> None:
    """Load what :func:`check_new_process` has saved, and print what becomes of each, as JSON.

    Args:
        folder: Where it is.
    """
    import serialactivation  # noqa: F401  # a user's process imports it, too, if only through the layer's module

    place = pathlib.Path(folder)
    task = Task(**json.loads((place / _TASK).read_text()))
    for module in task.modules:
        importlib.import_module(module)
    print(json.dumps([_load(place, index) for index in range(task.models)]))


def _load(folder: pathlib.Path, index: int) -> str | None:
    """Return what is wrong with a model here, or None."""
    flat = _read_arrays(folder / "inputs.npz")
    try:
        model = keras.models.load_model(folder / f"{index}.keras")
        inputs = keras.tree.pack_sequence_as(model.input, flat)
        compare(compute(model, inputs), _read_arrays(folder / f"{index}.npz"))
    except Broken as error:
        return str(error)
    except (errors.ActivationError, *errors.READ_ERRORS) as error:
        return f"{type(error).__name__}: {error}"
    return None
