"""How the weights in a saved model's file move, after its layers have changed. Keras-free."""

import collections
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from serialactivation.files.layout import OPTIMIZER_GROUP, OPTIMIZER_WEIGHTS
from serialactivation.repairs.split.optimizer_order import Chunk, find_reordering
from serialactivation.repairs.split.parts import (
    MODEL_WEIGHTS,
    Listing,
    Part,
    list_own,
)
from serialactivation.tree.activations import Steps

__all__ = ["DROP_STATE", "NOTHING", "Moves", "OptimizerState", "plan_moves"]

DROP_STATE: Final = "state"
"""The name of the repair that leaves out the state of an optimizer, if Keras refuses it."""

# Layers whose variables are all trained if the layer is trainable.
_ALL_TRAINED: Final = frozenset(
    ("Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "Dense", "DepthwiseConv1D",
     "DepthwiseConv2D", "EinsumDense", "Embedding", "PReLU", "SeparableConv1D", "SeparableConv2D")
)  # fmt: skip


class OptimizerState(enum.Enum):
    """What becomes of the optimizer's state."""

    NONE = None
    """The file has none."""
    STAYS = "the optimizer's state is unchanged"
    """The trained variables have kept their order."""
    REORDERED = "the optimizer's state is put into the new order of the variables"
    """The trained variables have a new order, and the state is put into that order."""
    DROPPED = "the optimizer's state is left out, because it cannot be assigned to the variables with certainty"
    """The trained variables have a new order, or there are more of them."""
    REFUSED = "the optimizer's state is left out, because Keras refuses it"
    """It does not belong to the variables of the model."""

    @property
    def is_removed(self) -> bool:
        """Whether it is removed from the file."""
        return self in (OptimizerState.DROPPED, OptimizerState.REFUSED)


class Moves(NamedTuple):
    """How the weights in a file move.

    Attributes:
        parts: The layers in their new order; empty if nothing moves.
        is_hdf5: Whether it is an HDF5 file, not one in a ``.keras`` archive.
        state: What becomes of the optimizer's state.
        order: The old places of the optimizer's variables in their new order, if that changes.
        changes: The moves of weights, as text for users.
        dropped: The groups or the weights that are removed, before anything moves.
    """

    parts: tuple[Part, ...] = ()
    is_hdf5: bool = False
    state: OptimizerState = OptimizerState.NONE
    order: tuple[int, ...] = ()
    changes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def are_needed(self) -> bool:
        """Whether the file with the weights must change."""
        is_state_changed = self.state is OptimizerState.REORDERED or self.state.is_removed
        return bool(self.changes) or is_state_changed or (self.is_hdf5 and bool(self.parts))


NOTHING: Final = Moves()
"""No weights move."""


def plan_moves(parts: Sequence[Part], listing: Listing, optimizer: str, *, is_hdf5: bool) -> Moves:
    """Return how the weights of a file must move.

    Args:
        parts: The layers, in their new order.
        listing: The variables in the file.
        optimizer: The class of the optimizer.
        is_hdf5: Whether it is an HDF5 file, not one in a ``.keras`` archive.
    """
    if not parts:
        return NOTHING
    own = {part.origin: list_own(part, parts, listing, is_hdf5=is_hdf5) for part in parts}
    state, order = _plan_state(parts, own, listing, optimizer, is_hdf5=is_hdf5)
    changes = tuple(_describe_moves(parts, own, is_hdf5=is_hdf5))
    return Moves(parts=tuple(parts), is_hdf5=is_hdf5, state=state, order=order, changes=changes)


def _describe_moves(parts: Sequence[Part], own: Mapping[Steps, list[str]], *, is_hdf5: bool) -> Iterator[str]:
    for part in parts:
        if is_hdf5 and part.inner is not None:
            yield from (f"{path} -> {MODEL_WEIGHTS}/{part.name}" for path in own[part.origin])
        elif not is_hdf5 and part.old != part.new and own[part.origin]:
            yield f"{part.old} -> {part.new}"


def _plan_state(
    parts: Sequence[Part], own: Mapping[Steps, list[str]], listing: Listing, optimizer: str, *, is_hdf5: bool
) -> tuple[OptimizerState, tuple[int, ...]]:
    stored = [path for path in listing if path.startswith(f"{OPTIMIZER_WEIGHTS if is_hdf5 else OPTIMIZER_GROUP}/")]
    if not stored:
        return OptimizerState.NONE, ()
    now = [part for part in parts if own[part.origin]]
    then = sorted(now, key=lambda part: (part.origin[2], len(part.origin)))
    if is_hdf5:
        stays = now == then and not _has_doubles(own)
        return (OptimizerState.STAYS if stays else OptimizerState.DROPPED), ()
    if now == then:
        return OptimizerState.STAYS, ()
    chunks = [_cut(part, own[part.origin], listing, now.index(part)) for part in then]
    shapes = [listing.get(f"{OPTIMIZER_GROUP}/vars/{number}") for number in range(len(stored))]
    certain = [chunk for chunk in chunks if chunk is not None]
    known = [shape for shape in shapes if shape is not None]
    if (len(certain), len(known)) == (len(chunks), len(stored)):
        order = find_reordering(optimizer, certain, known)
        if order is not None:
            return OptimizerState.REORDERED, order
    return OptimizerState.DROPPED, ()


def _has_doubles(own: Mapping[Steps, list[str]]) -> bool:
    """Return whether a variable is saved for two layers: one trained variable would become two."""
    counts = collections.Counter("/".join(path.split("/")[2:]) for paths in own.values() for path in paths)
    return any(number > 1 for number in counts.values())


def _cut(part: Part, paths: Sequence[str], listing: Listing, place: int) -> Chunk | None:
    """Return the trained variables of a part, or None if they are not certain."""
    expected = [f"{part.old}/vars/{number}" for number in range(len(paths))]
    if sorted(expected) != sorted(paths):
        return None
    if not part.trainable:
        return Chunk((), place)
    if part.class_name == "BatchNormalization" and len(paths) == 4:
        expected = expected[:2]  # the scale and the offset, but not the mean and the variance
    elif part.class_name not in _ALL_TRAINED:
        return None
    return Chunk(tuple(listing[path] for path in expected), place)
