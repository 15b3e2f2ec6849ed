"""The rules on the state of an optimizer: what Keras looks for in the file, and does not find there. Keras-free.

Source:
    ``load_own_variables`` of ``keras/src/optimizers/base_optimizer.py``, and ``load_optimizer_weights_from_hdf5_group``
    of ``keras/src/legacy/saving/legacy_h5_format.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from serialactivation.files.formats.hdf5 import Variable as Saved
from serialactivation.files.formats.hdf5 import Variables
from serialactivation.files.layout import COMPILE_CONFIG, OPTIMIZER_GROUP, OPTIMIZER_WEIGHTS, TRAINING_CONFIG
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.files.variables import LayerFault, compare, make_layer_findings, sort_by_group
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.built import is_built_model
from serialactivation.tree.variables.layer_arguments import Built, Part
from serialactivation.tree.variables.optimizers import build_optimizer, list_trained
from serialactivation.typing import JSON

__all__ = ["LOST_STATE", "REFUSED_STATE", "STATES", "find_state_faults"]

_CURE: Final = "serialactivation repair FILE -o OUT"

REFUSED_STATE: Final = Rule(
    code="SA257",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="state",
    advice=(_CURE, "or load it with compile=False"),
    meaning="A variable of the optimizer in the file does not have the shape that its model demands, or is missing.",
    why="load_model makes the optimizer, with a few variables for each weight that it trains, and then reads them. It "
    "raises an error if one of them does not fit. The model and the optimizer's state are not of the same file, or the "
    "state was changed.",
    example="a momentum of the shape (4, 7) for a kernel of the shape (4, 8)",
    cure="Let serialactivation repair leave out the state of the optimizer, or load the file with compile=False. The "
    "weights of the model are not concerned.",
)

LOST_STATE: Final = Rule(
    code="SA258",
    severity=Severity.WARNING,
    verdict=Verdict.LOADS,
    advice=("call compile again after trainable is changed, and save the model again",),
    meaning="The optimizer has more or fewer variables than the file: Keras leaves its state out; training differs.",
    why="load_model compares the numbers. If they differ, it warns, and the optimizer starts as a new one: without its "
    "momentum, and at step 0 of its learning rate. A layer was frozen or released after compile, or the file was "
    "changed. The model computes what it computed.",
    example="a model whose layers were made trainable after its training, and before it was saved",
    cure="Call compile again after trainable is changed, and save the model again. A model that is not trained again "
    "needs no state.",
)

STATES: Final = (REFUSED_STATE, LOST_STATE)
"""The rules on the state of an optimizer, in the order of their codes."""

_Groups = Mapping[str, Mapping[str, Saved]]


def find_state_faults(
    archive: Archive, built: Built, listing: Mapping[str, Saved] | None, target: str
) -> Iterator[Finding]:
    """Yield what Keras does not find of the state of the optimizers of a model.

    Args:
        archive: The model.
        built: What is known of the model once it is built.
        listing: Its variables, or None if no file lists them.
        target: The Keras that loads it.
    """
    if listing is None or not isinstance(archive.config, dict):
        return
    if archive.kind is not Kind.HDF5:
        faults = _find_in_models(Part(("",), built, archive.config), "", sort_by_group(listing), target)
        yield from make_layer_findings(archive.config, faults)
    elif isinstance(listing, Variables):
        yield from _find_in_hdf5((archive.metadata or {}).get(TRAINING_CONFIG), listing)


def _find_in_models(part: Part, place: str, groups: _Groups, target: str) -> Iterator[LayerFault]:
    """Yield what is wrong with the state of the optimizer of a model, and of the models in it."""
    stored = part.stored if isinstance(part.stored, dict) else {}
    compiled = stored.get(COMPILE_CONFIG)
    trained = list_trained(part.built, stored) if isinstance(compiled, dict) else None
    if isinstance(compiled, dict) and trained is not None:
        optimizer = compiled.get("optimizer")
        new = build_optimizer(optimizer, None, target)
        own = build_optimizer(optimizer, trained, target) if is_built_model(stored) else new
        yield from _check_state(Part((), own, optimizer), new, f"{place}/{OPTIMIZER_GROUP}".lstrip("/"), groups)
    for inner in part.built.parts or ():
        yield from _find_in_models(inner, f"{place}/{inner.paths[0]}".lstrip("/"), groups, target)


def _check_state(optimizer: Part, new: Built, place: str, groups: _Groups) -> Iterator[LayerFault]:
    """Yield the first thing that is wrong with the state of an optimizer; *new* is one that is not built."""
    variables = optimizer.built.variables
    if variables is None:
        return
    saved = groups.get(f"{place}/vars", {})
    if len(saved) != len(variables):
        if len(saved) not in (0, len(new.variables or ())):  # there is nothing to lose
            evidence = f"it has {len(variables)} variables, and the file has {len(saved)} in {place}/vars"
            yield LayerFault(LOST_STATE, optimizer.stored, evidence)
        return
    pairs = [(variable, saved.get(str(number))) for number, variable in enumerate(variables)]
    reason = next(filter(None, (compare(*pair, optimizer.stored) for pair in pairs)), None)
    if reason is not None:
        yield LayerFault(REFUSED_STATE, optimizer.stored, reason.evidence)
        return
    for inner, fresh in zip(optimizer.built.parts or (), new.parts or (), strict=True):
        stored = optimizer._replace(built=inner.built)
        yield from _check_state(stored, fresh.built, f"{place}/{inner.paths[0]}", groups)


def _find_in_hdf5(compiled: JSON, listing: Variables) -> Iterator[Finding]:
    """Yield what Keras does not find in an HDF5 file: it reads all that is named, and uses the first numbers."""
    if not isinstance(compiled, dict) or listing.optimizer is None:
        return
    stored = compiled.get("optimizer_config")
    config = stored.get("config") if isinstance(stored, dict) else None
    has_schedule = isinstance(config, dict) and isinstance(config.get("learning_rate"), dict)
    for number, name in enumerate(listing.optimizer):
        saved = listing.get(f"{OPTIMIZER_WEIGHTS}/{name}")
        if saved is None:
            evidence = f"there is no variable {OPTIMIZER_WEIGHTS}/{name}, which the file names"
        elif number < (1 if has_schedule else 2) and saved.shape == () and not saved.is_of_numbers:
            evidence = f"its variable {name} is of the type {saved.dtype} in the file"
        else:
            continue
        yield make_finding(REFUSED_STATE, (), (TRAINING_CONFIG, "optimizer_config"), evidence, *REFUSED_STATE.advice)
        return
