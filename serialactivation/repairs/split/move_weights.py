"""Moves weights to other places in an HDF5 file, or removes them, without changing their bytes. Keras-free.

Only the link to a group or a dataset is moved or removed. Values are not read.
"""

import pathlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from serialactivation.files.layout import OPTIMIZER_GROUP, OPTIMIZER_WEIGHTS
from serialactivation.repairs.split.parts import MODEL_WEIGHTS, Part
from serialactivation.repairs.split.weight_moves import Moves, OptimizerState

__all__ = ["move"]

_ASIDE: Final = "serialactivation>moving"
_LAYER_NAMES: Final = "layer_names"
_WEIGHT_NAMES: Final = "weight_names"
_LIMIT: Final = 64512  # HDF5 does not support longer attributes: Keras splits them into numbered ones


def move(path: pathlib.Path, moves: Moves) -> None:
    """Move the weights in the HDF5 file at *path*."""
    import h5py

    with path.open("r+b") as opened, h5py.File(opened, "r+") as file:  # HDF5 opens no file without a name
        _drop(file, moves.dropped)
        if moves.is_hdf5 and moves.parts:
            _move_weights(file[MODEL_WEIGHTS], moves.parts)
        elif not moves.is_hdf5:
            renamed = [(part.old, part.new) for part in moves.parts if part.old != part.new]
            _move_all(file, sorted(renamed, reverse=True))  # the contents of a group move before the group
            _name_groups(file, moves.parts)
        if moves.state is OptimizerState.REORDERED:
            places = enumerate(moves.order)
            _move_all(file, [(_variable(old), _variable(new)) for new, old in places if new != old])
        elif moves.state.is_removed:
            del file[OPTIMIZER_WEIGHTS if moves.is_hdf5 else OPTIMIZER_GROUP]


def _drop(file: Any, paths: Iterable[str]) -> None:
    """Remove groups of a ``.keras`` file, or weights of an HDF5 file and their names."""
    for path in paths:
        del file[path]
        root, _, inside = path.partition("/")
        owner, _, name = inside.partition("/")
        if root == MODEL_WEIGHTS:
            group = file[f"{root}/{owner}"]
            _write_names(group, _WEIGHT_NAMES, [one for one in _read_names(group, _WEIGHT_NAMES) if one != name])


def _variable(number: int) -> str:
    return f"{OPTIMIZER_GROUP}/vars/{number}"


def _move_all(file: Any, renamed: Iterable[tuple[str, str]]) -> None:
    """Move all existing paths, first to temporary names: a new path may be another's old path."""
    moved = [(old, new) for old, new in renamed if old in file]
    for number, (old, _) in enumerate(moved):
        file.move(old, f"{_ASIDE}/{number}")
    for number, (_, new) in enumerate(moved):
        file.move(f"{_ASIDE}/{number}", new)
    if moved:
        del file[_ASIDE]


def _name_groups(file: Any, parts: Iterable[Part]) -> None:
    for part in parts:
        variables = file.get(f"{part.new}/vars")
        if part.inner not in (None, part.name) and variables is not None and "name" in variables.attrs:
            variables.attrs["name"] = part.name


def _move_weights(weights: Any, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.inner is not None and part.owner in weights:
            names = list(_read_names(weights[part.owner], _WEIGHT_NAMES))
            own = [name for name in names if part.holds_in_hdf5(f"{part.owner}/{name}")]
            group = weights.create_group(part.name)
            for name in own:
                weights.move(f"{part.owner}/{name}", f"{part.name}/{name}")
            _write_names(group, _WEIGHT_NAMES, own)
            _write_names(weights[part.owner], _WEIGHT_NAMES, [name for name in names if name not in own])
    _write_names(weights, _LAYER_NAMES, [part.name for part in parts])


def _read_names(group: Any, key: str) -> Iterator[str]:
    """Yield the names in an attribute, or in the numbered attributes into which it was split."""
    for one in _find_keys(group, key):
        for name in group.attrs[one]:
            yield name.decode() if isinstance(name, bytes) else str(name)


def _find_keys(group: Any, key: str) -> Iterator[str]:
    if key in group.attrs:
        yield key
    number = 0
    while f"{key}{number}" in group.attrs:
        yield f"{key}{number}"
        number += 1


def _write_names(group: Any, key: str, names: Sequence[str]) -> None:
    import numpy as np

    for old in list(_find_keys(group, key)):
        del group.attrs[old]
    array = np.asarray([name.encode() for name in names])
    count = 1
    while any(piece.nbytes > _LIMIT for piece in np.array_split(array, count)):
        count += 1
    for number, piece in enumerate(np.array_split(array, count)):
        group.attrs[f"{key}{number}" if count > 1 else key] = piece
