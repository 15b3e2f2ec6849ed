"""What becomes of each model: in stock Keras as it is and repaired, beside what ``check`` says and Keras 2 computes."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from serialactivation.cli import main
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.processes import ROOT
from tests.published.packages import PACKAGES, Package

__all__ = ["EXACT", "Surveyed", "read", "survey", "write"]

EXACT = 1e-5
"""The largest difference that counts as none, as a part of the largest output."""


@attrs.frozen
class Surveyed:
    """What becomes of one model.

    Attributes:
        package: The package.
        name: The name of the file.
        verdict: What ``check`` says, or None of a file with only weights.
        codes: The codes that it finds.
        old: The error of Keras 2, or an empty string if the model loads and can be called; so in the next two.
        stock: The error of stock Keras.
        repaired: The error of stock Keras for the repaired model, or None if ``repair`` writes none.
        repaired_verdict: What ``check`` says of the repaired model, or None.
        difference: The largest difference of the repaired model from Keras 2, as a part of the largest output; or None.
    """

    package: str
    name: str
    verdict: Verdict | None
    codes: tuple[str, ...]
    old: str
    stock: str
    repaired: str | None
    repaired_verdict: Verdict | None
    difference: float | None


def survey(folder: pathlib.Path, work: pathlib.Path) -> list[Surveyed]:
    """Return what becomes of each model in the *folder* of the packages; what it takes is written to *work*."""
    return [found for package in PACKAGES for found in _survey_package(package, folder, work / package.requirement)]


def write(surveyed: Iterable[Surveyed], path: pathlib.Path) -> None:
    """Write what :func:`read` reads."""
    path.write_text(json.dumps([attrs.asdict(one, value_serializer=_plain) for one in surveyed]))


def read(path: pathlib.Path) -> list[Surveyed]:
    """Return what becomes of each model, as it was written."""
    return [_read_one(one) for one in json.loads(path.read_text())]


def _read_one(written: Mapping[str, Any]) -> Surveyed:
    verdicts = {key: written[key] and Verdict[written[key]] for key in ("verdict", "repaired_verdict")}
    return Surveyed(**{**written, **verdicts, "codes": tuple(written["codes"])})


def _plain(_: object, __: object, value: object) -> object:
    return value.name if isinstance(value, Verdict) else value


def _survey_package(package: Package, folder: pathlib.Path, work: pathlib.Path) -> list[Surveyed]:
    work.mkdir(parents=True, exist_ok=True)
    paths = sorted((folder / package.requirement).iterdir())
    reports = {path: check_file(str(path)) for path in paths}
    models = [path for path in paths if reports[path].verdicts is not None]
    repaired = {path: work / path.name for path in models if _repair(path, work / path.name, package.options)}
    old = _predict("tf_keras", models, work, "old")
    stock = _predict("keras", models, work, "stock")
    after = _predict("keras", repaired.values(), work, "after")
    return [
        Surveyed(
            package=package.requirement,
            name=path.name,
            verdict=report.verdicts and report.verdicts.whole,
            codes=tuple(sorted({finding.code for finding in report.findings})),
            old=old.get(path, ""),
            stock=stock.get(path, ""),
            repaired=after.get(repaired[path]) if path in repaired else None,
            repaired_verdict=check_file(str(repaired[path])).verdicts.whole if path in repaired else None,
            difference=_compare(work, path.name),
        )
        for path, report in reports.items()
    ]


def _repair(path: pathlib.Path, target: pathlib.Path, options: Sequence[str]) -> bool:
    """Return whether ``repair`` writes a copy."""
    target.unlink(missing_ok=True)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(["repair", str(path), "-o", str(target), *options])
    return target.exists()


def _predict(kerases: str, paths: Iterable[pathlib.Path], work: pathlib.Path, kind: str) -> dict[pathlib.Path, str]:
    """Return the error of each model, in a process of its own; its predictions are written to *work*."""
    jobs = [
        (str(path), str(_predicted(work, path.name, "old")), str(_predicted(work, path.name, kind))) for path in paths
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.published.predictions", kerases],
        input="".join(f"{json.dumps(job)}\n" for job in jobs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"},
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return {pathlib.Path(path): error for path, error in lines}


def _predicted(work: pathlib.Path, name: str, kind: str) -> pathlib.Path:
    return work / f"{name}.{kind}.npz"


def _compare(work: pathlib.Path, name: str) -> float | None:
    paths = _predicted(work, name, "old"), _predicted(work, name, "after")
    if not all(path.exists() for path in paths):
        return None
    with np.load(paths[0]) as old, np.load(paths[1]) as after:
        outputs = [key for key in old if key.startswith("y")]
        return max(float(np.abs(old[key] - after[key]).max() / np.abs(old[key]).max()) for key in outputs)
