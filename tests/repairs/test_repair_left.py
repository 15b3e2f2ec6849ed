"""``serialactivation repair`` and what it leaves: it ends with 0 where ``check`` passes the copy, and nowhere else."""

import zipfile

import pytest

from serialactivation.reports.wording import format_cure
from serialactivation.rules.rule import Severity
from tests import corpus
from tests.archives import DATA
from tests.corpus.found import CODE, active, saying
from tests.helpers.checking import check_file, repair

pytestmark = pytest.mark.once


def write(path, *layers, **options):
    """Write a ``.keras`` file with these layers, and return its path."""
    saying(*layers, **options)(path)
    return path


def find_left(path, target=None):
    """Return the codes for which ``check`` does not pass a file, each as often as it stands there."""
    findings = check_file(str(path), target).findings
    return sorted(one.code for one in findings if one.severity >= Severity.WARNING)


LEFT = {
    "an unregistered function": ("bent", "SA103", 2),
    "a class of a script": (
        {"module": None, "class_name": "Bent", "config": {}, "registered_name": "Bent"},
        "SA230",
        1,
    ),
    "a lambda": (CODE, "SA101", 2),
    "a lambda's name": ("<lambda>", "SA102", 2),
    "a mistyped name": ("reluu", "SA104", 2),
}


@pytest.mark.parametrize(("stored", "code", "status"), LEFT.values(), ids=LEFT)
def test_what_is_left_is_named_with_its_cure(stored, code, status, tmp_path, capsys):
    """If nothing can be repaired, findings are listed with their cures, and only a copy that would load is written."""
    source, target = write(tmp_path / "model.keras", active(stored)), tmp_path / "out.keras"
    (finding,) = check_file(str(source)).findings
    ended, out, err = repair(source, "-o", target, capsys=capsys)
    assert ended == status
    assert f"{code}: {finding.layer}: {finding.evidence}" in err
    assert ", ".join(format_cure(finding, str(source))) in err
    assert "nothing to repair" not in out
    assert target.exists() == (status == 1)
    if status == 1:
        assert out == f"{target}: copied unchanged, 1 not repaired\n"
        assert target.read_bytes() == source.read_bytes()
    dry = repair(source, "--dry-run", capsys=capsys)
    assert dry == (status, "\n", err)
    partial = repair(source, "--partial", "-o", tmp_path / "partial.keras", capsys=capsys)
    assert (partial[0], (tmp_path / "partial.keras").read_bytes()) == (1, source.read_bytes())


def test_what_is_repaired_is_written_with_an_error_that_is_left_if_that_is_asked_for(tmp_path, capsys):
    """Both are reported; without ``--partial``, a copy that does not load is not written."""
    layers = (active("reluu"), active({"module": "keras.layers", "class_name": "LeakyReLU", "config": {"alpha": 0.1}}))
    source, target = write(tmp_path / "model.keras", *layers), tmp_path / "out.keras"
    status, _, err = repair(source, "-o", target, capsys=capsys)
    assert (status, "SA104: " in err, "--partial" in err, target.exists()) == (1, True, True, False)
    status, out, err = repair(source, "--partial", "-o", target, capsys=capsys)
    assert (status, out.splitlines()[-1]) == (1, f"{target}: 1 repaired, 1 not repaired")
    assert err.count("SA104: ") == err.count("\n") == 1
    status, out, err = repair(target, "--replace", "reluu=relu", "-o", tmp_path / "whole.keras", capsys=capsys)
    assert (status, out.splitlines()[-1], err) == (0, f"{tmp_path / 'whole.keras'}: 1 replaced", "")


def test_a_registered_name_that_was_asked_for_is_not_left(tmp_path, capsys):
    """It is what the cure of SA113 says; the same name elsewhere, as a string that no Keras looks up, is."""
    old = write(tmp_path / "old.keras", active("hard_sigmoid"), metadata={"keras_version": "2.15.0"})
    arguments = ("--replace", "hard_sigmoid=my_package>old_hard_sigmoid", "-o")
    assert repair(old, *arguments, tmp_path / "out.keras", capsys=capsys)[::2] == (0, "")
    both = write(tmp_path / "both.keras", active("tanh"), active("my_package>old_hard_sigmoid"))
    path = check_file(str(both)).sites[0].path
    arguments = ("--replace", f"{path}=my_package>old_hard_sigmoid", "-o", tmp_path / "both_out.keras")
    status, _, err = repair(both, *arguments, capsys=capsys)
    assert (status, err.count("SA103: ")) == (1, 1)


def test_many_that_are_left_are_counted(tmp_path, capsys):
    """The first are named."""
    source = write(tmp_path / "model.keras", *(active(f"mine{number}") for number in range(60)))
    status, out, err = repair(source, "--partial", "-o", tmp_path / "out.keras", capsys=capsys)
    assert (status, out) == (1, f"{tmp_path / 'out.keras'}: copied unchanged, 60 not repaired\n")
    assert (err.count("SA103: "), err.splitlines()[-1][-5:]) == (50, "lists")
    assert "and 10 more, which serialactivation check " in err


WAYS = [(None, False), ("3.6", False), ("3.6", True)]


def choose_cases(folder):
    """Put saved models into *folder*, and return each with the ways in which it is repaired.

    They are those of the corpus with something wrong, in every way, and a sixth of what each Keras has written, in one.
    """
    for name in corpus.FOUND:
        corpus.write(name, folder)
    for path in DATA.glob("*/*.zip"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder / path.parent.name / path.stem)
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".keras", ".h5", ".hdf5")]
    chosen = [(number, path) for number, path in enumerate(files) if path.parent == folder or number % 6 == 0]
    return [(path, WAYS if path.suffix == ".keras" else [WAYS[number % 3]]) for number, path in chosen]


def test_the_status_is_that_of_a_check_of_the_copy(tmp_path, capsys):
    """The status is 0 exactly if ``check`` passes the copy, for the newest Keras and for the oldest."""
    statuses = []
    (tmp_path / "in").mkdir()
    for number, (source, ways) in enumerate(choose_cases(tmp_path / "in")):
        for target, partial in ways:
            copy = tmp_path / f"{number}{target}{partial}{source.suffix}"
            aimed = () if target is None else ("--target-keras", target)
            more = ("--partial",) if partial else ()
            status, out, err = repair(source, *aimed, *more, "-o", copy, capsys=capsys)
            statuses.append(status)
            is_kept_back = "nothing is written" in err
            assert copy.exists() == (status in (0, 1) and not is_kept_back), (source, err)
            if copy.exists():
                left = find_left(copy, target)
                assert (status == 0) == (left == []), (source, target, left, err)
                assert sorted(line.split()[2].strip(":") for line in err.splitlines() if ": SA" in line) == left
                assert ("nothing to repair" in out) <= (status == 0)
            else:
                assert find_left(source, target) or "weights" in err, source
    assert {statuses.count(status) > 5 for status in (0, 1, 2)} == {True}


def test_what_is_not_known_is_not_called_right(tmp_path, capsys):
    """A class that no Keras has: the copy is exact, and whether it loads is said not to be known."""
    source = write(
        tmp_path / "model.keras", {"module": "their.layers", "class_name": "Theirs", "config": {"name": "a"}}
    )
    status, out, _ = repair(source, "-o", tmp_path / "out.keras", capsys=capsys)
    assert (status, "nothing to repair" in out) == (0, False)
    assert "copied unchanged, and whether it loads is not known: serialactivation check says why" in out
