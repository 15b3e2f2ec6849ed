"""Makes what a page shows of a saved model, from its file and the report of ``check``. Keras-free."""

import collections
import os
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.saved_model import Archive
from serialactivation.pages.records import FindingEntry, ModelEntry, Tone
from serialactivation.pages.sharing import find_shared
from serialactivation.pages.stored_layers import StoredLayers
from serialactivation.reports.budget import format_omitted
from serialactivation.reports.outcomes import Refusal
from serialactivation.reports.wording import format_cure, format_path, format_refusal
from serialactivation.rules.check import Report
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.tree.activations import Steps

__all__ = ["describe_file", "describe_refusal"]

_TONES: Final[Mapping[Verdict, Tone]] = {
    Verdict.LOADS: Tone.GOOD,
    Verdict.NOT_KNOWN: Tone.DOUBT,
    Verdict.OTHERWISE: Tone.BAD,
    Verdict.UNCALLABLE: Tone.BAD,
    Verdict.DOES_NOT_LOAD: Tone.BAD,
    Verdict.RUNS: Tone.BAD,
}
_SENTENCES: Final[Mapping[Verdict, str]] = {
    Verdict.LOADS: "Keras {target} loads it, and it computes what it was saved with.",
    Verdict.OTHERWISE: "Keras {target} loads it, but it computes something else.",
    Verdict.UNCALLABLE: "Keras {target} loads it, but it cannot be called.",
    Verdict.NOT_KNOWN: "Whether Keras {target} loads it depends on what is not in the file.",
    Verdict.DOES_NOT_LOAD: "Keras {target} does not load it.",
    Verdict.RUNS: "A load in Keras {target} would run or read something that no model needs.",
}


def describe_file(archive: Archive, report: Report) -> ModelEntry:
    """Return what a page shows of a saved model.

    Args:
        archive: The model.
        report: What ``check`` says of it.

    Raises:
        ArchiveError: The weights are damaged or crafted to mislead readers.
    """
    layers = StoredLayers(archive, report)
    listed, unlisted = layers.make(archive.limits.activations)
    findings = _place(report, {steps: number for number, steps in enumerate(layers.steps[: len(listed)])})
    entries = [attrs.evolve(one, findings=tuple(findings.get(one.number, ()))) for one in listed]
    verdict = None if report.verdicts is None else report.verdicts.whole
    return ModelEntry(
        title=format_path(os.path.basename(os.path.abspath(report.path))),
        verdict=_write_verdict(report),
        tone=Tone.DOUBT if verdict is None else _TONES[verdict],
        facts=tuple(_list_facts(report, layers)),
        remarks=tuple(_list_remarks(report, unlisted)),
        layers=tuple(entries),
        findings=tuple(findings.get(None, ())),
        shared=find_shared(entries),
    )


def describe_refusal(path: str, error: Refusal) -> ModelEntry:
    """Return what a page shows of a file that cannot be read."""
    reason, cure = format_refusal(error)
    finding = FindingEntry(
        code=error.code, severity="error", place="", text=reason, path="", cure=cure, note="", layer=None
    )
    title = format_path(os.path.basename(os.path.abspath(path)))
    return ModelEntry(title=title, verdict="It cannot be read.", tone=Tone.BAD, findings=(finding,))


def _write_verdict(report: Report) -> str:
    if report.verdicts is None:
        return "It has weights only: there is no config, and therefore no activation."
    return _SENTENCES[report.verdicts.whole].format(target=report.verdicts.target)


def _list_facts(report: Report, layers: StoredLayers) -> Iterator[tuple[str, str]]:
    yield "Format", report.kind.value
    if report.keras_version is not None:
        yield "Written by", f"Keras {printable(report.keras_version)}"
    if report.verdicts is not None:
        yield "Layers", f"{len(layers.nodes):,}"
        yield "Activations", f"{len(report.sites) + report.unlisted:,}"
    for severity, number in _count(report):
        yield f"{severity.name.capitalize()}s", f"{number:,}"


def _count(report: Report) -> Iterator[tuple[Severity, int]]:
    """Yield how many findings of each severity there are, the worst first."""
    counts = collections.Counter(finding.severity for finding in report.findings)
    for (_, severity), number in report.omitted.items():
        counts[severity] += number
    yield from ((one, counts[one]) for one in reversed(Severity) if counts[one])


def _list_remarks(report: Report, unlisted: int) -> Iterator[str]:
    if report.unread:
        yield f"The weights were not looked at: {report.unread}."
    if unlisted:
        yield f"{unlisted:,} more {'layer is' if unlisted == 1 else 'layers are'} not listed."
    for code, _, clause in format_omitted(report.omitted):
        yield f"{code}: {clause}."


def _place(report: Report, places: Mapping[Steps, int]) -> dict[int | None, list[FindingEntry]]:
    """Return the findings by the number of the layer that they belong to, or None for the whole model."""
    placed: dict[int | None, list[FindingEntry]] = {}
    for finding in report.findings:
        number = _find_layer(finding.location, places)
        placed.setdefault(number, []).append(_make_finding(finding, report.path, number))
    return placed


def _find_layer(location: Steps | str, places: Mapping[Steps, int]) -> int | None:
    """Return the number of the innermost layer that a place is in."""
    if isinstance(location, str):
        return None
    starts = (location[:end] for end in range(len(location), 0, -1))
    return next((places[start] for start in starts if start in places), None)


def _make_finding(finding: Finding, path: str, number: int | None) -> FindingEntry:
    cure, *note = format_cure(finding, path)
    return FindingEntry(
        code=finding.code,
        severity=finding.severity.name.lower(),
        place=printable(finding.layer),
        text=printable(finding.evidence, LONGEST_TEXT),
        path=printable(finding.path, LONGEST_TEXT),
        cure=cure,
        note=" ".join(note),
        layer=number,
    )
