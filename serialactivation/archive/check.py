"""What a saved model's activations are, and what is to be said of them. Keras-free."""

import functools
from collections.abc import Iterable, Iterator, Mapping

import attrs

from serialactivation.archive.findings import Finding
from serialactivation.archive.isolated import list_variables
from serialactivation.archive.layout import TRAINING_CONFIG
from serialactivation.archive.limits import DEFAULT_LIMITS, Limits
from serialactivation.archive.loading import find_loading
from serialactivation.archive.reader import Archive, read_archive
from serialactivation.archive.rest import find_rest
from serialactivation.archive.rules import find_changed_meanings, find_findings
from serialactivation.archive.severity import Severity
from serialactivation.archive.sites import Site, Steps, find_sites
from serialactivation.archive.state import find_state
from serialactivation.archive.verdicts import Verdicts, judge
from serialactivation.signatures import NEWEST

__all__ = ["Report", "check_archive", "check_file"]


@attrs.frozen
class Report:
    """What was found in one saved model.

    Attributes:
        archive: The model, as it was read.
        sites: Its activations, in the order in which they stand in the config.
        weights: Whether the weights of those that have any are in the file, by their steps, where that is known.
        findings: What is to be said of them, and then of the rest of the config.
        verdicts: Whether the Keras aimed at loads it, or None where there is no config.
    """

    archive: Archive
    sites: tuple[Site, ...]
    weights: Mapping[Steps, bool]
    findings: tuple[Finding, ...]
    verdicts: Verdicts | None


def check_file(path: str, target: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
    """Return what is to be said of the model at *path*.

    Args:
        path: A file, or the folder that a ``.keras`` archive was unpacked to.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        limits: How much the file may ask of its reader.

    Raises:
        ArchiveError: It cannot be read, or is refused.
    """
    return check_archive(read_archive(path, limits), target)


def check_archive(archive: Archive, target: str | None = None) -> Report:
    """Return what is to be said of a model that has been read.

    Args:
        archive: The model.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
    """
    sites = tuple(find_sites(archive.config))
    found = (*find_findings(sites, target), *find_changed_meanings(sites, archive.keras_version))
    state = find_state(archive, sites, functools.partial(list_variables, archive.path, archive.limits))
    rest = tuple(find_rest(archive, target or NEWEST))
    verdicts = Verdicts(
        target=target or NEWEST,
        asked=target is not None,
        activations=judge((*found, *state.findings), unsure=Severity.WARNING),
        rest=judge(rest, unsure=Severity.NOTE),
    )
    findings = (*found, *state.findings, *rest, *_find_loading(archive, sites))
    return Report(archive, sites, state.weights, findings, None if archive.config is None else verdicts)


def _find_loading(archive: Archive, sites: Iterable[Site]) -> Iterator[Finding]:
    yield from find_loading(archive.config, {site.steps for site in sites})
    yield from find_loading((archive.metadata or {}).get(TRAINING_CONFIG), (), (TRAINING_CONFIG,))
