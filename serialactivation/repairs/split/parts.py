"""The layers of a repaired model, and the places of their weights in the file. Keras-free."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from serialactivation.tree.activations import Steps

__all__ = [
    "MODEL_WEIGHTS",
    "Listing",
    "Part",
    "Weights",
    "is_inside",
    "list_own",
]

MODEL_WEIGHTS: Final = "model_weights"
"""The group of an HDF5 file with the weights of its layers."""


Listing: TypeAlias = Mapping[str, tuple[int, ...]]
"""The shapes of a file's variables, by their paths."""


class Weights(NamedTuple):
    """The weights in a saved model's file.

    Attributes:
        listing: The variables.
        is_hdf5: Whether it is an HDF5 file, not one in a ``.keras`` archive.
    """

    listing: Listing
    is_hdf5: bool

    def has(self, group: str, *, owner: str, activation: str) -> bool:
        """Return whether the weights of an activation are in the file.

        Args:
            group: Their group in a ``.keras`` file.
            owner: The name of the layer that holds the activation.
            activation: The name of the activation.
        """
        if not self.is_hdf5:
            return any(path.startswith(f"{group}/") for path in self.listing)
        prefix = f"{MODEL_WEIGHTS}/{owner}/"
        return any(path.startswith(prefix) and is_inside(activation, path) for path in self.listing)


class Part(NamedTuple):
    """A layer of the repaired model.

    Attributes:
        name: Its name.
        class_name: Its class.
        origin: Its old place: as a layer of the model, or as an activation in a layer.
        owner: The name of the top-level layer that contained it, or that it was.
        inner: Its old name as an activation, or None if it was a layer.
        old: The old group of its weights in a ``.keras`` file.
        new: The group in which Keras looks for its weights now.
        trainable: Whether it was trainable.
    """

    name: str
    class_name: str
    origin: Steps
    owner: str
    inner: str | None
    old: str
    new: str
    trainable: bool

    def holds_in_hdf5(self, name: str) -> bool:
        """Return whether the weight *name* of its owner belongs to this part, if it was an activation."""
        return self.inner is not None and is_inside(self.inner, name)


def is_inside(activation: str, name: str) -> bool:
    """Return whether a weight's *name* in an HDF5 file belongs to an *activation*."""
    return name.split("/")[-2:-1] == [activation]


def list_own(part: Part, parts: Sequence[Part], listing: Iterable[str], *, is_hdf5: bool) -> list[str]:
    """Return the paths of a part's variables in a file, as the file lists them.

    Args:
        part: The part.
        parts: All parts.
        listing: The paths of all variables.
        is_hdf5: Whether it is an HDF5 file, not one of a ``.keras`` archive.
    """
    others = [one for one in parts if one.owner == part.owner and one.inner is not None and part.inner is None]
    if is_hdf5:
        own = [path for path in listing if path.startswith(f"{MODEL_WEIGHTS}/{part.owner}/")]
        if part.inner is not None:
            return [path for path in own if part.holds_in_hdf5(path)]
        return [path for path in own if not any(one.holds_in_hdf5(path) for one in others)]
    own = [path for path in listing if path.startswith(f"{part.old}/")]
    return [path for path in own if not any(path.startswith(f"{one.old}/") for one in others)]
