"""What a model was compiled with, and the state of its optimizer, copied to a model that was made of it."""

from collections.abc import Mapping, Sequence

import keras

__all__ = ["copy_compile_state"]


def copy_compile_state(old: keras.Model, new: keras.Model, successors: Mapping[int, keras.Variable]) -> None:
    """Compile *new* as *old* is, and give its optimizer the state of the old one's.

    Args:
        old: The model that *new* was made of.
        new: The model.
        successors: The variables of *new*, by the ids of those of *old*.
    """
    if not old.compiled:
        return
    new.compile_from_config(old.get_compile_config())
    source, target = old.optimizer, new.optimizer
    if not (source.built and target.built) or len(source.variables) != len(target.variables):
        return  # Keras makes the state at the first step; or the flags have changed since it was made
    places = {id(variable): place for place, variable in enumerate(new.trainable_variables)}
    moved = [places.get(id(successors.get(id(variable)))) for variable in old.trainable_variables]
    for before, after in zip(source.variables, _reorder(target, new.trainable_variables, moved), strict=True):
        after.assign(keras.ops.copy(before.value))


def _reorder(
    optimizer: keras.Optimizer, trained: Sequence[keras.Variable], moved: Sequence[int | None]
) -> list[keras.Variable]:
    """Return the state of *optimizer* in the order of an optimizer that trains the variables in another order.

    Each optimizer makes its state as it likes: two of its kind, made for variables with names of ours, tell the orders.

    Args:
        optimizer: The optimizer.
        trained: What it trains.
        moved: For each variable in the other order, its place in *trained*.
    """
    if list(moved) == list(range(len(trained))):
        return optimizer.variables
    places = [place for place in moved if place is not None]
    assert sorted(places) == list(range(len(trained)))
    here = _name_state(optimizer, trained, range(len(trained)))
    there = _name_state(optimizer, [trained[place] for place in places], places)
    by_name = dict(zip(here, optimizer.variables, strict=True))
    return [by_name[name] for name in there]


def _name_state(optimizer: keras.Optimizer, trained: Sequence[keras.Variable], places: Sequence[int]) -> list[str]:
    """Return names for the state of an optimizer of the same kind that trains *trained*, in its order."""
    probe = type(optimizer).from_config(optimizer.get_config())
    small = [
        keras.Variable("zeros", shape=(1,) * len(variable.shape), name=f"place_{place}")
        for place, variable in zip(places, trained, strict=True)
    ]
    probe.build(small)
    return [variable.path for variable in probe.variables]
