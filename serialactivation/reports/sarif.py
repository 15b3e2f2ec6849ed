"""Findings as SARIF 2.1.0, which programs that collect findings read. Keras-free.

A place is a file with a logical location in it: the path in a config, which has no lines since it is one line, in an
archive; or the qualified name in a source, which has a region too. A file that cannot be read is a result too, since
what shows results shows nothing else.

Source:
    OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import hashlib
import os
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from serialactivation import __version__, errors
from serialactivation.files.printable import printable
from serialactivation.files.refusals import Skipped
from serialactivation.files.regions import Region
from serialactivation.reports.budget import Budget, Rest, say_omitted
from serialactivation.reports.json_parts import Dumped, dump
from serialactivation.reports.outcomes import Outcome, Outcomes, Refusal, is_refusal, is_told
from serialactivation.reports.words import say_error, say_finding, say_place
from serialactivation.rules.codes.entry import Entry
from serialactivation.rules.codes.table import CODES
from serialactivation.rules.finding import Finding

__all__ = ["show_sarif"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LONGEST: Final = 1000
_INDICES: Final = {code: index for index, code in enumerate(CODES)}
_FINGERPRINT: Final = "serialactivation/v1"

_Object = dict[str, object]


def show_sarif(outcomes: Outcomes, budget: Budget) -> str:
    """Return the findings that there is room for as a SARIF log of one run, in ASCII."""
    notes: list[_Object] = []
    results = [text for path, outcome in outcomes.items() for text in _results(path, outcome, budget, notes)]
    driver = {"name": "serialactivation", "version": __version__, "rules": [_rule(entry) for entry in CODES.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(outcomes, notes)],
        "results": results,
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(entry: Entry) -> _Object:
    return {
        "id": entry.code,
        "shortDescription": {"text": entry.meaning},
        "fullDescription": {"text": entry.why},
        "help": {"text": f"{entry.why}\n\nExample: {entry.example}\n\n{entry.cure}"},
        "defaultConfiguration": {"level": entry.severity.name.lower()},
        "properties": {"tags": ["keras", "serialization"]},
    }


def _invocation(outcomes: Outcomes, notes: list[_Object]) -> _Object:
    """Return what there is to say of the run beside *notes*; a file that is skipped is one more."""
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


def _results(path: str, outcome: Outcome, budget: Budget, notes: list[_Object]) -> Iterator[Dumped]:
    """Yield the results of one file that there is room for, and add a note on the others."""
    if is_refusal(outcome):
        locations: list[_Object] = [{"physicalLocation": {**_physical(path), **_line(outcome)}}]
        yield Dumped.of(_result(outcome.code, "error", say_error(outcome), locations, f"{path}\0{outcome.code}"))
    elif is_told(outcome):
        rest = Rest(outcome, budget)
        for finding in outcome.findings:
            dumped = Dumped.of(_find(path, finding))
            if rest.has_room(dumped.text, finding):
                yield dumped
        notes += [
            _note(path, f"{code} {one.name.lower()}: {clause}") for code, one, clause in say_omitted(rest.omitted)
        ]


def _find(path: str, finding: Finding) -> _Object:
    kind = "value" if finding.region is None else "member"
    logical = {"fullyQualifiedName": printable(finding.path, _LONGEST), "kind": kind}
    physical = {**_physical(path), **_show_region(finding.region)}
    logicals = [logical, *_say_cell(finding.region)]
    locations: list[_Object] = [{"physicalLocation": physical, "logicalLocations": logicals}]
    told = f"{path}\0{finding.code}\0{finding.layer}\0{finding.path}"
    return _result(finding.code, finding.severity.name.lower(), say_finding(finding, path), locations, told)


def _line(refusal: Refusal) -> _Object:
    line = refusal.line if isinstance(refusal, errors.SourceError) and refusal.cell is None else None
    return {} if line is None else {"region": {"startLine": line}}


def _show_region(region: Region | None) -> _Object:
    if region is None:
        return {}
    if region.file_line is not None:  # a notebook, whose columns are no file's
        return {"region": {"startLine": region.file_line, "endLine": region.file_end_line}}
    start = {"startLine": region.line, "startColumn": region.column}
    return {"region": {**start, "endLine": region.end_line, "endColumn": region.end_column}}


def _say_cell(region: Region | None) -> Iterator[_Object]:
    """Yield the place in a notebook's cell, for which SARIF has nothing of its own."""
    if region is not None and region.cell is not None:
        yield {"fullyQualifiedName": say_place(region), "kind": "member"}


def _result(code: str, level: str, message: str, locations: list[_Object], told_apart_by: str) -> _Object:
    digest = hashlib.sha256(told_apart_by.encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": code,
        "ruleIndex": _INDICES[code],
        "level": level,
        "message": {"text": message},
        "locations": locations,
        "partialFingerprints": {_FINGERPRINT: digest},
    }


def _physical(path: str) -> _Object:
    """Return the place of a file: a relative URI, which is meant from where the run was started, or an absolute one."""
    uri = quote(os.fsencode(os.path.normpath(path).replace(os.sep, "/")), safe="/")
    return {"artifactLocation": {"uri": f"file://{uri}" if os.path.isabs(path) else uri}}
