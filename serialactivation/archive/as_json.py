"""Reports of saved models as JSON. Keras-free."""

import json
from collections.abc import Sequence
from typing import Final

import attrs

from serialactivation.archive.check import Report
from serialactivation.archive.describe import describe
from serialactivation.archive.outcomes import Outcomes
from serialactivation.archive.sites import Site
from serialactivation.errors import ArchiveError

__all__ = ["FORMAT_VERSION", "show_json"]

FORMAT_VERSION: Final = 1
"""The version of the JSON format; it changes when a key does."""


def show_json(outcomes: Outcomes) -> str:
    """Return the reports as JSON: ``version``, ``files`` and ``unreadable``."""
    reports = {path: outcome for path, outcome in outcomes.items() if isinstance(outcome, Report)}
    unreadable = [outcome for outcome in outcomes.values() if isinstance(outcome, ArchiveError)]
    return json.dumps(
        {
            "version": FORMAT_VERSION,
            "files": [_report(path, report) for path, report in reports.items()],
            "unreadable": [attrs.asdict(error) for error in unreadable],
        },
        indent=2,
    )


def _report(path: str, report: Report) -> dict[str, object]:
    return {
        "path": path,
        "kind": report.archive.kind.value,
        "keras_version": report.archive.keras_version,
        "activations": [_site(site) for site in report.sites],
        "findings": [
            {**attrs.asdict(finding), "severity": finding.severity.name.lower()} for finding in report.findings
        ],
    }


def _site(site: Site) -> dict[str, object]:
    shown: Sequence[str] = ("layer", "class_name", "field", "path")
    told = {name: getattr(site, name) for name in shown}
    return {**told, "activation": describe(site.stored), "shared_object_id": site.shared_id}
