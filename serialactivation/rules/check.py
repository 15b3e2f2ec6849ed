"""What a saved model's activations are, and what is to be said of them: all rules over it. Keras-free."""

import functools
from collections.abc import Callable, Mapping
from typing import NamedTuple

from serialactivation.catalog.classes import NEWEST
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.saved_model import Archive, Kind, read_archive
from serialactivation.rules.activations import SiteJudge, find_changed_meaning
from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.tally import Tally, select
from serialactivation.rules.unsafe import find_loading
from serialactivation.rules.verdicts import Verdicts, find_worst
from serialactivation.rules.versions import MODEL, TRAINING, find_newer_target, find_rest
from serialactivation.rules.weights import WeightFinder, find_state
from serialactivation.tree.activations import Site, Steps
from serialactivation.tree.nodes import Node, walk

__all__ = ["Report", "check_archive", "check_file"]


class Report(NamedTuple):
    """What was found in one saved model: of its activations, and then of the rest of the config.

    Attributes:
        path: The file, or folder.
        findings: What is to be said of it, the first of each code.
        omitted: How much there is to be said besides.
        kind: What it was saved as.
        keras_version: The version of Keras that wrote it, or None where it does not say.
        sites: Its activations, in the order in which they stand in the config, the first of them.
        unlisted: How many there are besides.
        weights: Whether the weights of those that have any are in the file, by their steps, where that is known.
        verdicts: What the Keras aimed at does with it, or None where there is no config.
    """

    path: str
    findings: tuple[Finding, ...]
    omitted: Omitted
    kind: Kind
    keras_version: str | None
    sites: tuple[Site, ...]
    unlisted: int
    weights: Mapping[Steps, bool]
    verdicts: Verdicts | None

    def select(self, is_told: Callable[[str], bool]) -> "Report":
        """Return it with the findings whose code is told."""
        findings, omitted = select(self.findings, self.omitted, is_told)
        return self._replace(findings=findings, omitted=omitted)


class _Findings:
    """What is to be said of a model, as its nodes go by: of its activations, the rest of it, and what a load runs.

    Args:
        archive: The model.
        target: The Keras that is to load it, or None for the newest.
    """

    def __init__(self, archive: Archive, target: str | None) -> None:
        most = archive.limits.findings
        self.activations, self.meanings, self.rest, self.unsafe = (Tally(most) for _ in range(4))
        self.first: list[Site] = []
        self.number = 0
        self.with_weights: list[Site] = []
        self._archive = archive
        self._target = target
        self._judge_site = SiteJudge(target)
        self._holds_weights = WeightFinder()

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """All of them, in the order in which they are told."""
        return self.activations, self.meanings, self.rest, self.unsafe

    def look(self) -> None:
        """Go through the model once."""
        archive, target = self._archive, self._target or NEWEST
        if archive.config is not None:
            self.rest.add(find_newer_target(target))
        for node in walk(archive.config, MODEL):
            if node.is_activation:
                self._add_site(node.site)
            self._add(node, target)
        for node in walk((archive.metadata or {}).get(TRAINING_CONFIG), TRAINING):
            self._add(node, target)

    def _add(self, node: Node, target: str) -> None:
        if node.is_read and self._archive.config is not None:
            self.rest.add(find_rest(node, target))
        if isinstance(node.stored, dict):
            self.unsafe.add(find_loading(node))

    def _add_site(self, site: Site) -> None:
        self.number += 1
        if self.number <= self._archive.limits.activations:
            self.first.append(site)
        if self._holds_weights(site.stored):
            self.with_weights.append(site)
        self.activations.add(self._judge_site(site))
        self.meanings.add(find_changed_meaning(site, self._archive.keras_version))


def check_file(
    path: str, target: str | None = None, limits: Limits = DEFAULT_LIMITS, *, with_weights: bool = False
) -> Report:
    """Return what is to be said of the model at *path*.

    Args:
        path: A file, or the folder that a ``.keras`` archive was unpacked to.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        limits: How much the file may ask of its reader.
        with_weights: Whether to list its weights even where none is an activation's.

    Raises:
        ArchiveError: It cannot be read, or is refused.
    """
    return check_archive(read_archive(path, limits), target, with_weights=with_weights)


def check_archive(archive: Archive, target: str | None = None, *, with_weights: bool = False) -> Report:
    """Return what is to be said of a model that has been read.

    Args:
        archive: The model.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        with_weights: Whether to list its weights even where none is an activation's.

    Raises:
        ArchiveError: The weights are listed, and are damaged, or made to deceive.
    """
    list_once = functools.cache(archive.variables)
    if with_weights:
        list_once()
    found = _Findings(archive, target)
    found.look()
    state = find_state(archive.config, found.with_weights, list_once, is_hdf5=archive.kind is Kind.HDF5)
    found.meanings.add(state.findings)
    verdicts = Verdicts(
        target=target or NEWEST,
        asked=target is not None,
        whole=find_worst(tally.verdict for tally in found.tallies),
        activations=find_worst((found.activations.verdict, found.meanings.verdict)),
        rest=found.rest.verdict,
    )
    return Report(
        path=archive.path,
        kind=archive.kind,
        keras_version=archive.keras_version,
        sites=tuple(found.first),
        unlisted=found.number - len(found.first),
        weights=dict(state.weights),
        findings=tuple(finding for tally in found.tallies for finding in tally.kept),
        omitted={key: number for tally in found.tallies for key, number in tally.omitted.items()},
        verdicts=None if archive.config is None else verdicts,
    )
