"""What a model was compiled with, and the state of its optimizer, copied to a model that was made of it."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras

from serialactivation import errors
from serialactivation.keras_api.internals import compile_arguments, trained_variables

__all__ = ["copy_compile_state", "keeping_optimizer", "restore_optimizer"]


def restore_optimizer(model: keras.Model) -> None:
    """Put the optimizer of *model* back into its compile config, which Keras takes it out of as it writes ``.h5``.

    Without it, whatever is compiled by that config has RMSprop.
    """
    compiled = getattr(model, "_compile_config", None) if getattr(model, "compiled", False) else None
    if compiled is not None and model.optimizer is not None:
        compiled.config.setdefault("optimizer", model.optimizer)


@contextlib.contextmanager
def keeping_optimizer(model: keras.Model) -> Iterator[None]:
    """Within it, Keras may take the optimizer of *model* out of its compile config: it is back before and after."""
    restore_optimizer(model)
    try:
        yield
    finally:
        restore_optimizer(model)


def copy_compile_state(old: keras.Model, new: keras.Model, successors: Mapping[int, keras.Variable]) -> None:
    """Compile *new* as *old* is, and give its optimizer the state of the old one's.

    Args:
        old: The model that *new* was made of.
        new: The model.
        successors: The variables of *new*, by the ids of those of *old*.

    Raises:
        CompileStateError: A metric, or the optimizer, cannot be made again from its config.
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
    new.compile(**given, auto_scale_loss=False)  # the old optimizer is the one that does, if any
    if old.optimizer is not None and new.built:
        new.optimizer.build(new.trainable_variables)
        if old.optimizer.built:
            _copy_state(old.optimizer, new.optimizer, successors)


def _copy(part: str, value: Any) -> Any:
    """Return *value* with a new one for every metric or optimizer: they hold state. Losses and functions do not."""
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
    """Give *target* the state of *source*: what belongs to a variable goes to its successor, in whatever order.

    Each optimizer makes its state as it likes: two of its kind, made for variables with names of ours, tell the orders.
    What belongs to a variable that only one of them trains is left, as it is where flags have changed since.
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
    inner: keras.Optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales the loss
    return trained_variables(inner)


def _name_state(
    optimizer: keras.Optimizer, trained: Sequence[keras.Variable], places: Sequence[int | None]
) -> list[str]:
    """Return names for the state of an optimizer of the same kind that trains *trained*, by their *places*."""
    probe = _copy("optimizer", optimizer)
    small = [
        keras.Variable(
            "zeros", shape=(1,) * len(variable.shape), name=f"left_{index}" if place is None else f"place_{place}"
        )
        for index, (place, variable) in enumerate(zip(places, trained, strict=True))
    ]
    probe.build(small)
    paths = [variable.path for variable in probe.variables]
    # What belongs to no variable is in the same order in both, and Keras numbers some of them through.
    names = [path if "place_" in path or "left_" in path else "own" for path in paths]
    # Some optimizers, Adafactor for one, have several of one path.
    return [f"{name}_{names[:index].count(name)}" for index, name in enumerate(names)]
