"""The journey to another process, which imports only the modules that define what the model is made of."""

import importlib
import json
import pathlib
import pickle
from typing import Any, Final

import keras

from serialactivation.keras_api.other_process import MAIN, find_modules, read_arrays, run_function, write_arrays
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.fields import activation_fields
from serialactivation.model_check.journey.compare import Arrays, to_arrays
from serialactivation.model_check.journey.subject import FAILURES, Subject, describe_error, make_equal, weights_of
from serialactivation.model_check.journey.ways import WAYS
from serialactivation.spec.nested import flatten

__all__ = ["READ_ELSEWHERE", "cure_elsewhere", "load", "load_elsewhere"]

READ_ELSEWHERE: Final = frozenset({"keras", "h5", "json", "pickle"})
"""The ways that lead to another process: a clone is made in this one, and weights are read by the model's own code."""

_TASK: Final = "task.json"
_INPUTS: Final = "inputs.pickle"
_WEIGHTS: Final = "weights.npz"
_OUTPUTS: Final = "outputs.npz"


def load_elsewhere(subject: Subject, way: str, folder: pathlib.Path) -> tuple[Arrays | None, str]:
    """Return what a model computes that another process reads from *folder*, or why it does not.

    Raises:
        ProcessError: The other process failed.
    """
    weights = {id(variable): value for variable, value in subject.values}
    values = [weights.get(id(one), one.value) for one in weights_of(subject.model)]
    write_arrays(folder / _WEIGHTS, to_arrays(values) if values else [])
    (folder / _INPUTS).write_bytes(pickle.dumps(_to_plain(subject)))
    (folder / _TASK).write_text(json.dumps({"way": way, "modules": find_modules(_find_definitions(subject.model))}))
    failure: str = run_function(__name__, load.__name__, folder)
    has_run = not failure and subject.inputs is not None
    return (read_arrays(folder / _OUTPUTS) if has_run else None), failure


def cure_elsewhere(model: keras.Model) -> str:
    """Return what to write so that another process has all that *model* is made of."""
    own = [one for one in _find_definitions(model) if str(one.__module__).partition(".")[0] != "keras"]
    here = sorted({one.__qualname__ for one in own if one.__module__ == MAIN})
    if here:
        return f"import my_module  # a new module, into which you move {', '.join(here)}"
    return f"import {', '.join(find_modules(own))}  # before the model is loaded"


def _find_definitions(model: keras.Model) -> list[Any]:
    """Return the classes and functions that a model is made of."""
    layers = sublayers(model)
    held = [getattr(layer, field.name, None) for layer in layers for field in activation_fields(layer)]
    inner = [getattr(one, "func", one) for value in held for one in flatten(value)]
    return [*map(type, layers), *(one if hasattr(one, "__qualname__") else type(one) for one in inner)]


def _to_plain(subject: Subject) -> Any:
    """Return the arguments of the call as arrays, or None."""
    if subject.inputs is None:
        return None
    given = subject.inputs.args, dict(subject.inputs.kwargs)
    return keras.tree.map_structure(lambda one: to_arrays(one)[0], given)


def load(folder: str) -> None:
    """Read the model in *folder*, write what it computes, and print why that fails, or nothing, as JSON.

    Args:
        folder: The folder that :func:`load_elsewhere` has written.
    """
    import serialactivation  # noqa: F401  # a user's process imports it, too

    place = pathlib.Path(folder)
    task = json.loads((place / _TASK).read_text())
    for module in task["modules"]:
        importlib.import_module(module)
    print(json.dumps(_try(place, task["way"])))


def _try(place: pathlib.Path, way: str) -> str:
    given = pickle.loads((place / _INPUTS).read_bytes())
    try:
        model = WAYS[way].read(keras.Model(), place)
        if given is not None:
            write_arrays(place / _OUTPUTS, _compute(model, given, None if WAYS[way].keeps_weights else place))
    except FAILURES as error:
        return describe_error(error)
    return ""


def _compute(model: keras.Model, given: Any, weights: pathlib.Path | None) -> Arrays:
    args, kwargs = given
    if weights is not None:
        model(*args, **kwargs)  # builds it
        for variable, value in zip(weights_of(model), read_arrays(weights / _WEIGHTS), strict=True):
            variable.assign(value)
    make_equal(model)
    return to_arrays(model(*args, **kwargs))
