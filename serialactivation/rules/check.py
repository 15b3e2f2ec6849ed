"""What a saved model's activations are, and what is to be said of them: all rules over it. Keras-free."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from serialactivation.catalog.classes import NEWEST
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.saved_model import Archive, Kind, read_archive
from serialactivation.rules.activations import find_changed_meanings, find_findings
from serialactivation.rules.finding import Finding, Omitted
from serialactivation.rules.tally import Tally, select
from serialactivation.rules.unsafe import find_loading
from serialactivation.rules.verdicts import Verdicts, find_worst, judge
from serialactivation.rules.versions import find_rest
from serialactivation.rules.weights import WeightFinder, find_state
from serialactivation.tree.activations import Site, Steps, find_sites
from serialactivation.typing import JSON

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


class _Listing:
    """The activations of a config as they go by: the first of them, how many there are, and those with weights."""

    def __init__(self, config: JSON, most: int) -> None:
        self._config = config
        self._most = most
        self._holds_weights = WeightFinder()
        self.first: list[Site] = []
        self.number = 0
        self.with_weights: list[Site] = []

    def __iter__(self) -> Iterator[Site]:
        for site in find_sites(self._config):
            self.number += 1
            if self.number <= self._most:
                self.first.append(site)
            if self._holds_weights(site.stored):
                self.with_weights.append(site)
            yield site


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
    tally, listing = Tally(archive.limits.findings), _Listing(archive.config, archive.limits.activations)
    weights: dict[Steps, bool] = {}

    def find_in_activations() -> Iterator[Finding]:
        yield from find_findings(listing, target)
        yield from find_changed_meanings(find_sites(archive.config), archive.keras_version)
        is_hdf5 = archive.kind is Kind.HDF5
        state = find_state(archive.config, listing.with_weights, list_once, is_hdf5=is_hdf5)
        weights.update(state.weights)
        yield from state.findings

    families = (find_in_activations(), find_rest(archive, target or NEWEST), _find_loading(archive))
    activations, rest, unsafe = (judge(tally.watch(findings)) for findings in families)
    verdicts = Verdicts(
        target=target or NEWEST,
        asked=target is not None,
        whole=find_worst((activations, rest, unsafe)),
        activations=activations,
        rest=rest,
    )
    return Report(
        path=archive.path,
        kind=archive.kind,
        keras_version=archive.keras_version,
        sites=tuple(listing.first),
        unlisted=listing.number - len(listing.first),
        weights=weights,
        findings=tally.kept,
        omitted=tally.omitted,
        verdicts=None if archive.config is None else verdicts,
    )


def _find_loading(archive: Archive) -> Iterator[Finding]:
    yield from find_loading(archive.config)
    yield from find_loading((archive.metadata or {}).get(TRAINING_CONFIG), (TRAINING_CONFIG,))
