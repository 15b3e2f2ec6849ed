"""The hooks for pre-commit: what they are run on, and what they run."""

import re
import shlex
import shutil

import pytest
import yaml

from serialactivation.cli import main
from tests.helpers.processes import ROOT

pytestmark = pytest.mark.once

HOOK, LINT = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def test_the_hook_is_whole():
    """The hook has every entry that pre-commit needs."""
    assert HOOK["id"] == "serialactivation-check"
    assert (HOOK["language"], HOOK["entry"], HOOK["args"]) == ("python", "serialactivation check", ["--"])
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
    """The hook's pattern matches the names of saved models."""
    assert re.search(HOOK["files"], path)


@pytest.mark.parametrize("path", ["model.keras.txt", "keras", "h5/readme.md", "config.json", "model.h5py", "xkeras"])
def test_the_hook_is_run_on_nothing_else(path):
    """The hook's pattern matches no other names, also if they contain the name of a saved model."""
    assert not re.search(HOOK["files"], path)


def test_the_entry_takes_paths(tmp_path, capsys):
    """The hook's command takes the paths that pre-commit appends to it."""
    program, *arguments = shlex.split(HOOK["entry"])
    paths = [shutil.copy(ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras", tmp_path / f"{n}.keras") for n in "ab"]
    assert program == "serialactivation"
    assert main([*arguments, *map(str, paths)]) == 0
    assert capsys.readouterr().out.endswith("2 files: no findings.\n")


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """A folder, the current one, with models whose names start as options do."""
    model = (ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras").read_bytes()
    for name in ("-omodel.keras", "--output=model.keras", "-qmodel.keras", "model.keras"):
        (tmp_path / name).write_bytes(model)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_hook(hook, *paths, args=None):
    """Return the exit status of the hook as pre-commit calls it: its entry, its arguments and the files."""
    program, *entry = shlex.split(hook["entry"])
    assert program == "serialactivation"
    return main([*entry, *(hook["args"] if args is None else args), *paths])


@pytest.mark.parametrize("args", [None, [], ["--quiet"], ["--quiet", "--"]])
def test_a_file_is_no_option(args, odd, capsys):
    """A file is a file whatever its name is, also if a user gives the hook arguments of his own."""
    names = sorted(path.name for path in odd.iterdir())
    before = {name: (odd / name).read_bytes() for name in names}
    assert run_hook(HOOK, *names, args=args) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert args is not None or "4 files: no findings" in printed.out
    assert {path.name: path.read_bytes() for path in odd.iterdir()} == before


def test_a_file_of_source_is_no_option(tmp_path, monkeypatch, capsys):
    """A file of source is a file whatever its name is, also if lint fixes it."""
    monkeypatch.chdir(tmp_path)
    for name in ("--fix.py", "-olayers.py"):
        (tmp_path / name).write_text("import keras\nlayer = keras.layers.Dense(3, activation=lambda x: x)\n")
    assert run_hook(LINT, "--fix.py", "-olayers.py") == 1
    assert capsys.readouterr().out.count("SA407 error") == 2
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("output", ["model.keras", "-omodel.keras", "link", "other"])
@pytest.mark.parametrize("looked_into", ["model.keras", "-qmodel.keras"])
def test_no_report_is_written_over_a_model(output, looked_into, odd, capsys):
    """A report overwrites no model, examined or not, by another name or through a link."""
    (odd / "link").symlink_to("model.keras")
    (odd / "other").hardlink_to("model.keras")
    before = {path.name: path.read_bytes() for path in odd.iterdir()}
    assert main(["check", looked_into, "--format", "json", "-o", output]) == 4
    assert "no report is written to" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in odd.iterdir()} == before


def test_no_report_is_written_over_source(tmp_path, capsys):
    """A report overwrites no source that lint examines."""
    path = tmp_path / "layers.py"
    path.write_text("import keras\n")
    assert main(["lint", str(path), "-o", str(path)]) == 4
    assert "it is one of the files that the report is about" in capsys.readouterr().err
    assert path.read_text() == "import keras\n"
