"""The cures of what ``lint`` finds, followed to the letter: it is found no more, and the model comes back."""

import re

import pytest

from serialactivation.rules.source import SOURCE
from tests.helpers.followed import call
from tests.helpers.lint_cures import CASES
from tests.helpers.pasted import STACK, come_back, put
from tests.helpers.sources import KERAS

pytestmark = pytest.mark.once


def find_cure(path, code):
    """Return what to do about a finding of a *code* in the module at *path*, or None where there is none."""
    printed = call("lint", str(path))[1]
    found = re.search(rf"^\S+: {code} .*\n    (.*)$", printed, re.MULTILINE)
    return found and found[1]


def follow(case, name, path):
    """Yield a module for each of the cures of a *case*, repaired as it says."""
    path.write_text(case.source)
    cure = find_cure(path, case.code)
    assert cure is not None, (name, call("lint", str(path)))
    left = cure
    for said, changes in case.cures.items():
        found = re.search(said, cure)
        assert found, (name, said, cure)
        left = left.replace(found[0], "")
        yield said, edit(path, found, changes)
    assert re.fullmatch(r"([ ,;.]|or\b)*", left), (name, "not followed", left)


def edit(path, found, changes):
    """Return the module at *path* as a cure changes it."""
    source = path.read_text()
    if changes is None:
        copy = path.with_name(f"fixed_{path.name}")
        copy.write_text(source)
        command, *options = found[0].partition(" makes")[0].split()[1:]
        assert call(command, *options, str(copy))[0] == 0
        return copy.read_text()
    for old, new in (changes,) if isinstance(changes[0], str) else changes:
        source = put(source, found, old, new)
    return source


def test_every_cure_works(tmp_path):
    """What is to be written is written, with a name, a function and a layer given; a new process computes the same."""
    names = []
    for number, (name, case) in enumerate(CASES.items()):
        for said, edited in follow(case, name, tmp_path / f"found_{number}.py"):
            for value in case.values if "ACTIVATION" in edited else case.values[:1]:
                names.append(f"mended_{len(names)}")
                source = edited.replace("ACTIVATION", value).replace("package='lint'", f"package={names[-1]!r}")
                path = tmp_path / f"{names[-1]}.py"
                path.write_text(source.replace(KERAS, f"{KERAS}import serialactivation\n{STACK}"))
                assert find_cure(path, case.code) is None, (name, said, call("lint", str(path)))
    come_back(names, tmp_path)


def test_every_code_is_followed():
    """A rule that is new fails here."""
    assert {case.code for case in CASES.values()} == {rule.code for rule in SOURCE}
