"""The check that another process, which imports only the layer's module, loads saved models."""

import importlib
import json
import pathlib
import tempfile
from collections.abc import Iterable, Sequence
from typing import Final, cast

import attrs
import keras
import numpy as np

from serialactivation import errors
from serialactivation.keras_api.other_process import (
    MAIN,
    ProcessError,
    find_modules,
    read_arrays,
    run_function,
    write_arrays,
)
from serialactivation.testing.cases import ActivationCase
from serialactivation.testing.check_errors import Broken, NotTried
from serialactivation.testing.compare import compare
from serialactivation.testing.numbers import compute
from serialactivation.testing.subject import Subject

__all__ = ["Task", "check_new_process", "main"]

_LOCAL: Final = "<locals>"
_TASK: Final = "task.json"


@attrs.frozen(kw_only=True)
class Task:
    """The task of the other process.

    Attributes:
        modules: The modules that it imports.
        models: The number of saved models that it loads.
    """

    modules: Sequence[str]
    models: int


def check_new_process(subject: Subject, cases: Sequence[ActivationCase]) -> None:
    """Save a model with each activation, and load all of them in one new process.

    Objects defined in ``__main__``, as in a notebook, an interactive session or a script, are not tried, because no
    other process can import them.

    Raises:
        Broken: A model does not load there, or computes something else.
        NotTried: The layer, or some activations, cannot be imported by another process.
    """
    cases, untried = _choose(subject, cases)
    _try(subject, cases)
    if untried:
        raise NotTried(f"with {', '.join(untried)}: defined in __main__, which no other process can import")


def _choose(subject: Subject, cases: Sequence[ActivationCase]) -> tuple[Sequence[ActivationCase], Sequence[str]]:
    """Return the cases that another process can load, and the names of the others.

    Raises:
        NotTried: Another process cannot import the layer itself.
    """
    layer = type(subject.factory())
    if layer.__module__ == MAIN and _LOCAL not in layer.__qualname__:
        raise NotTried(f"{layer.__qualname__} is defined in __main__, which no other process can import")
    here = [case for case in cases if _find_definer(case.make()).__module__ == MAIN]
    return [case for case in cases if case not in here], [case.name for case in here]


def _try(subject: Subject, cases: Sequence[ActivationCase]) -> None:
    inputs = subject.make_inputs()
    task = Task(modules=_find_modules(subject, cases), models=len(cases))
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        write_arrays(place / "inputs.npz", [np.asarray(one) for one in keras.tree.flatten(inputs)])
        for index, case in enumerate(cases):
            model = subject.make_called(case.make())
            write_arrays(place / f"{index}.npz", compute(model, inputs))
            model.save(place / f"{index}.keras")
        (place / _TASK).write_text(json.dumps(attrs.asdict(task)))
        outcomes = _run(place)
    broken = [f"with {case.name}: {fault}" for case, fault in zip(cases, outcomes, strict=True) if fault is not None]
    if broken:
        raise Broken("; ".join(broken))


def _find_modules(subject: Subject, cases: Iterable[ActivationCase]) -> list[str]:
    """Return the modules that define the layer and its activations.

    Raises:
        Broken: Another process cannot import the layer.
    """
    layer = type(subject.factory())
    if _LOCAL in layer.__qualname__:
        raise Broken(f"{layer.__qualname__} is defined within a function, where no other process can find it")
    definers = [layer, *(_find_definer(case.make()) for case in cases)]
    return find_modules(definers)


def _find_definer(activation: object) -> type:
    inner = getattr(activation, "func", activation)
    return cast("type", inner if hasattr(inner, "__qualname__") else type(inner))


def _run(folder: pathlib.Path) -> Sequence[str | None]:
    try:
        outcomes: list[str | None] = run_function(__name__, main.__name__, folder)
    except ProcessError as error:
        raise Broken(str(error)) from error
    return outcomes


def main(folder: str) -> None:
    """Load the models that :func:`check_new_process` has saved, and print the result of each as JSON.

    Args:
        folder: The folder with the models.
    """
    import serialactivation  # noqa: F401  # a user's process imports it, too, at least through the layer's module

    place = pathlib.Path(folder)
    task = Task(**json.loads((place / _TASK).read_text()))
    for module in task.modules:
        importlib.import_module(module)
    print(json.dumps([_load(place, index) for index in range(task.models)]))


def _load(folder: pathlib.Path, index: int) -> str | None:
    """Return what is wrong with a model in this process, or None."""
    flat = read_arrays(folder / "inputs.npz")
    try:
        model = keras.models.load_model(folder / f"{index}.keras")
        inputs = keras.tree.pack_sequence_as(model.input, flat)
        compare(compute(model, inputs), read_arrays(folder / f"{index}.npz"))
    except Broken as error:
        return str(error)
    except (errors.ActivationError, *errors.READ_ERRORS) as error:
        return f"{type(error).__name__}: {error}"
    return None
