"""Shell completion: ``serialactivation --print-completion SHELL``."""

import subprocess
import sys

import pytest

from serialactivation.cli import main
from serialactivation.reports.formats import FORMATS

pytestmark = pytest.mark.once

COMPLETE = """
source /dev/stdin
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_shtab_serialactivation
printf "%s\\n" "${COMPREPLY[@]}"
"""


def print_completion(shell, capsys):
    """Return the script for a *shell*."""
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", shell])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["che"], ["check"]),
        (["check", "--form"], ["--format"]),
        (["check", "--format", ""], [*FORMATS]),
        (["repair", "mod"], ["model.keras"]),
        (["repair", "-o", "mod"], ["model.keras"]),
    ],
    ids=" ".join,
)
def test_bash_completes(words, expected, capsys, tmp_path):
    """Bash completes commands, options, the values of an option, and paths."""
    (tmp_path / "model.keras").touch()
    command = ["bash", "-c", COMPLETE, "bash", "serialactivation", *words]
    script = print_completion("bash", capsys)
    run = subprocess.run(command, input=script, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert set(expected) <= set(run.stdout.split())


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_have_a_script(shell, capsys):
    """The script names each command."""
    script = print_completion(shell, capsys)
    assert all(command in script for command in ("check", "repair", "lint", "explain", "demo"))


def test_a_missing_shtab_is_named(capsys, monkeypatch):
    """Where shtab is not installed, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", "bash"])
    assert ended.value.code == 4
    assert "python -m pip install 'serialactivation[completion]'" in capsys.readouterr().err
