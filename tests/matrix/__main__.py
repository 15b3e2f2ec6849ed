"""Write the survival table, stock Keras beside this package: ``python -m tests.matrix docs``.

It writes ``docs/survival/<version>-<backend>.md`` for the installed Keras and the running backend, and
``docs/survival.md`` from all that are there.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from tests.helpers.processes import ROOT
from tests.matrix.cells import Outcomes
from tests.matrix.layers import CASES
from tests.matrix.pages import LIBRARIES, Rows, page_name, render, render_index
from tests.matrix.run import run_row
from tests.matrix.values import VALUES


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


def main() -> None:
    docs = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        text = render(measure(pathlib.Path(folder)))
    _write(docs / "survival" / page_name(), text)
    _write(docs / "survival.md", render_index(docs / "survival"))


def _write(target: pathlib.Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".tmp")
    beside.write_text(text)
    beside.replace(target)


if __name__ == "__main__":
    main()
