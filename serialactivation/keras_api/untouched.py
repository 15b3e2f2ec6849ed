"""Lets a model compute, and be saved, with other values than its own, while nothing in it changes."""

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend.common import global_state

from serialactivation.keras_api.scopes import knowing_attributes
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.keras_api.temporary_attributes import run_with_each

__all__ = ["Values", "call_untouched", "keeping_global_state", "seed_states", "with_values"]

Values = list[tuple[keras.Variable, object]]
"""Variables, each with a tensor: the value that it has instead of its own."""

_NAMES: Final = "object_name_uids"
_SEEDS: Final = "global_seed_generator"
_SAVED_KINDS: Final = ("Layer", "Metric", "Optimizer")
_CALLED: Final = "_called"


@contextlib.contextmanager
def with_values(values: Values) -> Iterator[None]:
    """Within it, variables have other *values*, and an assignment to any variable ends with it."""
    # To know the attributes, Keras makes an optimizer, whose variables the scope would not let it make.
    with knowing_attributes(*_SAVED_KINDS), keras.StatelessScope(state_mapping=values, initialize_variables=False):
        yield


def seed_states(model: keras.Model) -> list[keras.Variable]:
    """Return the states of the random generators of *model* and of the layers in it."""
    states = {id(one.state): one.state for layer in sublayers(model) for one in layer._seed_generators}
    return list(states.values())


def call_untouched(model: keras.Model, values: Values, *args: Any, **kwargs: Any) -> Any:
    """Return the outputs of a built *model* with other *values*; its variables, losses and flags stay as they are."""
    layers = [layer for layer in sublayers(model) if hasattr(layer, _CALLED)]
    flags = [(layer, {_CALLED: getattr(layer, _CALLED)}) for layer in layers]

    def call() -> Any:
        with with_values(values):
            return _Caller(model)(*args, **kwargs)

    return run_with_each(flags, call)


class _Caller(keras.layers.Layer):
    """Calls a model: the outermost layer of a call clears the losses of the layers in it, and this one has none."""

    _function: list[Callable[..., Any]]

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(dtype="float32", autocast=False, name="caller")
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True
        object.__setattr__(self, "_function", [function])  # in a list of which Keras does not know
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        return self._function[0](*args, **kwargs)


@contextlib.contextmanager
def keeping_global_state() -> Iterator[None]:
    """Restore the global random states and the counters of automatic names, which a load changes."""
    drawn, drawn_by_numpy = random.getstate(), np.random.get_state()  # the user's, of this process
    names = dict(global_state.get_global_attribute(_NAMES) or {})
    generator = global_state.get_global_attribute(_SEEDS)
    state = None if generator is None else keras.ops.convert_to_numpy(generator.state)
    try:
        yield
    finally:
        random.setstate(drawn)
        np.random.set_state(drawn_by_numpy)  # as above
        _restore_names(names)
        if generator is None:
            global_state.set_global_attribute(_SEEDS, None)
        else:
            generator.state.assign(state)


def _restore_names(names: dict[str, int]) -> None:
    counters = global_state.get_global_attribute(_NAMES)
    if counters is not None:
        counters.clear()
        counters.update(names)
