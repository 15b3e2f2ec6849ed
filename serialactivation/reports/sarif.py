"""Findings as SARIF 2.1.0, for programs that collect findings. Keras-free.

The location of a finding is a file with a logical location in it: in an archive, the path in the config, which is one
line and has no regions; in source, the qualified name, with a region. A file that cannot be read is a result too, since
programs that show results show nothing else.

Source:
    OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from serialactivation import __version__, errors
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.refusals import Skipped
from serialactivation.files.regions import Region
from serialactivation.reports.budget import Budget, Unlisted, format_omitted
from serialactivation.reports.json_parts import JsonText, dump
from serialactivation.reports.outcomes import Outcome, Outcomes, Refusal, is_refusal, is_report
from serialactivation.reports.wording import format_cell_place, format_error, format_finding
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Rule

__all__ = ["show_sarif"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT: Final = "serialactivation/v1"

_Object = dict[str, object]


def show_sarif(outcomes: Outcomes, budget: Budget, rules: Sequence[Rule]) -> str:
    """Return the findings that fit as a SARIF log of one run, in ASCII.

    Args:
        outcomes: The outcomes by path.
        budget: The room for them.
        rules: All rules, in their order.
    """
    indices = {rule.code: index for index, rule in enumerate(rules)}
    notes: list[_Object] = []
    results = [text for path, outcome in outcomes.items() for text in _results(path, outcome, budget, notes, indices)]
    driver = {"name": "serialactivation", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(outcomes, notes)],
        "results": results,
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> _Object:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\nExample: {rule.example}\n\n{rule.cure}"},
        "defaultConfiguration": {"level": rule.severity.name.lower()},
        "properties": {"tags": ["keras", "serialization", *_tag(rule)], **_describe(rule)},
    }


def _tag(rule: Rule) -> list[str]:
    """Return the tags of a rule that advisories are about."""
    return ["security"] if rule.advisories else []


def _describe(rule: Rule) -> _Object:
    """Return the repair and the advisories of a rule, as far as it has any."""
    advisories: _Object = {"advisories": list(rule.advisories)} if rule.advisories else {}
    return {**({"repair": ", ".join(rule.repairs)} if rule.repairs else {}), **advisories}


def _invocation(outcomes: Outcomes, notes: list[_Object]) -> _Object:
    """Return the record of the run with its *notes*; each skipped file adds one."""
    skipped = ((path, outcome) for path, outcome in outcomes.items() if isinstance(outcome, Skipped))
    notes += [_note(path, f"skipped: {printable(outcome.reason)}") for path, outcome in skipped]
    unreadable = any(map(is_refusal, outcomes.values()))
    return {"executionSuccessful": not unreadable, "toolExecutionNotifications": notes}


def _note(path: str, text: str) -> _Object:
    return {
        "level": "note",
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(path)}],
    }


def _results(
    path: str, outcome: Outcome, budget: Budget, notes: list[_Object], indices: Mapping[str, int]
) -> Iterator[JsonText]:
    """Yield the results on one file that fit, and add a note on the others."""
    if is_refusal(outcome):
        locations: list[_Object] = [{"physicalLocation": {**_physical(path), **_line(outcome)}}]
        message = _say(outcome.code, "error", format_error(outcome), f"{path}\0{outcome.code}")
        yield JsonText.of({**message, "ruleIndex": indices[outcome.code], "locations": locations})
    elif is_report(outcome):
        unlisted = Unlisted(outcome, budget)
        for finding in outcome.findings:
            dumped = JsonText.of({**_find(path, finding), "ruleIndex": indices[finding.code]})
            if unlisted.has_room(dumped.text, finding):
                yield dumped
        notes += [
            _note(path, f"{code} {level.name.lower()}: {clause}")
            for code, level, clause in format_omitted(unlisted.omitted)
        ]


def _find(path: str, finding: Finding) -> _Object:
    kind = "value" if finding.region is None else "member"
    logical = {"fullyQualifiedName": printable(finding.path, LONGEST_TEXT), "kind": kind}
    physical = {**_physical(path), **_show_region(finding.region)}
    logicals = [logical, *_format_cell(finding.region)]
    locations: list[_Object] = [{"physicalLocation": physical, "logicalLocations": logicals}]
    identity = f"{path}\0{finding.code}\0{finding.layer}\0{finding.path}"
    message = _say(finding.code, finding.severity.name.lower(), format_finding(finding, path), identity)
    known: _Object = {"properties": {"advisories": list(finding.advisories)}} if finding.advisories else {}
    return {**message, "locations": locations, **known}


def _line(refusal: Refusal) -> _Object:
    line = refusal.line if isinstance(refusal, errors.SourceError) and refusal.cell is None else None
    return {} if line is None else {"region": {"startLine": line}}


def _show_region(region: Region | None) -> _Object:
    if region is None:
        return {}
    if region.file_line is not None:  # a notebook: SARIF has no columns in a cell
        return {"region": {"startLine": region.file_line, "endLine": region.file_end_line}}
    start = {"startLine": region.line, "startColumn": region.column}
    return {"region": {**start, "endLine": region.end_line, "endColumn": region.end_column}}


def _format_cell(region: Region | None) -> Iterator[_Object]:
    """Yield the place in a notebook's cell as a logical location, since SARIF has no cells."""
    if region is not None and region.cell is not None:
        yield {"fullyQualifiedName": format_cell_place(region), "kind": "member"}


def _say(code: str, level: str, message: str, identity: str) -> _Object:
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": code,
        "level": level,
        "message": {"text": message},
        "partialFingerprints": {_FINGERPRINT: digest},
    }


def _physical(path: str) -> _Object:
    """Return the location of a file: a URI, relative to the working directory or absolute."""
    uri = quote(os.fsencode(os.path.normpath(path).replace(os.sep, "/")), safe="/")
    return {"artifactLocation": {"uri": f"file://{uri}" if os.path.isabs(path) else uri}}
