"""The command line: what it says, what it imports, and how it ends."""

import os
import subprocess
import sys

import keras
import pytest

import serialactivation
from serialactivation.cli import main
from serialactivation.demo import start

pytestmark = pytest.mark.once

BACKEND = keras.config.backend()


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a fresh interpreter, and wait for it."""
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def run_demo_without(*modules: str, backend: str = "") -> subprocess.CompletedProcess[str]:
    """Run the demo in an interpreter that cannot find *modules*."""
    missing = ", ".join(f"{module!r}: None" for module in modules)
    hide = f"import sys; sys.modules.update({{{missing}}})"
    return run_python(f"{hide}; from serialactivation.cli import main; sys.exit(main(['demo']))", KERAS_BACKEND=backend)


def test_command_line_needs_no_keras():
    """The command line can be imported, and tells its version, without Keras."""
    code = "import sys, serialactivation.cli, serialactivation.demo.start; sys.exit('keras' in sys.modules)"

    assert run_python(code).returncode == 0


@pytest.mark.parametrize("command", [["serialactivation"], ["serialactivation.cli"]], ids=lambda command: command[0])
def test_package_runs_as_module(command):
    """``python -m serialactivation`` is the command line; importing the module behind it runs nothing."""
    finished = subprocess.run(
        [sys.executable, "-m", *command, "--version"], check=False, capture_output=True, text=True, timeout=60
    )

    expected = f"serialactivation {serialactivation.__version__}\n" if command == ["serialactivation"] else ""
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, expected, "")


@pytest.mark.parametrize(
    "argv",
    [
        ["unknown"],
        ["chekc"],
        ["--unknown"],
        ["check", "x", "--unknown"],
        ["lint"],
        ["repair"],
        ["demo", "--epochs", "0"],
        ["demo", "--epochs", "many"],
        ["demo", "--unknown"],
    ],
    ids=" ".join,
)
def test_bad_arguments_end_with_usage(argv, capsys):
    """Arguments that mean nothing end with exit status 4 and the usage, and start nothing."""
    with pytest.raises(SystemExit) as end:
        main(argv)

    captured = capsys.readouterr()
    assert end.value.code == 4
    assert captured.err.startswith("usage: serialactivation")
    assert captured.out == ""


def test_no_command_shows_the_help(capsys):
    """All of it, with every command; the status is that of a wrong call."""
    with pytest.raises(SystemExit) as end:
        main([])
    captured = capsys.readouterr()
    assert (end.value.code, captured.out) == (4, "")
    assert all(f"\n    {command} " in captured.err for command in ("demo", "check", "lint", "repair", "explain"))
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert (end.value.code, capsys.readouterr().out) == (0, captured.err)


@pytest.mark.parametrize(("typed", "meant"), [("chekc", "'check'"), ("Lint", "'lint'"), ("fix", "demo, check")])
def test_a_mistyped_command_is_told_what_is_near(typed, meant, capsys):
    """A mistyped command is refused with the commands of similar names, or with all if there are none."""
    with pytest.raises(SystemExit):
        main([typed, "file"])
    assert f"there is no command '{typed}'. " in (err := capsys.readouterr().err)
    assert meant in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("missing", "backend", "cure"),
    [
        (("sklearn",), "", "pip install 'serialactivation[demo]'"),
        (("jax", "torch", "tensorflow"), "", "pip install 'serialactivation[jax]'"),
        (("torch",), "torch", "pip install 'serialactivation[torch]'"),
        ((), "numpy", "set KERAS_BACKEND to jax"),
    ],
    ids=["no scikit-learn", "no backend", "not the backend asked for", "a backend that cannot train"],
)
def test_demo_says_what_to_install(missing, backend, cure):
    """What the demo lacks is reported in one line with its cure, and exit status 2."""
    finished = run_demo_without(*missing, backend=backend)

    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.count("\n") == 1
    assert cure in finished.stderr


def write_keras_config(home, backend):
    """Write a ``keras.json`` that names *backend*, and return the environment that leads Keras to it."""
    (home / "keras.json").write_text(f'{{"backend": "{backend}"}}')
    return {"KERAS_HOME": str(home)}


def installed(monkeypatch, *backends):
    """Hide every backend but *backends*: Python finds no module whose entry is None."""
    for name in set(start.BACKENDS) - set(backends):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize("configured", ["not installed", "numpy"])
def test_backend_that_cannot_be_used_is_passed_over(configured, monkeypatch, tmp_path):
    """Where keras.json names a backend that is not installed, or cannot train, one that can is chosen."""
    installed(monkeypatch, BACKEND)
    if configured == "not installed":
        configured = next(name for name in start.BACKENDS if name != BACKEND)

    assert start.choose_backend(write_keras_config(tmp_path, configured)) == BACKEND


def test_configured_backend_is_kept(tmp_path):
    """Where keras.json names an installed backend, that is chosen."""
    assert start.choose_backend(write_keras_config(tmp_path, BACKEND)) == BACKEND


@pytest.mark.parametrize("content", [None, "", "[]", '{"floatx": "float32"}'])
def test_config_without_backend_is_no_hindrance(content, monkeypatch, tmp_path):
    """Where keras.json is missing, damaged or silent, an installed backend is chosen."""
    installed(monkeypatch, BACKEND)
    if content is not None:
        (tmp_path / "keras.json").write_text(content)

    assert start.choose_backend({"KERAS_HOME": str(tmp_path)}) == BACKEND


def test_environment_decides_the_backend(tmp_path):
    """KERAS_BACKEND stands above keras.json, whatever it says."""
    assert start.choose_backend({**write_keras_config(tmp_path, "jax"), "KERAS_BACKEND": "numpy"}) == "numpy"


def test_no_backend_is_none(monkeypatch, tmp_path):
    """Where no backend is installed, none is chosen."""
    installed(monkeypatch)

    assert start.choose_backend({"KERAS_HOME": str(tmp_path)}) is None
