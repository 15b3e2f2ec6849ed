"""What is to be said of a saved model that has been read. Keras-free."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from serialactivation.archive.findings import Finding
from serialactivation.archive.isolated import list_variables
from serialactivation.archive.layout import TRAINING_CONFIG
from serialactivation.archive.loading import find_loading
from serialactivation.archive.reader import Archive, Kind
from serialactivation.archive.rest import find_rest
from serialactivation.archive.rules import find_changed_meanings, find_findings
from serialactivation.archive.severity import Severity
from serialactivation.archive.sites import Site, Steps, find_sites
from serialactivation.archive.state import find_state
from serialactivation.archive.verdicts import Verdicts, judge
from serialactivation.signatures import NEWEST

__all__ = ["Report", "check_archive"]


class Report(NamedTuple):
    """What was found in one saved model: of its activations, and then of the rest of the config.

    Attributes:
        path: The file, or folder.
        findings: What is to be said of it.
        kind: What it was saved as.
        keras_version: The version of Keras that wrote it, or None where it does not say.
        sites: Its activations, in the order in which they stand in the config.
        weights: Whether the weights of those that have any are in the file, by their steps, where that is known.
        verdicts: Whether the Keras aimed at loads it, or None where there is no config.
    """

    path: str
    findings: tuple[Finding, ...]
    kind: Kind
    keras_version: str | None
    sites: tuple[Site, ...]
    weights: Mapping[Steps, bool]
    verdicts: Verdicts | None

    def with_findings(self, findings: tuple[Finding, ...]) -> "Report":
        """Return it with other *findings* in their place."""
        return self._replace(findings=findings)


def check_archive(archive: Archive, target: str | None = None, *, with_weights: bool = False) -> Report:
    """Return what is to be said of a model that has been read.

    Args:
        archive: The model.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        with_weights: Whether to list its weights even where none is an activation's.

    Raises:
        ArchiveError: The weights are listed, and are damaged, or made to deceive.
    """
    list_once = functools.cache(functools.partial(list_variables, archive.path, archive.limits))
    if with_weights:
        list_once()
    sites = tuple(find_sites(archive.config))
    found = (*find_findings(sites, target), *find_changed_meanings(sites, archive.keras_version))
    state = find_state(archive, sites, list_once)
    rest = tuple(find_rest(archive, target or NEWEST))
    verdicts = Verdicts(
        target=target or NEWEST,
        asked=target is not None,
        activations=judge((*found, *state.findings), unsure=Severity.WARNING),
        rest=judge(rest, unsure=Severity.NOTE),
    )
    findings = (*found, *state.findings, *rest, *_find_loading(archive, sites))
    return Report(
        path=archive.path,
        kind=archive.kind,
        keras_version=archive.keras_version,
        sites=sites,
        weights=state.weights,
        findings=findings,
        verdicts=None if archive.config is None else verdicts,
    )


def _find_loading(archive: Archive, sites: Iterable[Site]) -> Iterator[Finding]:
    yield from find_loading(archive.config, {site.steps for site in sites})
    yield from find_loading((archive.metadata or {}).get(TRAINING_CONFIG), (), (TRAINING_CONFIG,))
