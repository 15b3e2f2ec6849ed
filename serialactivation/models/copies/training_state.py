"""Copies the compile arguments of a model, and the state of its optimizer, to the model made from it."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras

from serialactivation import errors
from serialactivation.keras_api.internals import compile_arguments, is_compiled, trained_variables

__all__ = ["copy_compile_state", "keeping_optimizer", "restore_optimizer"]


def restore_optimizer(model: keras.Model) -> None:
    """Put the optimizer of *model* back into its compile config, from which Keras removes it when it writes ``.h5``.

    A model compiled from a config without an optimizer has RMSprop.
    """
    arguments = compile_arguments(model) if is_compiled(model) else None
    if arguments is not None and model.optimizer is not None:
        arguments.setdefault("optimizer", model.optimizer)


@contextlib.contextmanager
def keeping_optimizer(model: keras.Model) -> Iterator[None]:
    """Restore the optimizer in the compile config of *model*, from which Keras may remove it within it."""
    restore_optimizer(model)
    try:
        yield
    finally:
        restore_optimizer(model)


def copy_compile_state(old: keras.Model, new: keras.Model, successors: Mapping[int, keras.Variable]) -> None:
    """Compile *new* as *old* is compiled, and give its optimizer the state of the old optimizer.

    Args:
        old: The model that *new* was made from.
        new: The model.
        successors: The variables of *new*, by the ids of the variables of *old*.

    Raises:
        CompileStateError: A metric, or the optimizer, cannot be recreated from its config.
    """
    if not old.compiled:
        return
    given = {name: _copy(name, value) for name, value in compile_arguments(old).items()}
    given |= {
        "optimizer": _copy("optimizer", old.optimizer),
        "run_eagerly": old.run_eagerly,
        "jit_compile": old.jit_compile,
        "steps_per_execution": old.steps_per_execution,
    }
    new.compile(**given, auto_scale_loss=False)  # the old optimizer scales the loss, if any does
    if old.optimizer is not None and new.built:
        new.optimizer.build(new.trainable_variables)
        if old.optimizer.built:
            _copy_state(old.optimizer, new.optimizer, successors)


def _copy(part: str, value: Any) -> Any:
    """Return *value* with new metrics and optimizers, which hold state. Losses and functions hold none."""
    if isinstance(value, Mapping):
        return {key: _copy(part, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copy(part, item) for item in value]
    if not isinstance(value, keras.metrics.Metric | keras.optimizers.Optimizer):
        return value
    try:
        return type(value).from_config(value.get_config())
    except errors.READ_ERRORS as error:
        raise errors.CompileStateError(part, value, f"{type(error).__name__}: {error}".splitlines()[0]) from error


def _copy_state(source: keras.Optimizer, target: keras.Optimizer, successors: Mapping[int, keras.Variable]) -> None:
    """Give *target* the state of *source*: the state of each variable goes to its successor.

    The order of the state differs from optimizer to optimizer. It is found from two optimizers of the same class, which
    are built for small variables with known names. State of a variable that only one of the optimizers trains is not
    copied; there is such state if flags have changed since.
    """
    trained = _trained_by(target)
    places = {id(variable): place for place, variable in enumerate(trained)}
    moved = [places.get(id(successors.get(id(variable)))) for variable in _trained_by(source)]
    targets = dict(zip(_name_state(target, trained, range(len(trained))), target.variables, strict=True))
    for name, before in zip(_name_state(source, _trained_by(source), moved), source.variables, strict=True):
        after = targets.get(name)
        if after is not None and tuple(after.shape) == tuple(before.shape):
            after.assign(keras.ops.copy(before.value))


def _trained_by(optimizer: keras.Optimizer) -> Sequence[keras.Variable]:
    inner: keras.Optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside one that scales the loss
    return trained_variables(inner)


def _name_state(
    optimizer: keras.Optimizer, trained: Sequence[keras.Variable], places: Sequence[int | None]
) -> list[str]:
    """Return names for the state of an optimizer of the same class that trains *trained*, from their *places*."""
    probe = _copy("optimizer", optimizer)
    small = [
        keras.Variable(
            "zeros", shape=(1,) * len(variable.shape), name=f"left_{index}" if place is None else f"place_{place}"
        )
        for index, (place, variable) in enumerate(zip(places, trained, strict=True))
    ]
    probe.build(small)
    paths = [variable.path for variable in probe.variables]
    # State that belongs to no variable has one order in both optimizers, but Keras may number its names.
    names = [path if "place_" in path or "left_" in path else "own" for path in paths]
    # Some optimizers, such as Adafactor, have several variables of one path.
    return [f"{name}_{names[:index].count(name)}" for index, name in enumerate(names)]
