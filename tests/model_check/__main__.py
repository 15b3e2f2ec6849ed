"""Compare ``check_model`` with the matrix of stock Keras: ``python -m tests.model_check [LAYER ...]``.

A cell of the matrix that is lost must be found, and a cell that is kept must not be. The matrix reads the files in this
process here, as ``check_model`` does.
"""

import collections
import pathlib
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator

import keras
import numpy as np

import serialactivation as sa
from serialactivation.testing.numbers import randomize
from tests.matrix.cells import BATCH, come_back, leave, make_model, output_shape
from tests.matrix.layers import CASES, CASES_BY_NAME, Case
from tests.matrix.values import VALUES, Value

WAYS = ("json", "keras", "h5", "clone", "weights")


def find_lost(case: Case, value: Value, *, is_moved: bool = False) -> dict[str, str]:
    """Return what ``check_model`` finds of a stock model on each way; its weights are initial ones unless moved."""
    model = make_model(case, "stock", value.make(output_shape(case)))
    model(np.zeros((BATCH, *case.shape), "float32"))
    if is_moved:
        randomize(model, np.random.default_rng(7))
    report = sa.check_model(model, ways=WAYS)
    return {way: str(next((one for one in report if way in one.ways), "")) for way in WAYS}


def compare_cells(names: Iterable[str], values: Iterable[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the layer, the value, the way, what the matrix says of the cell, and what ``check_model`` finds."""
    for name in names:
        for value in map(VALUES.__getitem__, values):
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                place = pathlib.Path(folder, "cell")
                decided = leave(CASES_BY_NAME[name], "stock", value, place, sa.ActivationError)
                if any(outcome.startswith("failed to be made") for outcome in decided.values()):
                    continue  # there is no model to check
                outcomes = come_back(CASES_BY_NAME[name], "stock", value, place, decided)
                found = find_lost(CASES_BY_NAME[name], value)
            for way in WAYS:
                yield name, value.id, way, outcomes[way], found[way]


def main() -> None:
    names = sys.argv[1:] or [case.name for case in CASES]
    counts: collections.Counter[str] = collections.Counter()
    for name, value, way, outcome, found in compare_cells(names, VALUES):
        is_lost = outcome != "equal"
        kind = ("found" if found else "missed") if is_lost else ("false alarm" if found else "kept")
        counts[kind] += 1
        if kind in ("missed", "false alarm"):
            print(f"{kind}: {name} {value} {way}: {outcome} | {found}", flush=True)
        keras.utils.clear_session(free_memory=False)
    print(dict(counts))


if __name__ == "__main__":
    main()
