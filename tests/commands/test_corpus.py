"""What the command says of every file of the corpus: the codes and the exit status, in each format."""

import json

import pytest

from serialactivation.cli import main
from serialactivation.reports.formats import FORMATS
from serialactivation.rules.registry import CODES
from tests import corpus
from tests.corpus.statuses import STATUSES, WEIGHTS

pytestmark = pytest.mark.once


# Reports in the other formats take as long again, and say no more of this file than of a small one.
LARGE = "deep_model.json"


def check_in_every_format(path, *options, capsys):
    """Return the exit status of ``check`` in every format, which is the same in all, and the JSON report, if any."""
    statuses, report = set(), {"files": [], "unreadable": [], "skipped": []}
    for form in ("json",) if path.name == LARGE else FORMATS:
        statuses.add(main(["check", str(path), "--format", form, *options]))
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        if form == "json" and printed.out:
            report = json.loads(printed.out)
    (status,) = statuses
    return status, report


# Benign files of which something is said all the same: how they were compiled is not found in an HDF5 file.
COMPILED = {"compiled.h5": ["SA207"], "keras_2_text.h5": ["SA207"]}


@pytest.mark.parametrize("name", corpus.HOSTILE)
def test_a_hostile_file_ends_with_its_status(name, corpus_file, capsys):
    """A hostile file ends with its code and status 2, unless it is one of the exceptions above."""
    status, report = check_in_every_format(corpus_file(name), capsys=capsys)
    assert status == STATUSES.get(name, 2)
    assert [one["code"] for one in report["unreadable"]] == ([corpus.HOSTILE[name][1]] if status == 2 else [])
    assert len(report["skipped"]) == (status == 0 and corpus.HOSTILE[name][1] == "SA009")


@pytest.mark.parametrize("name", WEIGHTS)
def test_hostile_weights_are_not_looked_at_where_nobody_wants_it(name, corpus_file, capsys):
    """With ``--no-weights``, hostile weights are not opened: no activation of these models has any."""
    assert main(["check", str(corpus_file(name)), "--no-weights", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["unreadable"] == []


@pytest.mark.parametrize("name", [name for name in corpus.BENIGN if name.endswith((".keras", ".h5"))])
def test_of_benign_weights_nothing_is_said(name, corpus_file, capsys):
    """The output for a benign file is the same with ``--weights``, with ``--no-weights``, and with neither."""
    path = str(corpus_file(name))
    ways = ((), ("--weights",), ("--no-weights",))
    said = [(main(["check", path, *options]), capsys.readouterr().out) for options in ways]
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("name", corpus.BENIGN)
def test_a_benign_file_passes(name, corpus_file, capsys):
    """A benign file ends with status 0, and has a note at most."""
    status, report = check_in_every_format(corpus_file(name), capsys=capsys)
    (file,) = report["files"]
    codes = [finding["code"] for finding in file["findings"] if finding["severity"] != "note"]
    assert (status, codes) == (1 if name in COMPILED else 0, COMPILED.get(name, []))
    assert (report["unreadable"], report["skipped"]) == ([], [])


@pytest.mark.parametrize("name", corpus.FOUND)
def test_what_is_wrong_with_a_file_is_found(name, corpus_file, capsys):
    """A file of the corpus has exactly the codes that are listed for it, and its status."""
    _, options, codes, expected = corpus.FOUND[name]
    status, report = check_in_every_format(corpus_file(name), *options, capsys=capsys)
    (file,) = report["files"]
    assert sorted({finding["code"] for finding in file["findings"]}) == sorted(codes)
    assert status == expected


def test_every_code_has_a_file():
    """Each code of a finding in models has a file; codes of source and of unreadable files are tested elsewhere."""
    found = {code for _, _, codes, _ in corpus.FOUND.values() for code in codes}
    assert found <= set(CODES)
    left = {code for code in CODES if not code.startswith(("SA0", "SA4"))} - found
    assert not left, "add a file to FOUND of tests/corpus/found.py"
