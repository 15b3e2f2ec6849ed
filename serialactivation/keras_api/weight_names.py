"""The names of weights in ``.h5`` files: Keras uses their paths, and fails halfway if two paths are equal."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import keras

__all__ = ["find_clashing", "named_apart"]

_PATH: Final = "_path" if hasattr(keras.Variable, "path") else "path"  # Keras 3.6 has no property path


def find_clashing(variables: Iterable[keras.Variable]) -> list[keras.Variable]:
    """Return the variables whose name is that of an earlier variable or of a group."""
    named = [(_split(variable.path), variable) for variable in variables]
    taken = {name[:end] for name, _ in named for end in range(1, len(name))}
    clashing = []
    for name, variable in named:
        if name in taken:
            clashing.append(variable)
        taken.add(name)
    return clashing


def _split(path: str) -> tuple[str, ...]:
    """Return the names of the groups in a *path*, and of the dataset in the last group."""
    return tuple(part for part in path.split("/") if part not in ("", "."))


@contextlib.contextmanager
def named_apart(groups: Sequence[Sequence[keras.Variable]]) -> Iterator[None]:
    """Give clashing variables in each of the *groups* distinct paths within it.

    They get a number at the end; the file is read by order. All other variables keep their paths.
    """
    clashing = [variable for group in groups for variable in find_clashing(group)]
    before = [(variable, variable.path) for variable in clashing]
    taken = {_split(variable.path) for group in groups for variable in group} if clashing else set()
    taken |= {name[:end] for name in taken for end in range(1, len(name))}
    try:
        for variable, path in before:
            _set_path(variable, _find_free(path, taken))
        yield
    finally:
        for variable, path in before:
            _set_path(variable, path)


def _find_free(path: str, taken: set[tuple[str, ...]]) -> str:
    """Return *path* with the first number at its end that gives a free path, and add that to *taken*."""
    free = next(f"{path}_{number}" for number in itertools.count(1) if _split(f"{path}_{number}") not in taken)
    taken.add(_split(free))
    return free


def _set_path(variable: keras.Variable, path: str) -> None:
    object.__setattr__(variable, _PATH, path)
