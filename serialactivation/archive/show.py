"""Reports of saved models as text and as JSON. Keras-free."""

import collections
import json
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from serialactivation.archive.check import Report
from serialactivation.archive.findings import Finding, Severity
from serialactivation.archive.sites import LAMBDA, Site, find_label
from serialactivation.errors import ArchiveError
from serialactivation.notation import PACKAGE, PARTIAL
from serialactivation.typing import JSON

__all__ = ["Outcomes", "count_failing", "describe", "show_json", "show_text"]

FORMAT_VERSION: Final = 1
"""The version of the JSON format; it changes when a key does."""

Outcomes = Mapping[str, Report | ArchiveError]
"""What was found, or why nothing could be, by path."""

# What every layer's config holds besides its own arguments.
_BASE: Final = ("dtype", "name", "trainable")


def describe(stored: JSON) -> str:
    """Return an activation as it would be written: ``gelu``, ``ReLU(max_value=6.0)``, ``relu(negative_slope=0.1)``."""
    label = find_label(stored)
    inner = stored.get("config") if isinstance(stored, Mapping) else None
    if label == LAMBDA or not isinstance(inner, Mapping):
        return label
    if isinstance(stored, Mapping) and stored.get("registered_name") == f"{PACKAGE}>{PARTIAL}":
        keywords = inner.get("keywords")
        return _call(describe(inner.get("function")), keywords if isinstance(keywords, Mapping) else {})
    return _call(label, inner)


def _call(name: str, config: Mapping[str, JSON]) -> str:
    plain = {
        key: value for key, value in config.items() if key not in _BASE and isinstance(value, bool | int | float | str)
    }
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in plain.items())})"


def show_text(outcomes: Outcomes, severity: Severity) -> str:
    """Return the reports as text: each model's activations, then the findings, then a line in all.

    Args:
        outcomes: What was found.
        severity: The least that a finding must matter to be counted in the last line.
    """
    lines = [line for path, outcome in outcomes.items() for line in _show_file(path, outcome)]
    return "\n".join([*lines, _summarize(outcomes, severity)])


def _show_file(path: str, outcome: Report | ArchiveError) -> list[str]:
    if isinstance(outcome, ArchiveError):
        return [f"{path}: {outcome.code} error: {outcome.reason}. {outcome.cure}", ""]
    version = outcome.archive.keras_version
    lines = [f"{path}: {outcome.archive.kind.value}{'' if version is None else f', Keras {version}'}"]
    if outcome.archive.config is None:
        lines.append("  weights only: there is no config, and so no activation, in it")
    width = max((len(site.layer) for site in outcome.sites), default=0)
    owners = collections.Counter(site.shared_id for site in outcome.sites)
    for site in outcome.sites:
        number = 0 if site.shared_id is None else owners[site.shared_id]
        shared = f", shared by {number}" if number > 1 else ""
        lines.append(f"  {site.layer:{width}}  {site.field} = {describe(site.stored)}{shared}")
    for finding in outcome.findings:
        lines.append(f"  {finding.code} {finding.severity.name.lower()}: {finding.layer}: {finding.evidence}")
        lines += [f"    at {finding.path}", f"    {finding.cure.replace('FILE', path)}"]
    return [*lines, ""]


def _summarize(outcomes: Outcomes, severity: Severity) -> str:
    found = [finding for outcome in outcomes.values() for finding in _findings(outcome)]
    counts = collections.Counter(finding.severity for finding in found)
    said = ", ".join(_plural(counts[one], one.name.lower()) for one in reversed(Severity) if counts[one])
    unreadable = sum(isinstance(outcome, ArchiveError) for outcome in outcomes.values())
    failing = count_failing(outcomes, severity)
    verdict = f"{failing} to mend" if failing else "" if unreadable else "nothing to mend"
    parts = [said or "no findings", f"{unreadable} unreadable" if unreadable else "", verdict]
    return f"{_plural(len(outcomes), 'file')}: {', '.join(part for part in parts if part)}."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def count_failing(outcomes: Outcomes, severity: Severity) -> int:
    """Return how many findings matter as much as *severity*, or more."""
    return sum(finding.severity >= severity for outcome in outcomes.values() for finding in _findings(outcome))


def _findings(outcome: Report | ArchiveError) -> tuple[Finding, ...]:
    return outcome.findings if isinstance(outcome, Report) else ()


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
