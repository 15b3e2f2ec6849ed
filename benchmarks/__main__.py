"""Runs every benchmark in a process of its own and writes the pages of it: ``python -m benchmarks [PART ...]``.

All the tables are in ``docs/performance/tables.md``, and a user reads ``docs/performance.md``, which is made of them. A
part that is not named, or measures nothing here, keeps what the page says of it.
"""

import os
import pathlib
import platform
import re
import subprocess
import sys
from importlib import metadata, util

from benchmarks.rows import Row, read_rows
from benchmarks.summary import write_summary

DOCS = pathlib.Path(__file__).parents[1] / "docs"
SUMMARY, TABLES = DOCS / "performance.md", DOCS / "performance" / "tables.md"
PARTS = {
    "one_layer": ("Making and storing one layer", "Python calls, built-in ones included, with caches filled."),
    "registry": (
        "10,000 registered objects",
        "Peak memory in bytes, and CPU time, with nothing registered and with 10,000 registered objects. "
        "Keras copies the registry for each object that it reads; the codec lets Keras read layers only.",
    ),
    "precision": (
        "Mixed precision",
        "The number of `convert_element_type` operations in the traced graph of an MLP whose layers have "
        "`mixed_bfloat16` and a `LeakyReLU` each. In stock Keras, a name avoids them.",
    ),
    "call": (
        "The call",
        "Traced graphs, Python calls, and CPU time. The two are measured in turns: the ratio is the median, "
        "with the middle half of all ratios.",
    ),
    "whole_models": (
        "Whole models",
        "CPU time, measured in turns, and Python calls. The stock model has the same layers and activations, "
        "except that it has a `LeakyReLU` in place of a partial, which stock Keras does not store. "
        "Both are called once before they are saved, like a trained model. "
        "Stock Keras makes the weights of an activation in that call, and this package makes them with the layer, "
        "so making a model is also compared with all weights made. "
        "The functions of `sa` also keep shared activations. "
        "A subclass without any code shows what every class costs that is not Keras's own. "
        "The last rows show the share of stock Keras's time that it spends in functions that it could avoid.",
    ),
    "model_check": (
        "Checking a model before it is trained",
        "CPU time of `check_model` for a `.keras` file, against one save and one load with Keras's own functions, "
        "measured in turns.",
    ),
    "growth": ("Growth", "The exponent of a power law that is fitted to the Python calls: 1 is linear."),
    "imports": ("Imports", "CPU time of new processes, measured in turns."),
    "archives": (
        "Files",
        "`serialactivation check` against `zipfile`, `json.loads` and a recursive walk: CPU time, measured in turns. "
        "`serialactivation repair` against a copy of the same bytes: elapsed time.",
    ),
    "gpu": (
        "On a GPU",
        "A training step of eight `mixed_bfloat16` layers with a layer as activation: elapsed time, measured in turns, "
        "peak memory, and the time that the memory traffic alone would take "
        "(the inputs and outputs of each operation, at the bandwidth that the card's maker states). "
        "PyTorch runs one operation after another, so it stores in float32 what stock Keras computes in float32. "
        "JAX compiles a step into one program, in which XLA converts within the operations, "
        "so stock Keras loses almost nothing there.",
    ),
}
COLUMNS = {
    "registry": ("nothing registered", "10,000 registered"),
    "archives": ("the plain way", "ours"),
    "model_check": ("one save and one load", "check_model"),
}
BACKENDS = {"call": ("jax", "tensorflow", "torch"), "gpu": ("jax", "torch")}
HEAD = """# What was measured

These are all figures; [What it costs](../performance.md) has the ones that matter to most users.
`nox -s bench` writes both pages.
Times are CPU times without garbage collection, on one machine: compare the ratios and the counts, not the times.
"""
MEASURED = "Measured with "


def run_part(part: str, backend: str) -> list[Row]:
    """Return what one part measures on one backend."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "2"}
    command = [sys.executable, "-m", f"benchmarks.{part}"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return read_rows(done.stdout)


def write_part(part: str, rows: list[Row]) -> str:
    """Return the section of a part."""
    title, what = PARTS[part]
    lines = [f"## {title}", "", *what.replace(". ", ".\n").splitlines(), MEASURED + list_versions(), ""]
    if not rows:
        return "\n".join([*lines, "No such device was at hand when this page was written: the script is ready.", ""])
    first, second = COLUMNS.get(part, ("stock Keras", "ours"))
    lines += [f"| what | {first} | {second} | ratio | asked |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.stock} | {row.ours} | {row.ratio} | {row.asked} |" for row in rows]
    return "\n".join([*lines, ""])


def list_versions() -> str:
    """Return the versions of what is measured, and of what it is measured with."""
    packages = ("keras", "jax", "tensorflow-cpu", "torch", "serialactivation")
    there = [name for name in packages if util.find_spec(name.removesuffix("-cpu"))]
    versions = [f"{name} {metadata.version(name)}" for name in there]
    return f"{', '.join(versions)}, Python {platform.python_version()}."


def read_sections() -> dict[str, str]:
    """Return the sections that the page of tables has, by their titles."""
    text = TABLES.read_text(encoding="utf-8") if TABLES.exists() else ""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {section.partition("\n")[0].removeprefix("## "): section.rstrip() + "\n" for section in sections}


def read_tables(sections: dict[str, str]) -> dict[str, Row]:
    """Return the rows in the tables of *sections*, by what they measured."""
    lines = [line for section in sections.values() for line in section.splitlines() if line.startswith("| ")]
    rows = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]
    return {row.what: row for row in rows if row.what != "what"}


def read_measured(section: str) -> str:
    """Return what *section* says that its figures were measured with."""
    found = re.search(f"^{MEASURED}.*?(?=\n\n)", section, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def write_pages(sections: dict[str, str]) -> None:
    """Write both pages, of the sections by their titles."""
    written = [sections[title] for title, _ in PARTS.values() if title in sections]
    TABLES.write_text("\n".join([HEAD, *written]), encoding="utf-8")
    measured = read_measured(sections.get(PARTS["whole_models"][0], ""))
    page = SUMMARY.read_text(encoding="utf-8")
    SUMMARY.write_text(write_summary(page, read_tables(sections), measured), encoding="utf-8")


def main(parts: list[str]) -> None:
    """Measure *parts*, or all, and write the pages after each; ``pages`` alone writes them of what is there."""
    sections = read_sections()
    for part in [] if parts == ["pages"] else parts or PARTS:
        backends = [name for name in BACKENDS.get(part, ("jax",)) if util.find_spec(name)]
        rows = [row for backend in backends for row in run_part(part, backend)]
        title = PARTS[part][0]
        if rows or title not in sections:  # what another machine had a device for stays
            sections[title] = write_part(part, rows)
        for row in rows:
            print(" | ".join((row.what, row.stock, row.ours, row.ratio, row.asked)), flush=True)
        write_pages(sections)
    write_pages(sections)


if __name__ == "__main__":
    main(sys.argv[1:])
