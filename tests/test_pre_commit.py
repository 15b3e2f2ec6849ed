"""The hooks for pre-commit: what they are run on, and what they run."""

import re
import shlex
import shutil

import pytest
import yaml

from serialactivation.cli import main
from tests.processes import ROOT

pytestmark = pytest.mark.once

HOOK, LINT = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def test_the_hook_is_whole():
    """With what pre-commit needs."""
    assert HOOK["id"] == "serialactivation-check"
    assert (HOOK["language"], HOOK["entry"]) == ("python", "serialactivation check")
    assert HOOK["name"]
    assert HOOK["description"]


def test_the_hook_for_source_is_whole(tmp_path, capsys):
    """It is run on Python and notebooks, and takes paths after its entry."""
    assert (LINT["id"], LINT["language"]) == ("serialactivation-lint", "python")
    assert LINT["types_or"] == ["python", "jupyter"]
    assert set(LINT) - {"types_or"} == set(HOOK) - {"files"}
    program, *arguments = shlex.split(LINT["entry"])
    path = tmp_path / "layers.py"
    path.write_text("import keras\nlayer = keras.layers.Dense(3, activation=lambda x: x)\n", encoding="utf-8")
    assert program == "serialactivation"
    assert main([*arguments, str(path)]) == 1
    assert "SA407" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["model.keras", "a/b/model.h5", "old.hdf5", "a b/model.weights.h5"])
def test_the_hook_is_run_on_models(path):
    """By the ending of their names."""
    assert re.search(HOOK["files"], path)


@pytest.mark.parametrize("path", ["model.keras.txt", "keras", "h5/readme.md", "config.json", "model.h5py", "xkeras"])
def test_the_hook_is_run_on_nothing_else(path):
    """Nor on what is called like one in part."""
    assert not re.search(HOOK["files"], path)


def test_the_entry_takes_paths(tmp_path, capsys):
    """As pre-commit gives them, after it."""
    program, *arguments = shlex.split(HOOK["entry"])
    paths = [shutil.copy(ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras", tmp_path / f"{n}.keras") for n in "ab"]
    assert program == "serialactivation"
    assert main([*arguments, *map(str, paths)]) == 0
    assert capsys.readouterr().out.endswith("2 files: no findings, nothing to mend.\n")
