"""A row of the matrix: one layer, every value, written here and read in a second process."""

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
    decided = {
        id_: leave(CASES_BY_NAME[name], library, VALUES[id_], folder / folder_name(VALUES[id_]), sa.ActivationError)
        for id_ in values
    }
    (folder / "decided.json").write_text(json.dumps(decided))
    run_function(read_row, name, library, str(folder))
    return json.loads((folder / "outcomes.json").read_text())


def read_row(name: str, library: str, place: str) -> None:
    """The second process: read what the first one left."""
    folder = pathlib.Path(place)
    decided = json.loads((folder / "decided.json").read_text())
    outcomes = {
        id_: come_back(CASES_BY_NAME[name], library, VALUES[id_], folder / folder_name(VALUES[id_]), known)
        for id_, known in decided.items()
    }
    (folder / "outcomes.json").write_text(json.dumps(outcomes))
