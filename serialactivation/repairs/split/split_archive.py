"""The repair ``split`` of a saved model: its config and its weights together. Keras-free."""

import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.files.layout import COMPILE_CONFIG, TRAINING_CONFIG, WEIGHTS
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.repairs.repair import Change
from serialactivation.repairs.split.conditions import Model, find_unread_activations
from serialactivation.repairs.split.parts import Weights
from serialactivation.repairs.split.split_config import split
from serialactivation.repairs.split.weight_moves import NOTHING, Moves, plan_moves
from serialactivation.rules.activations.sites import OBJECT_IN_STOCK_LAYER
from serialactivation.rules.finding import Finding
from serialactivation.tree.activations import Steps
from serialactivation.typing import JSON

__all__ = ["SplitArchive", "split_archive"]

_LAYERS: Final = ("config", "layers")


class SplitArchive(NamedTuple):
    """The result of splitting a saved model.

    Attributes:
        config: Its new config.
        changes: The activations that have become layers.
        kept: Why the others have not, by their place.
        origins: The old place of each layer; empty if all layers are in their old place.
        moves: How the weights move.
    """

    config: JSON
    changes: tuple[Change, ...] = ()
    kept: Mapping[Steps, str] = MappingProxyType({})
    origins: tuple[Steps, ...] = ()
    moves: Moves = NOTHING

    def explain(self, finding: Finding) -> Finding:
        """Return a finding on the new config with its old place, and the reason why an activation is not split."""
        steps = self._find_origin(finding.location) if isinstance(finding.location, tuple) else ()
        reason = self.kept.get(steps) if finding.rule is OBJECT_IN_STOCK_LAYER else None
        because = f", and it is not made a layer of its own: {reason}" if reason else ""
        return finding._replace(location=steps, evidence=f"{finding.evidence}{because}")

    def _find_origin(self, steps: Steps) -> Steps:
        """Return the old steps to a value in the new config."""
        is_in_layer = steps[: len(_LAYERS)] == _LAYERS and len(steps) > len(_LAYERS)
        if not self.origins or not is_in_layer:
            return steps
        return (*self.origins[int(steps[len(_LAYERS)])], *steps[len(_LAYERS) + 1 :])


def split_archive(archive: Archive, target: str | None) -> SplitArchive:
    """Return the result of splitting *archive*.

    Args:
        archive: A whole model.
        target: The target Keras, or None for the newest.

    Raises:
        ArchiveError: The weights are damaged or crafted to mislead readers.
    """
    if target is None or not is_newer(OBJECTS_SINCE, target):
        return SplitArchive(config=archive.config)
    training = (archive.metadata or {}).get(TRAINING_CONFIG)
    weights = _read_weights(archive) if _holds_unread_activations(archive.config, target) else None
    model = Model(
        config=archive.config, target=target, training=training, writer=archive.keras_version, weights=weights
    )
    done = split(model)
    is_hdf5 = archive.kind is Kind.HDF5
    optimizer = _find_optimizer(archive.config, training)
    moves = NOTHING if weights is None else plan_moves(done.parts, weights.listing, optimizer, is_hdf5=is_hdf5)
    return SplitArchive(config=done.config, changes=done.changes, kept=done.kept, origins=done.origins, moves=moves)


def _holds_unread_activations(config: JSON, target: str) -> bool:
    """Return whether the weights have to be examined."""
    return any(True for _ in find_unread_activations(Model(config=config, target=target)))


def _read_weights(archive: Archive) -> Weights | None:
    """Return the contents of the HDF5 file with the weights, or None unless there is exactly one."""
    if archive.kind is Kind.KERAS:
        with zipfile.ZipFile(archive.path) as members:
            if WEIGHTS not in members.namelist():
                return None
    listing = archive.variables()
    if listing is None:
        return None
    shapes = {name: variable.shape for name, variable in listing.items()}
    return Weights(listing=shapes, is_hdf5=archive.kind is Kind.HDF5)


def _find_optimizer(config: JSON, training: JSON) -> str:
    """Return the class of the optimizer, or an empty string if the file does not say."""
    compiled = (config.get(COMPILE_CONFIG) if isinstance(config, Mapping) else None) or training
    optimizer = compiled.get("optimizer") if isinstance(compiled, Mapping) else None
    return str(optimizer.get("class_name", "")) if isinstance(optimizer, Mapping) else ""
