"""One part alone: saved in the first process, loaded in the second, with the error if there is one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import keras
import numpy as np

from serialactivation.demo.facts import Array, Failure, Result, Results
from serialactivation.demo.parts import OURS, PARTS, STOCK, Kit, Part, name_trial

__all__ = ["load_parts", "save_parts"]

_INPUT_SHAPE: Final = (8, 8, 16)  # the input of a part in the network

# What Keras raises for a model that it cannot make, save, load or run.
_REFUSALS: Final = (TypeError, ValueError, NotImplementedError, RuntimeError, AttributeError)


def save_parts(directory: Path) -> Results:
    """Build each part alone with either kit, set its weights at random, compute its outputs and save it.

    Args:
        directory: The folder for the files.

    Returns:
        By name, the outputs, or why it could not be saved.
    """
    inputs = _make_inputs()
    return {name: _save(part, kit, directory / f"{name}.keras", inputs) for name, part, kit in _trials()}


def load_parts(directory: Path, saved: Results) -> Results:
    """Load each part that could be saved and compute its outputs again.

    Args:
        directory: The folder with the files.
        saved: The result of :func:`save_parts`.

    Returns:
        By name, the outputs, or why it could not be loaded; the parts that could not be saved are left out.
    """
    inputs = _make_inputs()
    names = [name for name, _, _ in _trials() if not isinstance(saved[name], Failure)]
    return {name: _load(directory / f"{name}.keras", inputs) for name in names}


def _trials() -> Iterator[tuple[str, Part, Kit]]:
    for part in PARTS:
        for kit in (OURS, STOCK):
            yield name_trial(kit, part), part, kit


def _save(part: Part, kit: Kit, path: Path, inputs: Array) -> Result:
    step = "built"
    try:
        model = _build(part, kit)
        outputs = _compute(model, inputs)  # the first call, in which stock Keras makes an activation's weights
        _randomize(model)
        outputs = _compute(model, inputs)
        step = "saved"
        model.save(path)
    except _REFUSALS as error:
        path.unlink(missing_ok=True)  # Keras leaves an empty file behind
        return _fail(step, error)
    return outputs


def _load(path: Path, inputs: Array) -> Result:
    step = "loaded"
    try:
        model = keras.models.load_model(path)
        step = "run"
        return _compute(model, inputs)
    except _REFUSALS as error:
        return _fail(step, error)


def _build(part: Part, kit: Kit) -> keras.Model:
    inputs = outputs = keras.Input(_INPUT_SHAPE)
    for layer in part.make(kit):
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def _compute(model: keras.Model, inputs: Array) -> Array:
    return cast("Array", keras.ops.convert_to_numpy(model(inputs)))


def _make_inputs() -> Array:
    """Return the same inputs each time, in either process."""
    return np.random.default_rng(1).normal(size=(64, *_INPUT_SHAPE)).astype(np.float32)


def _randomize(model: keras.Model) -> None:
    generator = np.random.default_rng(0)
    model.set_weights([generator.normal(size=weight.shape).astype(np.float32) for weight in model.weights])


def _fail(step: str, error: Exception) -> Failure:
    return Failure(f"cannot be {step}: {type(error).__name__}: {' '.join(str(error).split())}")
