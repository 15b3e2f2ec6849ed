"""Runs every benchmark in a process of its own and writes ``docs/performance.md``: ``python -m benchmarks [PART ...]``.

A part that is not named, or measures nothing here, keeps what the page says of it.
"""

import os
import pathlib
import platform
import re
import subprocess
import sys
from importlib import metadata, util

from benchmarks.rows import Row, read_rows

PAGE = pathlib.Path(__file__).parents[1] / "docs" / "performance.md"
PARTS = {
    "one_layer": ("Making and storing one layer", "Python calls, built-in ones included, with caches filled."),
    "registry": (
        "10,000 registered objects",
        "The most bytes held at a time, and CPU time, with nothing registered and with 10,000 objects. "
        "Keras copies the registry for each object that it reads; the codec does not.",
    ),
    "precision": (
        "Mixed precision",
        "`convert_element_type` operations in the traced graph of an MLP whose layers have `mixed_bfloat16`, "
        "with a `LeakyReLU` each. A name is stock Keras's way to avoid them.",
    ),
    "call": (
        "The call",
        "Traced graphs, Python calls, and CPU time in turns: the median of the ratios, and the middle half of them.",
    ),
    "whole_models": (
        "Whole models",
        "CPU time in turns, and Python calls. The stock model has the same layers and activations. "
        "Keras's own functions do for ours what they do for stock; those of `sa` keep shared activations as well. "
        "A subclass without any code says what every class but Keras's own takes. "
        "The last rows say how much of stock Keras's time goes to a function that Keras could spare itself.",
    ),
    "growth": ("Growth", "The exponent of a power law fitted to the Python calls."),
    "imports": ("Imports", "CPU time of new processes, in turns."),
    "archives": (
        "Files",
        "`serialactivation check` beside `zipfile`, `json.loads` and a recursive walk, CPU time in turns; "
        "`serialactivation repair` beside a copy of the same bytes, by the clock.",
    ),
    "gpu": (
        "On a GPU",
        "A training step of eight `mixed_bfloat16` layers with a layer as activation: time by the clock, in turns, "
        "peak memory, and the time that the traffic to and from the card's memory alone would take: "
        "what each operation takes and gives, at the speed that the card's maker states. "
        "PyTorch runs one operation after the other, so that what stock Keras computes in float32 is stored so. "
        "JAX compiles a step into one program, in which XLA converts within the operations: "
        "stock Keras's way costs next to nothing there.",
    ),
}
COLUMNS = {"registry": ("nothing registered", "10,000 registered"), "archives": ("the plain way", "ours")}
BACKENDS = {"call": ("jax", "tensorflow", "torch"), "gpu": ("jax", "torch")}
HEAD = """# What it costs

The traced graph of a layer is Keras's own; an eager call makes two Python calls more, as Keras sets two attributes.
What the package costs is paid when a layer is made, stored and read.
This page says how much, against stock Keras in the same process.

`nox -s bench` writes it.
Times are CPU times on whatever machine that was, without collections of garbage; ratios and counts are what to compare.

Last written with {versions}, Python {python}.
"""


def run_part(part: str, backend: str) -> list[Row]:
    """Return what one part measures on one backend."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "2"}
    command = [sys.executable, "-m", f"benchmarks.{part}"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return read_rows(done.stdout)


def write_part(part: str, rows: list[Row]) -> str:
    """Return the section of a part."""
    title, what = PARTS[part]
    lines = [f"## {title}", "", *what.replace(". ", ".\n").splitlines(), ""]
    if not rows:
        return "\n".join([*lines, "No such device was at hand when this page was written: the script is ready.", ""])
    first, second = COLUMNS.get(part, ("stock Keras", "ours"))
    lines += [f"| what | {first} | {second} | ratio | asked |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.stock} | {row.ours} | {row.ratio} | {row.asked} |" for row in rows]
    return "\n".join([*lines, ""])


def read_sections() -> dict[str, str]:
    """Return the sections that the page has, by their titles."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {section.partition("\n")[0].removeprefix("## "): section.rstrip() + "\n" for section in sections}


def write_page(sections: dict[str, str]) -> None:
    """Write the page with these sections, by their titles."""
    packages = ("keras", "jax", "tensorflow-cpu", "torch")
    versions = [f"{name} {metadata.version(name)}" for name in packages if util.find_spec(name.removesuffix("-cpu"))]
    head = HEAD.format(versions=", ".join(versions), python=platform.python_version())
    written = [sections[title] for title, _ in PARTS.values() if title in sections]
    PAGE.write_text("\n".join([head, *written]), encoding="utf-8")


def main(parts: list[str]) -> None:
    """Measure *parts*, or all, and write the page after each."""
    sections = read_sections()
    for part in parts or PARTS:
        backends = [name for name in BACKENDS.get(part, ("jax",)) if util.find_spec(name)]
        rows = [row for backend in backends for row in run_part(part, backend)]
        title = PARTS[part][0]
        if rows or title not in sections:  # what another machine had a device for stays
            sections[title] = write_part(part, rows)
        for row in rows:
            print(" | ".join((row.what, row.stock, row.ours, row.ratio, row.asked)), flush=True)
        write_page(sections)


if __name__ == "__main__":
    main(sys.argv[1:])
