"""What importing costs: the package beside Keras, and the commands that need no Keras; CPU time of new processes."""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import keras

from benchmarks.rows import Row, print_rows

ROUNDS = 9
KERAS = ("-c", "import keras")
SOURCE = "import keras\n\nlayer = keras.layers.Dense(3, activation=lambda x: x)\n"
BOTH = """
import gc, time
gc.disable()  # a collection goes through all that Keras has imported
start = time.process_time()
import keras
between = time.process_time()
import serialactivation
print(between - start, time.process_time() - between)
"""
PROGRAMS = {
    "`serialactivation --version`": (("-m", "serialactivation", "--version"), "1/20"),
    "`serialactivation explain SA101`": (("-m", "serialactivation", "explain", "SA101"), "1/20"),
    "`serialactivation check` of a small model": (("-m", "serialactivation", "check", "model.keras"), "1/20"),
    "`serialactivation repair` of it": (
        ("-m", "serialactivation", "repair", "model.keras", "--replace", "relu=tanh", "--dry-run"),
        "1/20",
    ),
    "`serialactivation lint` of a line": (("-m", "serialactivation", "lint", "--exit-zero", "layers.py"), "1/20"),
    "`import serialactivation.testing`, and nothing of it used": (("-c", "import serialactivation.testing"), "1/20"),
}


def run(arguments: tuple[str, ...], folder: str) -> str:
    """Run Python in a *folder*, and return what it prints; modules are compiled once, as installed ones are."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=folder).stdout


def cpu_seconds(arguments: tuple[str, ...], folder: str) -> float:
    """Return the CPU time of one process of Python in a *folder*."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(arguments, folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure() -> Iterator[Row]:
    """Yield what the package adds to ``import keras``, and a row for each program, in turns with ``import keras``."""
    with tempfile.TemporaryDirectory() as folder:
        yield _measure_both(folder)
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu")]).save(pathlib.Path(folder) / "model.keras")
        (pathlib.Path(folder) / "layers.py").write_text(SOURCE, encoding="utf-8")
        for program, (arguments, asked) in PROGRAMS.items():
            cpu_seconds(arguments, folder)
            pairs = [(cpu_seconds(KERAS, folder), cpu_seconds(arguments, folder)) for _ in range(ROUNDS)]
            stock, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            shown = f"{ratio:.3f}" if ratio > 0.5 else f"1/{1 / ratio:.1f}"
            yield Row(program, f"{stock * 1e3:.0f} ms", f"{ours * 1e3:.0f} ms", shown, asked)


def _measure_both(folder: str) -> Row:
    """Return what importing the package after Keras adds; within one process, since the two differ by much more."""
    run(("-c", BOTH), folder)
    times = [tuple(map(float, run(("-c", BOTH), folder).split())) for _ in range(ROUNDS)]
    stock, added = (statistics.median(column) for column in zip(*times, strict=True))
    what = "`import keras`, and then `import serialactivation`"
    return Row(what, f"{stock * 1e3:.0f} ms", f"{added * 1e3:.0f} ms more", f"{1 + added / stock:.3f}", "1.03")


if __name__ == "__main__":
    print_rows(measure())
