"""Run over the packages, each in a process of its own: ``python -m tests.downstream test [PACKAGE ...]``.

``measure FOLDER [PACKAGE ...]`` leaves in a folder what becomes of each check, and ``write FOLDER DOCS`` writes the
page ``survival/downstream.md`` from it.
"""

import os
import pathlib
import subprocess
import sys
from collections.abc import Sequence

from tests.downstream.measure import measure
from tests.downstream.packages import PACKAGES, load
from tests.helpers.processes import ROOT

# Thousands of small functions are compiled, and each is called a few times.
QUICK_TO_COMPILE = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"

MEASURE = "import sys; from tests.downstream.__main__ import measure_one; measure_one(*sys.argv[1:])"


def run(package: str, *arguments: str) -> bool:
    """Run Python on the package's backend, and tell whether it went well. What the packages warn of is theirs."""
    environment = {"XLA_FLAGS": QUICK_TO_COMPILE, **os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": PACKAGES[package], "DOWNSTREAM": package}
    return subprocess.run([sys.executable, "-W", "ignore", *arguments], cwd=ROOT, env=environment).returncode == 0


def measure_one(folder: str, package: str) -> None:
    """Measure one package, in this process."""
    measure(load(package), pathlib.Path(folder) / f"{package}.json")


def measure_all(folder: pathlib.Path, packages: Sequence[str]) -> bool:
    """Measure packages, and tell whether it went well."""
    folder.mkdir(parents=True, exist_ok=True)
    return not [package for package in packages if not run(package, "-c", MEASURE, str(folder), package)]


def check_all(packages: Sequence[str]) -> bool:
    """Test packages, and tell whether all tests pass."""
    return not [package for package in packages if not run(package, "-m", "pytest", "-W", "ignore", "tests/downstream")]


def write(folder: pathlib.Path, docs: pathlib.Path) -> bool:
    """Write the page."""
    from tests.downstream.pages import render  # it imports every package

    (docs / "survival" / "downstream.md").write_text(render(folder))
    return True


def main(task: str, *arguments: str) -> bool:
    """Do what the command line asks for."""
    if task == "test":
        return check_all(arguments or list(PACKAGES))
    folder, *rest = arguments
    place = pathlib.Path(folder).resolve()
    return measure_all(place, rest or list(PACKAGES)) if task == "measure" else write(place, pathlib.Path(rest[0]))


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
