"""Cells, run in two processes: one makes the models and lets them live, the other reads what became of them."""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tests.helpers.processes import ROOT, run_function
from tests.stages.cell import Place, Stage, come_back, leave
from tests.stages.stages import STAGES

BY_ID: Final = {stage.id: stage for stage in STAGES}


def run_stage(stage: Stage, library: str, groups: Iterable[tuple[str, ...]], folder: pathlib.Path) -> list[str]:
    """Return what becomes of a model for each of the *groups* of activations."""
    cells = [{"stage": stage.id, "library": library, "ids": ids, "outcome": ""} for ids in groups]
    (folder / "cells.json").write_text(json.dumps(cells))
    if stage.before:
        _run_apart(leave_all, folder, stage.before)
    else:
        leave_all(str(folder))
    if stage.after:
        _run_apart(come_back_all, folder, stage.after)
    else:
        run_function(come_back_all, str(folder))
    return [cell["outcome"] for cell in json.loads((folder / "cells.json").read_text())]


def _run_apart(half: Callable[[str], None], folder: pathlib.Path, environment: Mapping[str, str]) -> None:
    """Run one half in a new interpreter: Keras reads variables of the environment when it is imported."""
    code = f"import sys; from tests.stages.run import {half.__name__} as half; half(sys.argv[1])"
    command = [sys.executable, "-c", code, str(folder)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def leave_all(folder: str) -> None:
    """The first half."""
    _go_through(pathlib.Path(folder), leave)


def come_back_all(folder: str) -> None:
    """The second half, of what is not decided in the first."""
    _go_through(pathlib.Path(folder), come_back)


def _go_through(folder: pathlib.Path, half: Callable[[Stage, Place], str]) -> None:
    cells = json.loads((folder / "cells.json").read_text())
    for number, cell in enumerate(cells):
        place = Place(library=cell["library"], ids=tuple(cell["ids"]), folder=folder / str(number))
        place.folder.mkdir(exist_ok=True)
        cell["outcome"] = cell["outcome"] or half(BY_ID[cell["stage"]], place)
    (folder / "cells.json").write_text(json.dumps(cells))
