"""The pages of the survival table: one for each Keras and backend, and one that leads to them."""

import collections
import pathlib
import re

import keras

from tests.matrix.cells import WAYS, Outcomes
from tests.matrix.layers import CASES, OWN
from tests.matrix.values import ACCEPTED, VALUES

__all__ = ["LIBRARIES", "Rows", "page_name", "render", "render_index"]

LIBRARIES = ("stock", "ours")
SIGNS = {"equal": "=", "refused": "refused", "different": "≠", "failed": "✗"}

Rows = dict[tuple[str, str], dict[str, Outcomes]]
"""Outcomes by library and layer, then by value and way."""

METHOD = """Each cell is one layer with one activation, and one way back: a config, JSON, a `.keras` file, an `.h5` file, a clone, or a weights file.
For each cell, a model is made and called once, and all its weights are set at random. The model is then saved, and another process loads it; only a clone is made in the same process.
The outputs of the loaded model are compared, with a tolerance of 1e-6, with the expected ones: the function that was passed, applied to what the layer computes without an activation.
Users' own layers are written as users often write them: one has no `get_config`, and one has a `get_config` that leaves out the activation.
For stock Keras, these layers are only registered."""

HEAD = """# What survives on Keras {version} with {backend}

This page is written by `python -m tests.matrix docs`; do not edit it. [All versions and backends](../survival.md).
{layers} layers, {values} values, {ways} ways back: {cells} cells each for stock Keras and for serialactivation.

{method}

| sign | meaning |
|---|---|
| `=` | computes the same |
| `≠` | **computes something else, silently** |
| `✗` | fails when it is made, saved or loaded |
| `refused` | refused when the layer is constructed, with the line to write instead |
"""

INDEX = """# What survives, measured

This page is written by `python -m tests.matrix docs`, which the nox sessions `survival` and `survival_of` run; do not edit it.

{method}

Training, checkpoints, quantization, distribution and exports are in [What survives in each stage of a model's life](survival/stages.md); layers of other packages are in [What survives in layers of other packages](survival/downstream.md).
The nightly of Keras 3.16 loses other functions than Keras 3.15: see [What Keras 3.16 changes](explanation/why-activations-are-lost.md#what-keras-316-changes).

Before Keras 3.10, `keras.layers.Activation` cannot load a layer that it holds, so serialactivation refuses an `Activation` that holds a layer.

| Keras | backend | layers | | equal | refused at construction | different, silently | fails later |
|---|---|---|---|---|---|---|---|
"""

TOTALS = "| layers | | equal | refused at construction | different, silently | fails later |"


def kind(outcome: str) -> str:
    """Return the first word: equal, refused, different or failed."""
    return outcome.split(":")[0].split()[0]


def count(rows: Rows, library: str, name: str | None = None) -> collections.Counter[str]:
    return collections.Counter(
        kind(outcome)
        for (row_library, row_name), values in rows.items()
        if row_library == library and name in (None, row_name)
        for outcomes in values.values()
        for outcome in outcomes.values()
    )


def page_name() -> str:
    """Return the name of the page of the installed Keras and the running backend."""
    return f"{keras.__version__}-{keras.config.backend()}.md"


def render(rows: Rows) -> str:
    cells = len(CASES) * len(VALUES) * len(WAYS)
    head = HEAD.format(
        version=keras.__version__,
        backend=keras.config.backend(),
        method=METHOD,
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
    lines = ["## In all", "", TOTALS, "|---|---|---|---|---|---|"]
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
        "In each cell, stock Keras is on the left, and serialactivation on the right. If the layers differ, a number says how many of them a sign is for.",
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


def render_index(folder: pathlib.Path) -> str:
    """Return the page that leads to those in *folder*, with the totals that they hold."""
    pages = sorted(folder.glob("*-*.md"), key=_newest_first)
    return INDEX.format(method=METHOD) + "".join(line for page in pages for line in _read_totals(page))


def _newest_first(page: pathlib.Path) -> tuple[list[int], str]:
    version, _, backend = page.stem.partition("-")
    return [-int(number) for number in re.findall(r"\d+", version)], backend


def _read_totals(page: pathlib.Path) -> list[str]:
    version, _, backend = page.stem.partition("-")
    after = page.read_text().partition(TOTALS)[2].splitlines()[2:]
    rows = after[: after.index("")]
    return [f"| [{version}]({page.parent.name}/{page.name}) | {backend} {row}\n" for row in rows]
