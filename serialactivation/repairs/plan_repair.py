"""The plan of a repair: activations replaced, then every repair applied to the configs. Keras-free."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

from serialactivation import errors
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.repairs.all_repairs import apply_repairs
from serialactivation.repairs.keras2.list_configs import WRAP
from serialactivation.repairs.keras2.modules import LOCATE_MODEL
from serialactivation.repairs.keras2.recurrent.cudnn import CUDNN
from serialactivation.repairs.keras2.recurrent.hard_sigmoid import SCALE
from serialactivation.repairs.keras2.recurrent.layers import find_cudnn, find_scaled
from serialactivation.repairs.keras2.recurrent.weights import Conversion
from serialactivation.repairs.repair import Change
from serialactivation.repairs.replace.drop_weights import drop_weights
from serialactivation.repairs.replace.replace_activations import ReplacedActivation, Replacement, replace_activations
from serialactivation.repairs.split.refused_state import drop_state, find_refused_state
from serialactivation.repairs.split.split_archive import split_archive
from serialactivation.repairs.split.weight_moves import NOTHING, Moves
from serialactivation.rules.check import Report, check_archive
from serialactivation.rules.finding import Finding
from serialactivation.rules.known_names import NOTHING_KNOWN, KnownNames
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.tree.nodes import MODEL, TRAINING
from serialactivation.typing import JSON

__all__ = ["RepairPlan", "plan_repair"]


class RepairPlan(NamedTuple):
    """The result of repairing a saved model, not yet written.

    Attributes:
        before: The stored configs: the model's, and the training config if it is stored separately.
        after: The repaired configs.
        replaced: The replaced activations.
        changes: The changes that the repairs made.
        left: The errors and warnings that remain on the repaired model, for which ``check`` would not pass it.
        moves: How the weights move.
        conversions: How the values of weights change.
        report: The report on the repaired model; its places are those in it, not in the file.
        is_config: Whether the file is the config alone, as JSON.
    """

    before: tuple[JSON, ...]
    after: tuple[JSON, ...]
    replaced: tuple[ReplacedActivation, ...]
    changes: tuple[Change, ...]
    left: tuple[Finding, ...]
    report: Report
    moves: Moves = NOTHING
    conversions: tuple[Conversion, ...] = ()
    is_config: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether anything is replaced or repaired."""
        return bool(self.replaced or self.changes)

    @property
    def is_known(self) -> bool:
        """Whether it is known what Keras does with the repaired model."""
        verdicts = self.report.verdicts
        return verdicts is None or verdicts.whole is not Verdict.NOT_KNOWN

    @property
    def loads(self) -> bool:
        """Whether no remaining finding is an error."""
        return all(finding.severity < Severity.ERROR for finding in self.left)

    def make(self, stored: JSON) -> JSON:
        """Return the repaired config for a *stored* one."""
        return next((after for before, after in zip(self.before, self.after, strict=True) if before == stored), stored)


def plan_repair(
    archive: Archive,
    replacements: Sequence[Replacement],
    target: str | None,
    *,
    scaled: bool = False,
    report: Report | None = None,
    known: KnownNames = NOTHING_KNOWN,
) -> RepairPlan:
    """Return the repaired form of *archive*.

    Args:
        archive: A whole model.
        replacements: The activations to replace, and the new ones.
        target: The target Keras, or None for the newest.
        scaled: Whether the old ``hard_sigmoid`` of recurrent layers becomes that of Keras 3, with scaled weights.
        report: The report on *archive*, if there is one: it is also the report on a model that is not changed.
        known: The names that the project provides, on which nothing is reported.

    Raises:
        RepairError: A replacement matches nothing, or there are no weights to scale, or it is not certain which weights
            go with a replaced activation.
    """
    config, replaced = replace_activations(archive.config, replacements)
    config, conversions, scalings = _convert(archive._replace(config=config), scaled=scaled)
    config, placed = LOCATE_MODEL.apply(config, MODEL, None) if archive.kind is Kind.CONFIG else (config, ())
    config, changes = apply_repairs(config, MODEL, target)
    compiled = (archive.metadata or {}).get(TRAINING_CONFIG)
    trained, more = apply_repairs(compiled, TRAINING, target)
    metadata = archive.metadata if compiled is None else {**(archive.metadata or {}), TRAINING_CONFIG: trained}
    split_result = split_archive(archive._replace(config=config), target)
    stays = not replaced and not conversions and split_result.moves == NOTHING
    repaired = archive._replace(config=split_result.config, metadata=metadata)
    check = functools.partial(check_archive, repaired, target, with_weights=stays, known=known)
    if report is None or split_result.config is not archive.config or trained is not compiled:
        report = check()
    refused = find_refused_state(report)
    report = check(with_state=False) if refused else report
    moves = drop_weights(split_result.moves, archive, [one.site for one in replaced])
    return RepairPlan(
        before=(archive.config, compiled),
        after=(split_result.config, trained),
        replaced=tuple(replaced),
        changes=(*scalings, *placed, *changes, *split_result.changes, *more, *refused),
        left=tuple(one for one in map(split_result.explain, report.findings) if one.severity >= Severity.WARNING),
        moves=drop_state(moves, archive) if refused else moves,
        conversions=conversions,
        report=report,
        is_config=archive.kind is Kind.CONFIG,
    )


def _convert(archive: Archive, *, scaled: bool) -> tuple[JSON, tuple[Conversion, ...], tuple[Change, ...]]:
    """Return the config with other recurrent layers, how the values of weights change, and the changes."""
    is_hdf5, is_old = archive.kind is Kind.HDF5, str(archive.keras_version).partition(".")[0] in ("1", "2")
    config, changes = WRAP.apply(archive.config, MODEL, None)
    conversions: tuple[Conversion, ...] = ()
    if is_hdf5:  # no .keras file has cuDNN's layers
        conversions = find_cudnn(config)
        config, more = CUDNN.apply(config, MODEL, None)
        changes += more
    if scaled and is_old:
        if archive.kind is Kind.CONFIG:
            reason, cure = "it has no weights, which would have to be scaled", "Give the file with the whole model."
            raise errors.RepairError(archive.path, reason, cure)
        conversions += find_scaled(config, is_hdf5=is_hdf5)
        config, more = SCALE.apply(config, MODEL, None)
        changes += more
    return config, conversions, changes
