"""All rules applied to one saved model: its activations, and the findings. Keras-free."""

import functools
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from serialactivation.catalog.classes import NEWEST
from serialactivation.files.formats.hdf5 import Variable
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.activations.sites import SiteChecks, find_changed_meaning
from serialactivation.rules.activations.weights import SAVED_TWICE, find_state, is_weighted
from serialactivation.rules.configs.forms import check_training
from serialactivation.rules.configs.targets import find_newer_target
from serialactivation.rules.configs.unsafe import find_unsafe
from serialactivation.rules.files.containers import find_container_faults, find_unnamed_module
from serialactivation.rules.files.optimizer_states import find_state_faults
from serialactivation.rules.files.shapes import find_odd_values, find_shape_faults
from serialactivation.rules.files.variables import find_variable_faults
from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.finding_counter import FindingCounter, select_findings
from serialactivation.rules.known_names import NOTHING_KNOWN, KnownNames
from serialactivation.rules.node_findings import find_rest
from serialactivation.rules.rule import Verdict
from serialactivation.rules.verdicts import Verdicts, find_worst
from serialactivation.tree.activations import Site, Steps
from serialactivation.tree.nodes import MODEL, TRAINING, Node, walk
from serialactivation.tree.variables.layer_arguments import Inputs
from serialactivation.tree.variables.table import Builder

__all__ = ["Report", "check_archive"]

_LACKS: Final = "h5py is not installed"


class Report(NamedTuple):
    """The report on one saved model.

    Attributes:
        path: The file or folder.
        findings: The findings: first on activations, then on the rest of the config; the first ones of each code.
        omitted: How many more findings there are.
        kind: The format in which the model was saved.
        keras_version: The version of Keras that wrote it, or None if the file does not say.
        sites: Its first activations, in the order of the config.
        unlisted: How many more activations there are.
        unread: Why the weights were not looked at, although they should be; empty otherwise.
        weights: Whether the weights of an activation are in the file, by the activation's steps, where that is known.
        verdicts: What the target Keras does with the model, or None if there is not a config.
    """

    path: str
    findings: tuple[Finding, ...]
    omitted: Omitted
    kind: Kind
    keras_version: str | None
    sites: tuple[Site, ...]
    unlisted: int
    unread: str
    weights: Mapping[Steps, bool]
    verdicts: Verdicts | None

    def select(self, is_selected: Callable[[str], bool]) -> "Report":
        """Return the report with only the findings whose code is reported."""
        findings, omitted = select_findings(self.findings, self.omitted, is_selected)
        return self._replace(findings=findings, omitted=omitted)


class _Findings:
    """The findings on a model, collected in one walk: on its activations, on the rest, and on what a load runs.

    Args:
        archive: The model.
        target: The target Keras, or None for the newest.
        known: The names that the project provides.
    """

    def __init__(self, archive: Archive, target: str | None, known: KnownNames) -> None:
        most = archive.limits.findings
        self.activations, self.meanings, self.rest, self.unsafe, self.variables = (
            FindingCounter(most, known.drop) for _ in range(5)
        )
        self.first: list[Site] = []
        self.number = 0
        self.with_weights: dict[Steps, Site] = {}
        self._archive = archive
        self._target = target
        self._check_site = SiteChecks(target)

    @property
    def counters(self) -> tuple[FindingCounter, ...]:
        """All counters, in the order of the report."""
        return self.activations, self.meanings, self.rest, self.variables, self.unsafe

    def look(self) -> None:
        """Walk through the model once."""
        archive, target = self._archive, self._target or NEWEST
        if archive.config is not None:
            self.rest.add(find_container_faults(archive, target))
            self.rest.add(find_unnamed_module(archive))
            self.rest.add(find_newer_target(target))
        for node in walk(archive.config, MODEL):
            if node.is_activation:
                self._add_site(node.site)
            if is_weighted(node):
                holders = [one.site for one in node.climb() if one.is_activation]
                self.with_weights.update((site.steps, site) for site in reversed(holders))
            self._add(node, target)
        compiled = (archive.metadata or {}).get(TRAINING_CONFIG)
        if archive.config is not None:
            self.rest.add(check_training(compiled))
        for node in walk(compiled, TRAINING):
            self._add(node, target)

    def _add(self, node: Node, target: str) -> None:
        if node.is_read and self._archive.config is not None:
            self.rest.add(find_rest(node, target))
        if isinstance(node.stored, dict):
            self.unsafe.add(find_unsafe(node))

    def _add_site(self, site: Site) -> None:
        self.number += 1
        if self.number <= self._archive.limits.activations:
            self.first.append(site)
        self.activations.add(self._check_site(site))
        self.meanings.add(find_changed_meaning(site, self._archive.keras_version))


def _list(archive: Archive, *, is_checked: bool) -> Mapping[str, Variable] | None:
    """Return the variables of a model, or None if nothing can list them."""
    return archive.variables(is_checked=is_checked) if archive.is_listable else None


def check_archive(
    archive: Archive,
    target: str | None = None,
    *,
    with_weights: bool = False,
    with_state: bool = True,
    is_checked: bool = False,
    known: KnownNames = NOTHING_KNOWN,
) -> Report:
    """Return the report on a model that has been read.

    Args:
        archive: The model.
        target: The target Keras, such as ``"3.9.2"``, or None for the newest.
        with_weights: Whether to look at the weights; otherwise they are listed only if an activation has some.
        with_state: Whether to look at the state of the optimizer, too.
        is_checked: Whether to read all bytes of the weights that are listed, for the checksum of an archive.
        known: The names that the project provides, on which nothing is reported.

    Raises:
        ArchiveError: The weights are listed, and are damaged or crafted to mislead readers.
    """
    list_once = functools.cache(functools.partial(_list, archive, is_checked=is_checked))
    found = _Findings(archive, target, known)
    found.look()
    state = find_state(archive.config, list(found.with_weights.values()), list_once, is_hdf5=archive.kind is Kind.HDF5)
    found.meanings.add(state.findings)
    builder = Builder(target or NEWEST)
    built = builder.build(archive.config, Inputs())
    found.rest.add(find_shape_faults(archive.config, builder, found.rest.listed))
    if found.rest.verdict is Verdict.LOADS:
        found.rest.add(find_odd_values(archive.config, builder))
    if with_weights:
        is_lost = any(one.code == SAVED_TWICE.code for one in state.findings)
        found.variables.add(find_variable_faults(archive, built, list_once(), is_sharing_lost=is_lost))
        if with_state and not any(one.rule is SAVED_TWICE for one in state.findings):  # the state is of one activation
            found.variables.add(find_state_faults(archive, built, list_once(), target or NEWEST))
    verdicts = Verdicts(
        target=target or NEWEST,
        asked=target is not None,
        whole=find_worst(counter.verdict for counter in found.counters),
        activations=find_worst((found.activations.verdict, found.meanings.verdict)),
        rest=found.rest.verdict,
    )
    return Report(
        path=archive.path,
        kind=archive.kind,
        keras_version=archive.keras_version,
        sites=tuple(found.first),
        unlisted=found.number - len(found.first),
        unread=_LACKS if with_weights and not archive.is_listable else "",
        weights=dict(state.weights),
        findings=tuple(finding for counter in found.counters for finding in counter.listed),
        omitted={key: number for counter in found.counters for key, number in counter.omitted.items()},
        verdicts=None if archive.config is None else verdicts,
    )
