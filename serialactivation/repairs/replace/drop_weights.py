"""The weights of replaced activations, which are removed from the file: nothing reads them any more. Keras-free.

In an HDF5 file, Keras counts the weights of a layer, and would not load it with those of its old activation.
"""

from collections.abc import Container, Iterable, Iterator
from typing import Any

from serialactivation import errors
from serialactivation.files.layout import OPTIMIZER_GROUP, OPTIMIZER_WEIGHTS
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.repairs.keras3.number_shared_activations import UNIFY
from serialactivation.repairs.split.parts import MODEL_WEIGHTS, is_inside
from serialactivation.repairs.split.weight_moves import Moves, OptimizerState
from serialactivation.rules.activations.weights import holds_weights
from serialactivation.tree.activations import Site, Steps, follow, show_path
from serialactivation.tree.nodes import MODEL
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["drop_weights"]

_LAYER = 3  # steps to a layer of the model


def drop_weights(moves: Moves, archive: Archive, replaced: Iterable[Site]) -> Moves:
    """Return *moves* with the weights that go with the *replaced* activations, and what becomes of the optimizer.

    Args:
        moves: How the weights move otherwise.
        archive: The model before it is repaired.
        replaced: The replaced activations.

    Raises:
        ArchiveError: The weights are damaged or crafted to mislead readers.
        RepairError: It is not certain which weights belong to a replaced activation, or another layer keeps it.
    """
    sites = [one for one in replaced if holds_weights(one.stored)]
    listing = archive.variables() if sites else None
    if not listing:
        return moves
    is_hdf5 = archive.kind is Kind.HDF5
    find = _find_in_hdf5 if is_hdf5 else _find_in_archive
    dropped = tuple(dict.fromkeys(find(archive.config, sites, listing)))
    if not dropped:
        return moves
    state = f"{OPTIMIZER_WEIGHTS if is_hdf5 else OPTIMIZER_GROUP}/"
    has_state = any(path.startswith(state) for path in listing)
    return moves._replace(
        is_hdf5=is_hdf5,
        dropped=dropped,
        state=OptimizerState.DROPPED if has_state else moves.state,
        changes=(*(f"{path} removed" for path in dropped), *moves.changes),
    )


def _find_in_archive(config: Any, sites: Iterable[Site], listing: Iterable[str]) -> Iterator[str]:
    """Yield the groups of the weights in a ``.keras`` archive, which has those of a shared activation once."""
    config, _ = UNIFY.apply(config, MODEL, None)  # so that each copy of a shared activation has its number
    objects = {one.steps: one for one in find_objects(config)}
    gone = {site.steps: site for site in sites if site.steps in objects}
    for steps, site in gone.items():
        _check_sharing(site, objects[steps], [one for one in objects.values() if one.steps not in gone])
        for group in objects[steps].groups:
            if any(path.startswith(f"{group}/") for path in listing):
                yield group


def _check_sharing(site: Site, its: StoredObject, kept: Iterable[StoredObject]) -> None:
    """Refuse to remove the weights of an activation that is shared with a layer that keeps it."""
    number = its.stored.get("shared_object_id")
    for one in kept:
        if number is not None and one.stored.get("shared_object_id") == number:
            reason = f"it has weights, and is shared with {show_path(one.steps)}, which keeps it"
            raise errors.RepairError(site.path, reason, f"Replace all of them, with --replace '{site.label}=NEW'.")


def _find_in_hdf5(config: Any, sites: Iterable[Site], listing: Iterable[str]) -> Iterator[str]:
    """Yield the paths of the weights in an HDF5 file, which names them by the layer of the model, and by their own."""
    gone = dict.fromkeys(site.steps for site in sites)
    for steps in gone:
        owner, name = _find_name(config, steps[:_LAYER]), _find_name(config, steps)
        _check_names(config, steps, name, gone)
        prefix = f"{MODEL_WEIGHTS}/{owner}/"
        yield from sorted(path for path in listing if path.startswith(prefix) and is_inside(str(name), path))


def _find_name(config: Any, steps: Steps) -> JSON:
    stored = follow(config, steps)
    inner = stored.get("config") if isinstance(stored, dict) else None
    return inner.get("name") if isinstance(inner, dict) else None


def _check_names(config: Any, steps: Steps, name: JSON, gone: Container[Steps]) -> None:
    """Refuse to remove the weights of an activation if a layer beside it, which stays, has the same name."""
    for one in find_objects(config):
        is_beside = one.steps[:_LAYER] == steps[:_LAYER] and one.steps not in gone
        if is_beside and _find_name(config, one.steps) == name:
            reason = f"it has weights, and {show_path(one.steps)} has the same name in the file"
            cure = "Replace it where the model is made, and save the model again."
            raise errors.RepairError(show_path(steps), reason, cure)
