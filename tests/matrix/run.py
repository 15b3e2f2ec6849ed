"""Rows of the matrix: a layer each, with every value, written here and read in a second process."""

import json
import pathlib
from collections.abc import Iterable

import serialactivation as sa
from tests.helpers.processes import run_function
from tests.matrix.cells import Outcomes, come_back, folder_name, leave
from tests.matrix.layers import CASES_BY_NAME
from tests.matrix.values import VALUES


def run_row(name: str, library: str, folder: pathlib.Path, values: Iterable[str]) -> dict[str, Outcomes]:
    """Return the outcome of every cell of layer *name*, by value and way."""
    _leave_row(name, library, folder, values)
    run_function(read_rows, str(folder))
    return _read_outcomes(folder)


def run_rows(
    names: Iterable[str], library: str, folder: pathlib.Path, values: Iterable[str]
) -> dict[str, dict[str, Outcomes]]:
    """Return the outcomes of several layers, by name; one process reads them all."""
    places = {name: folder / name for name in names}
    for name, place in places.items():
        place.mkdir()
        _leave_row(name, library, place, values)
    run_function(read_rows, *map(str, places.values()))
    return {name: _read_outcomes(place) for name, place in places.items()}


def _leave_row(name: str, library: str, folder: pathlib.Path, values: Iterable[str]) -> None:
    decided = {
        id_: leave(CASES_BY_NAME[name], library, VALUES[id_], folder / folder_name(VALUES[id_]), sa.ActivationError)
        for id_ in values
    }
    (folder / "decided.json").write_text(json.dumps({"name": name, "library": library, "decided": decided}))


def _read_outcomes(folder: pathlib.Path) -> dict[str, Outcomes]:
    return json.loads((folder / "outcomes.json").read_text())


def read_rows(*places: str) -> None:
    """The second process: read what the first one left."""
    for place in map(pathlib.Path, places):
        row = json.loads((place / "decided.json").read_text())
        outcomes = {
            id_: come_back(
                CASES_BY_NAME[row["name"]], row["library"], VALUES[id_], place / folder_name(VALUES[id_]), known
            )
            for id_, known in row["decided"].items()
        }
        (place / "outcomes.json").write_text(json.dumps(outcomes))
