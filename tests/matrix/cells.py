"""One cell of the matrix: a model is made, its weights are set at random, and it goes there and back.

The two halves run in two processes: :func:`leave` writes the files, :func:`come_back` reads them. What must come back
is computed from the function that the caller passed, not from what the layer made of it.
"""

import functools
import json
import pathlib
from collections.abc import Callable

import keras
import numpy as np

from serialactivation.testing.numbers import randomize as randomize
from tests.matrix.layers import Case, holders
from tests.matrix.values import Value

WAYS = ("config", "json", "keras", "h5", "clone", "weights")
TOLERANCE = 1e-6
BATCH = 3  # of all inputs: for another, JAX would compile anew
FAILURES = (TypeError, ValueError, NotImplementedError, AttributeError, RuntimeError, OSError)

Outcomes = dict[str, str]


def make_model(case: Case, library: str, activation: object) -> keras.Model:
    inputs = keras.Input(case.shape)
    return keras.Model(inputs, case.make(library, activation)(inputs))


@functools.cache
def _make_linear(case: Case) -> keras.Model:
    """Return a model of the stock layer; its activation is whatever the last caller has put there."""
    return make_model(case, "stock", "linear")


@functools.cache
def output_shape(case: Case) -> tuple[int | None, ...]:
    """Return the shape that the case's activation is called with, by a real call."""
    if case.called_with is not None:
        return case.called_with
    return (None, *_make_linear(case)(np.zeros((BATCH, *case.shape), "float32")).shape[1:])


def expected_output(case: Case, model: keras.Model, value: Value, activation: object, inputs: np.ndarray) -> np.ndarray:
    """Return what the model must compute: stock Keras's layer, with the passed function put where it calls its own."""
    linear = _make_linear(case)
    pairs = list(zip(holders(model.layers[-1]), holders(linear.layers[-1]), strict=True))
    activations = [_copy(value, case, ours.activation) if case.copies else activation for ours, _ in pairs]
    variables = {id(v) for ours, _ in pairs for v in getattr(ours.activation, "variables", ())}
    linear.set_weights([keras.ops.convert_to_numpy(v) for v in model.layers[-1].weights if id(v) not in variables])
    for (_, stock), passed in zip(pairs, activations, strict=True):
        object.__setattr__(stock, "activation", _callable(passed))  # past Keras, which would store and track it
    return keras.ops.convert_to_numpy(linear(inputs))


def _copy(value: Value, case: Case, running: object) -> object:
    """Return the value made once more, with the weights of the copy that is *running* in the layer."""
    shape = output_shape(case)
    activation = value.make(shape)
    layer = getattr(activation, "func", activation)
    if isinstance(layer, keras.Layer):
        layer(np.zeros((BATCH, *shape[1:]), "float32"))
        layer.set_weights(running.get_weights())
    return activation


def _callable(activation: object) -> Callable[[object], object]:
    if isinstance(activation, str) and ">" in activation:
        return keras.saving.get_registered_object(activation)
    if isinstance(activation, dict):
        return keras.activations.get(activation["class_name"])
    return keras.activations.get(activation)


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def compare(output: object, expected: np.ndarray) -> str:
    output = keras.ops.convert_to_numpy(output)
    if output.shape != expected.shape:
        return f"different: shape {output.shape}, not {expected.shape}"
    if np.allclose(output, expected, rtol=TOLERANCE, atol=TOLERANCE):
        return "equal"
    return f"different: by {np.abs(output - expected).max():.1e}"


