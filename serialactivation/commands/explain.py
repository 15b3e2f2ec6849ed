"""The command ``explain``: what a code or an error means, its cause, and what to do. Keras-free."""

import sys
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from serialactivation.commands.statuses import USAGE
from serialactivation.errors.explained import ERRORS, ErrorEntry
from serialactivation.files.printable import printable
from serialactivation.rules.registry import CODES
from serialactivation.rules.rule import FIX, REPLACE, SCALE, Rule

__all__ = ["explain"]

_SERIES: Final = "SA"
_REPAIRS: Final = {
    FIX: "serialactivation lint --fix",
    REPLACE: "serialactivation repair --replace",
    SCALE: "serialactivation repair --scale-hard-sigmoid",
}

_Entry: TypeAlias = Rule | ErrorEntry


def explain(asked: Sequence[str]) -> int:
    """Print what codes and errors mean, or a line for each code and error if no argument is given.

    Args:
        asked: Codes, such as ``SA101``; beginnings of codes, such as ``SA1``, for a line on each of the family; and
            names of errors and warnings, such as ``ActivationBuildError``.

    Returns:
        0, or 4 if there is no such code or error.
    """
    found = {one: list(_find(one)) for one in asked}
    unknown = next((one for one, entries in found.items() if not entries), None)
    if unknown is not None:
        print(f"serialactivation explain: {_refuse(unknown)}", file=sys.stderr)
        return USAGE
    every: list[_Entry] = [*CODES.values(), *ERRORS.values()]
    print("\n\n".join(map(_show, found.values())) if found else _list_all(every))
    return 0


def _find(asked: str) -> Iterator[_Entry]:
    """Yield the entry for the code or error *asked*, or the entries for all codes that start with it."""
    code, name = asked.upper(), asked.rpartition(".")[2].casefold()
    if code in CODES:
        yield CODES[code]
    elif code.startswith(_SERIES):
        yield from (entry for known, entry in CODES.items() if known.startswith(code))
    yield from (entry for known, entry in ERRORS.items() if known.casefold() == name)


def _refuse(asked: str) -> str:
    from serialactivation.catalog.near_names import find_near

    near = find_near(asked.rpartition(".")[2], [*CODES, *ERRORS])
    proposed = f"Did you mean {' or '.join(near)}? " if near else ""
    known = "Give a code such as SA101, or an error such as ActivationBuildError; serialactivation explain lists all."
    return f"there is no code or error {printable(asked)!r}. {proposed}{known}"


def _show(entries: Sequence[_Entry]) -> str:
    """Return the whole text of one entry, or a line for each entry of a family."""
    return _describe(entries[0]) if len(entries) == 1 else _list_all(entries)


def _list_all(entries: Sequence[_Entry]) -> str:
    return "\n".join(map(_list, entries))


def _list(entry: _Entry) -> str:
    if isinstance(entry, ErrorEntry):
        return f"{entry.name}  {entry.meaning}"
    return f"{entry.code}  {entry.severity.name.lower():7}  {entry.meaning}"


def _describe(entry: _Entry) -> str:
    if isinstance(entry, ErrorEntry):
        heading, why = f"serialactivation.errors.{entry.name} ({', '.join(entry.bases)})", f"When: {entry.when}"
    else:
        heading, why = f"{entry.code} ({entry.severity.name.lower()})", f"Why: {entry.why}"
    repairs = " or ".join(_name_repairs(entry.repairs)) if isinstance(entry, Rule) else ""
    repair = f"\n\nRepair: {repairs}" if repairs else ""
    advisories = entry.advisories if isinstance(entry, Rule) else ()
    known = f"\n\nAdvisories: {', '.join(advisories)}" if advisories else ""
    return f"{heading}\n{entry.meaning}\n\n{why}\n\nExample: {entry.example}\n\nWhat to do: {entry.cure}{repair}{known}"


def _name_repairs(names: Sequence[str]) -> Iterator[str]:
    yield from (_REPAIRS[name] for name in names if name in _REPAIRS)
    if plain := ", ".join(name for name in names if name not in _REPAIRS):
        yield f"serialactivation repair ({plain})"
        yield "serialactivation.load_model(path, repair=True)"
