"""The model that is checked: other values for its weights, and what it computes with them."""

import re
from typing import Any, Final

import attrs
import keras
import numpy as np
import numpy.typing as npt

from serialactivation import errors
from serialactivation.files.printable import cut
from serialactivation.keras_api.internals import backend_errors, own_variables
from serialactivation.keras_api.sublayers import is_unbuilt, sublayers
from serialactivation.keras_api.untouched import Values, call_untouched, seed_states
from serialactivation.model_check.journey.compare import Arrays, find_difference, has_infinite, to_arrays
from serialactivation.model_check.journey.inputs import Inputs, propose_inputs, take_first
from serialactivation.models.copies.weights import has_other_state

__all__ = ["FAILURES", "Subject", "build", "describe_error", "make_equal", "prepare", "weights_of"]

FAILURES: Final[tuple[type[Exception], ...]] = (errors.ActivationError, *errors.READ_ERRORS, *backend_errors())
"""The exceptions that Keras, its backend or an author's methods may raise in a call, a save or a load."""


_FLOATS: Final = ("float16", "bfloat16", "float32", "float64")
_NOISE: Final = 4099  # a prime number, so that no two rows of a kernel get the same
_OFFSET: Final = 0.2  # of the spread of a weight: away from zero, where an initial value often is

_LONGEST: Final = 160
_COLORS: Final = re.compile(r"\x1b\[[0-9;]*m")
_UNBUILT: Final = "the model, or a layer in it, is not built: pass data= that the model takes"


@attrs.frozen(kw_only=True, eq=False)
class Subject:
    """The model that is checked.

    Attributes:
        model: The model.
        values: Other values for its weights.
        inputs: The arguments of a call, or None if it cannot be called.
        outputs: What it computes on these with the other values.
        how_far: How far it can be checked, in a sentence.
    """

    model: keras.Model
    values: Values
    inputs: Inputs | None
    outputs: Arrays
    how_far: str

    def compute(self) -> Arrays:
        """Return what the model computes with the other values."""
        assert self.inputs is not None
        return _compute(self.model, self.values, self.inputs)

    def is_random(self) -> bool:
        """Return whether two calls differ."""
        return find_difference(self.compute(), self.outputs) is not None


def build(model: keras.Model, data: object) -> None:
    """Build a *model* that is not built, with a call on the first samples of *data*, if there are any."""
    if data is not None and is_unbuilt(model):
        model(take_first(data))


def prepare(model: keras.Model, data: object) -> Subject:
    """Return *model* with other values for its weights, and what it computes with them if it can be called."""
    values = _move_weights(model)
    if is_unbuilt(model):
        return _not_run(model, values, _UNBUILT)
    failure = "it is not known what it takes"
    for inputs in propose_inputs(model, data):
        try:
            outputs = _compute(model, values, inputs)
        except FAILURES as error:
            failure = describe_error(error)
            continue
        return Subject(model=model, values=values, inputs=inputs, outputs=outputs, how_far=_describe(outputs))
    return _not_run(model, values, f"the model cannot be called without data ({failure}): pass data=")


def make_equal(model: keras.Model) -> None:
    """Give the random generators of a model that came back the states that those of a subject have."""
    for state in seed_states(model):
        state.assign(keras.ops.ones_like(state.value))


def describe_error(error: Exception) -> str:
    """Return an error in one line, cut, and without colors."""
    return f"{type(error).__name__}: {cut(' '.join(_COLORS.sub('', str(error)).split()), _LONGEST)}"


def _compute(model: keras.Model, values: Values, inputs: Inputs) -> Arrays:
    given = [*values, *((state, keras.ops.ones_like(state.value)) for state in seed_states(model))]
    return to_arrays(call_untouched(model, given, *inputs.args, **inputs.kwargs))


def _describe(outputs: Arrays) -> str:
    if has_infinite(outputs):
        return "The model was run, but some of its outputs are not finite numbers, which hides differences."
    return "The model was run: its outputs, weights and activations were compared."


def _not_run(model: keras.Model, values: Values, reason: str) -> Subject:
    how_far = f"The model was not run, and only its config, its activations and its weights were compared: {reason}."
    return Subject(model=model, values=values, inputs=None, outputs=[], how_far=how_far)


def _move_weights(model: keras.Model) -> Values:
    """Return other values for the weights of *model*: off the initial ones, of the same signs and about the same size.

    A layer that writes or reads its state itself keeps its values: what it computes with may be made from them when
    they are read.
    """
    noise = np.random.default_rng(7).uniform(0.5, 1.0, _NOISE).astype("float32")
    kept = {id(one) for layer in sublayers(model) if has_other_state(layer) for one in own_variables(layer)}
    moving = [one for one in weights_of(model) if one.dtype in _FLOATS and id(one) not in kept]
    return [(one, _move(one, noise)) for one in moving]


def weights_of(model: keras.Model) -> list[keras.Variable]:
    """Return the variables of *model* without the states of random generators."""
    seeds = set(map(id, seed_states(model)))
    return [variable for variable in model.variables if id(variable) not in seeds]


def _move(variable: keras.Variable, noise: npt.NDArray[Any]) -> object:
    values = keras.ops.convert_to_numpy(variable).astype("float32")
    spread = float(values.std()) or float(np.abs(values).mean()) if values.size else 1.0
    away = np.where(values < 0, -_OFFSET, _OFFSET) * (spread or 1.0)
    moved = (values + away) * np.resize(noise, values.shape)
    return keras.ops.convert_to_tensor(moved.astype("float32"), dtype=variable.dtype)
