"""What ``check`` shows as text: one verdict, numbers that add up, and commands that can be pasted."""

import pathlib
import re
import shlex

import pytest

from serialactivation.cli import main
from serialactivation.rules.registry import FINDINGS
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.rules.verdicts import find_worst
from tests import corpus
from tests.corpus.found import FOUND
from tests.helpers.checking import check, check_file, write
from tests.helpers.configs import dense_model
from tests.helpers.findings import RULES

pytestmark = pytest.mark.once

VERDICT = re.compile(r"  on Keras [\d.]+: ([^(\n]*[^ (\n])(?: \(.*\))?")


@pytest.mark.parametrize("target", [None, "3.9"])
def test_one_verdict_comes_first(target, tmp_path, capsys):
    """Right below the name of the file; it is never better than any finding that is shown below it."""
    aim = () if target is None else ("--target-keras", target)
    for number, (stored, _, _) in enumerate(RULES.values()):
        path = write(tmp_path / f"{number}.json", dense_model(stored))
        lines = check(path, *aim, capsys=capsys)[1].splitlines()
        shown = VERDICT.fullmatch(lines[1])[1]
        assert not any(map(VERDICT.fullmatch, lines[2:]))
        worst = find_worst(finding.rule.verdict for finding in check_file(str(path), target).findings)
        assert shown == worst.value


def test_what_a_load_would_run_counts(tmp_path, capsys):
    """What a load would run decides the verdict wherever it stands: no part of the config loads before it."""
    path = corpus.write("code_in_lambda.keras", tmp_path)
    assert "  on Keras 3.15: runs or reads something\n" in check(path, capsys=capsys)[1]


def test_a_rule_says_what_a_load_does():
    """It is no matter of severity: a warning may be one of a model that loads, and a note of one that may not."""
    assert {rule.verdict for rule in FINDINGS.values()} == set(Verdict)
    assert FINDINGS["SA112"].severity is Severity.WARNING
    assert FINDINGS["SA112"].verdict is Verdict.LOADS
    assert FINDINGS["SA204"].severity is Severity.NOTE
    assert FINDINGS["SA204"].verdict is Verdict.NOT_KNOWN
    assert all(isinstance(rule, Rule) for rule in FINDINGS.values())


@pytest.mark.parametrize("target", [None, "3.6"])
def test_the_numbers_add_up(target, tmp_path, capsys):
    """What is shown once for several layers has their number, so that the counted findings are those shown."""
    aim = () if target is None else ("--target-keras", target)
    for name in ("sharing.h5", *FOUND):
        path = corpus.write(name, tmp_path)
        *lines, summary = check(path, *aim, capsys=capsys)[1].splitlines()
        found = [re.match(r"  SA\d{3} (?:error|warning|note)(?: \((\d+)\))?: ", line) for line in lines]
        notes = re.search(r"\((\d+) notes: |: not known \(", lines[1])
        said = 0 if notes is None else int(notes[1] or 1)
        counted = sum(map(int, re.findall(r"(\d+) (?:error|warning|note)", summary)))
        assert sum(int(one[1] or 1) for one in found if one) + said == counted


def test_a_command_can_be_pasted(tmp_path, monkeypatch, capsys):
    """It stands on a line of its own, and writes a copy beside the file, whatever that is called."""
    monkeypatch.chdir(tmp_path)
    path = corpus.write("newer_keyword.keras", tmp_path).rename("-a b's.keras")
    assert main(["check", "--target-keras", "3.6", "--", path.name]) == 1
    (command,) = [line.strip() for line in capsys.readouterr().out.splitlines() if "serialactivation" in line]
    assert main(shlex.split(command)[1:]) == 0
    assert pathlib.Path("-a b's-repaired.keras").exists()


def test_the_command_for_a_config_alone_repairs_it(tmp_path, capsys):
    """The command in the cure repairs a config without weights, as it does a file with weights."""
    out = check(write(tmp_path / "config.json", dense_model("reluu")), capsys=capsys)[1]
    (command,) = [line.strip() for line in out.splitlines() if "serialactivation repair" in line]
    assert main(shlex.split(command)[1:]) == 0
    assert check_file(str(tmp_path / "config-repaired.json")).findings == ()
