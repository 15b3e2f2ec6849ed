"""Write the survival table, stock Keras beside this package: ``python -m tests.matrix docs/survival.md``."""

import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import keras

from tests.matrix.cells import WAYS, Outcomes
from tests.matrix.layers import CASES, OWN
from tests.matrix.run import ROOT, run_row
from tests.matrix.values import ACCEPTED, VALUES

LIBRARIES = ("stock", "ours")
SIGNS = {"equal": "=", "refused": "refused", "different": "≠", "failed": "✗"}

Rows = dict[tuple[str, str], dict[str, Outcomes]]
"""Outcomes by library and layer, then by value and way."""

HEAD = """# What survives, measured

This page is written by `nox -s survival`; do not edit it.
Keras {version}, backend {backend}: {layers} layers, {values} values, {ways} ways back, {cells} cells each for stock Keras and for serialactivation.

In each cell a model is made and called once, every weight is set at random, and it goes there and back; another process reads what was written (a clone is made in the same one).
The outputs that come back are compared, to 1e-6, with what the function that the caller passed gives on the layer's linear part.

| sign | meaning |
|---|---|
| `=` | computes the same |
| `≠` | **computes something else, without a word** |
| `✗` | fails: when it is made, saved, or loaded |
| `refused` | refused as the layer is constructed, with the line to write instead |
"""


def kind(outcome: str) -> str:
    """Return the first word: equal, refused, different or failed."""
    return outcome.split(":")[0].split()[0]


def measure(folder: pathlib.Path) -> Rows:
    """Run every row in a process of its own, as many at a time as there are processors."""
    jobs = [(library, case.name) for case in CASES for library in LIBRARIES]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda job: _measure_row(*job, folder / f"{job[0]}_{job[1]}"), jobs))
    return dict(zip(jobs, results, strict=True))


def _measure_row(library: str, name: str, folder: pathlib.Path) -> dict[str, Outcomes]:
    folder.mkdir()
    code = "import sys; from tests.matrix.__main__ import write_row; write_row(*sys.argv[1:])"
    command = [sys.executable, "-c", code, library, name, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _read_json(folder / "outcomes.json")


def _read_json(path: pathlib.Path) -> dict[str, Outcomes]:
    return json.loads(path.read_text())


def write_row(library: str, name: str, folder: str) -> None:
    """Run one row; the second process leaves its outcomes in the folder."""
    run_row(name, library, pathlib.Path(folder), VALUES)


def count(rows: Rows, library: str, name: str | None = None) -> collections.Counter[str]:
    return collections.Counter(
        kind(outcome)
        for (row_library, row_name), values in rows.items()
        if row_library == library and name in (None, row_name)
        for outcomes in values.values()
        for outcome in outcomes.values()
    )


def render(rows: Rows) -> str:
    cells = len(CASES) * len(VALUES) * len(WAYS)
    head = HEAD.format(
        version=keras.__version__,
        backend=keras.backend.backend(),
        layers=len(CASES),
        values=len(VALUES),
        ways=len(WAYS),
        cells=cells,
    )
    return "\n".join(
        [head, *_render_totals(rows), *_render_layers(rows), *_render_values(rows), *_render_reasons(rows)]
    )


def _render_totals(rows: Rows) -> list[str]:
    groups = {
        "Keras's layers": [case.name for case in CASES if case.name not in OWN],
        "a user's own layers": [case.name for case in CASES if case.name in OWN],
    }
    lines = [
        "## In all",
        "",
        "A user's own layers are written as many are: one has no `get_config`, one a `get_config` without the activation.",
        "Stock Keras has them registered and nothing more.",
        "",
        "| layers | | equal | refused at construction | different, silently | fails later |",
        "|---|---|---|---|---|---|",
    ]
    for group, names in groups.items():
        for library, label in (("stock", "stock Keras"), ("ours", "serialactivation")):
            counts = sum((count(rows, library, name) for name in names), collections.Counter())
            total = sum(counts.values())
            shares = [f"{counts[name]} ({100 * counts[name] / total:.0f} %)" for name in SIGNS]
            lines.append(f"| {group} | {label} | {' | '.join(shares)} |")
    return [*lines, ""]


def _render_layers(rows: Rows) -> list[str]:
    lines = [
        "## By layer",
        "",
        "| layer | stock: = | ≠ | ✗ | ours: = | refused | ≠ | ✗ |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in CASES:
        stock, ours = (count(rows, library, case.name) for library in LIBRARIES)
        figures = [stock["equal"], stock["different"], stock["failed"], ours["equal"], ours["refused"]]
        lines.append(f"| {case.name} | {' | '.join(map(str, [*figures, ours['different'], ours['failed']]))} |")
    return [*lines, ""]


def _render_values(rows: Rows) -> list[str]:
    lines = [
        "## By value and way",
        "",
        "Stock Keras on the left of each cell, serialactivation on the right; a number is how many of the layers, where they differ.",
        "",
        f"| value | {' | '.join(WAYS)} |",
        "|---|" + "---|" * len(WAYS),
    ]
    for value in VALUES.values():
        cells = [" → ".join(_render_cell(rows, library, value.id, way) for library in LIBRARIES) for way in WAYS]
        lines.append(f"| `{value.id}` | {' | '.join(cells)} |")
    return [*lines, ""]


def _render_cell(rows: Rows, library: str, value: str, way: str) -> str:
    kinds = collections.Counter(kind(rows[library, case.name][value][way]) for case in CASES)
    if len(kinds) == 1:
        return SIGNS[next(iter(kinds))]
    return ", ".join(f"{number} {SIGNS[name]}" for name, number in kinds.most_common())


def _render_reasons(rows: Rows) -> list[str]:
    """Show one example of each value's loss, so that nobody has to take the signs on trust."""
    lines = [
        "## What stock Keras says of the `.keras` files",
        "",
        "| value | first layer that loses it | outcome |",
        "|---|---|---|",
    ]
    for value in ACCEPTED:
        for case in CASES:
            outcome = rows["stock", case.name][value.id]["keras"]
            if outcome != "equal":
                lines.append(f"| `{value.id}` | {case.name} | {_shorten(outcome)} |")
                break
    return [*lines, ""]


def _shorten(outcome: str) -> str:
    """Return *outcome* without what differs from run to run, and would break the table."""
    return re.sub(r"0x[0-9a-f]+", "0x...", outcome).replace("|", "/")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = render(measure(pathlib.Path(folder)))
    target = pathlib.Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".tmp")
    beside.write_text(text)
    beside.replace(target)


if __name__ == "__main__":
    main()
