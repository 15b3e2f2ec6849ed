"""What importing costs: the package beside Keras, and the commands that need no Keras; CPU time of new processes."""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.rows import Row, print_rows

ROUNDS = 9
KERAS = ("-c", "import keras")
PROGRAMS = {
    "`import keras`, then `import serialactivation`": (("-c", "import keras, serialactivation"), "1.03"),
    "the same, then `serialactivation.layers`": (("-c", "import keras, serialactivation.layers"), ""),
    "`serialactivation --version`": (("-m", "serialactivation", "--version"), "1/20"),
    "`serialactivation explain SA101`": (("-m", "serialactivation", "explain", "SA101"), "1/20"),
    "`import serialactivation.testing`": (("-c", "import serialactivation.testing"), "1/20"),
}


def cpu_seconds(arguments: tuple[str, ...]) -> float:
    """Return the CPU time of one process of Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure() -> Iterator[Row]:
    """Yield a row for each program, in turns with ``import keras``."""
    for program, (arguments, asked) in PROGRAMS.items():
        cpu_seconds(arguments)
        pairs = [(cpu_seconds(KERAS), cpu_seconds(arguments)) for _ in range(ROUNDS)]
        stock, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        shown = f"{ratio:.3f}" if ratio > 0.5 else f"1/{1 / ratio:.1f}"
        yield Row(program, f"{stock * 1e3:.0f} ms", f"{ours * 1e3:.0f} ms", shown, asked)


if __name__ == "__main__":
    print_rows(measure())