def leave(case: Case, library: str, value: Value, folder: pathlib.Path, refusal: type[Exception]) -> Outcomes:
    """Make the cell's model and write it to *folder* in every way; return what is decided already."""
    try:
        activation = value.make(output_shape(case))
        model = make_model(case, library, activation)
        model(np.zeros((BATCH, *case.shape), "float32"))
    except refusal as error:
        return dict.fromkeys(WAYS, f"refused: {describe(error)}")
    except FAILURES as error:
        return dict.fromkeys(WAYS, f"failed to be made: {describe(error)}")
    generator = np.random.default_rng(7)
    inputs = generator.normal(size=(BATCH, *case.shape)).astype("float32") * 2
    randomize(model, generator)
    folder.mkdir(parents=True)
    expected = expected_output(case, model, value, activation, inputs)
    np.savez(folder / "data.npz", inputs=inputs, expected=expected)
    np.savez(folder / "weights.npz", *(keras.ops.convert_to_numpy(v) for v in model.weights))
    outcomes = {}
    here = compare(model(inputs), expected)
    if here != "equal":
        return dict.fromkeys(WAYS, f"{here}, before any save")
    for way, write in _WRITERS.items():
        try:
            write(model, folder)
        except FAILURES as error:
            outcomes[way] = f"failed to be saved: {describe(error)}"
    if "clone" not in outcomes:
        outcomes["clone"] = _clone(model, inputs, expected)
    return outcomes


def _write_config(model: keras.Model, folder: pathlib.Path) -> None:
    (folder / "config.json").write_text(json.dumps(model.layers[-1].get_config()))


_WRITERS = {
    "config": _write_config,
    "json": lambda model, folder: (folder / "model.json").write_text(model.to_json()),
    "keras": lambda model, folder: model.save(folder / "model.keras"),
    "h5": lambda model, folder: model.save(folder / "model.h5"),
    "weights": lambda model, folder: model.save_weights(folder / "model.weights.h5"),
}


def _clone(model: keras.Model, inputs: np.ndarray, expected: np.ndarray) -> str:
    try:
        clone = keras.models.clone_model(model)
        clone.set_weights(model.get_weights())
        return compare(clone(inputs), expected)
    except FAILURES as error:
        return f"failed to come back: {describe(error)}"


def come_back(case: Case, library: str, value: Value, folder: pathlib.Path, decided: Outcomes) -> Outcomes:
    """Read what :func:`leave` wrote, in another process; return all outcomes."""
    outcomes = dict(decided)
    for way in WAYS:
        if way not in outcomes:
            outcomes[way] = _come_back_one(way, case, library, value, folder)
    return {way: outcomes[way] for way in WAYS}


def _come_back_one(way: str, case: Case, library: str, value: Value, folder: pathlib.Path) -> str:
    data = np.load(folder / "data.npz")
    try:
        model = _READERS[way](case, library, value, folder)
        return compare(model(data["inputs"]), data["expected"])
    except FAILURES as error:
        return f"failed to come back: {describe(error)}"


def _with_weights(model: keras.Model, folder: pathlib.Path) -> keras.Model:
    weights = np.load(folder / "weights.npz")
    model.set_weights([weights[f"arr_{index}"] for index in range(len(weights.files))])
    return model


def _read_config(case: Case, library: str, value: Value, folder: pathlib.Path) -> keras.Model:
    config = json.loads((folder / "config.json").read_text())
    layer = type(case.make(library, "linear")).from_config(config)
    inputs = keras.Input(case.shape)
    return _with_weights(keras.Model(inputs, layer(inputs)), folder)


def _read_weights(case: Case, library: str, value: Value, folder: pathlib.Path) -> keras.Model:
    model = make_model(case, library, value.make(output_shape(case)))
    model.load_weights(folder / "model.weights.h5")
    return model


_READERS = {
    "config": _read_config,
    "json": lambda case, library, value, folder: _with_weights(
        keras.models.model_from_json((folder / "model.json").read_text()), folder
    ),
    "keras": lambda case, library, value, folder: keras.models.load_model(folder / "model.keras"),
    "h5": lambda case, library, value, folder: keras.models.load_model(folder / "model.h5"),
    "weights": _read_weights,
}


def folder_name(value: Value) -> str:
    return "".join(character if character.isalnum() else "_" for character in value.id)
