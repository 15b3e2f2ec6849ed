"""The codes of ``serialactivation check``: explained once for all, chosen and left out."""

import inspect
import re

import pytest

from serialactivation import errors
from serialactivation.commands.selection import Selection, check_codes
from serialactivation.errors.explained import ERRORS
from serialactivation.files.refusals import CURES, Code
from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.all_repairs import DESCRIPTIONS, REPAIRS
from serialactivation.rules.check import check_archive
from serialactivation.rules.registry import CODES, FINDINGS
from serialactivation.rules.rule import FIX, REPLACE
from serialactivation.tree.nodes import MODEL, TRAINING
from tests.helpers.checking import check, findings_of, write
from tests.helpers.configs import dense_model
from tests.helpers.findings import CASES, RULES
from tests.helpers.processes import ROOT
from tests.old_files import unpack

pytestmark = pytest.mark.once

PACKAGE = ROOT / "serialactivation"


def test_every_code_is_explained():
    """Each code of a finding and of a file has an explanation, and nothing else has one."""
    assert {*FINDINGS, *Code} == set(CODES)
    assert list(CODES) == sorted(CODES)
    for code in Code:
        assert CODES[code].cure == CURES[code]


def test_every_code_that_is_written_anywhere_is_explained():
    """Each code in the source of the package has an explanation."""
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    written = {code for source in sources for code in re.findall(r"\bSA\d{3}\b", source)}
    assert written == set(CODES), "a rule is in the tuple of its module, and the tuple in rules/registry.py"


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_no_code_is_half_explained(entry):
    """All is said of each, and without space around it."""
    assert re.fullmatch(r"SA[0-9]{3}", entry.code)
    texts = [entry.code, entry.meaning, entry.why, entry.example, entry.cure, *entry.advice]
    assert entry.part_of is None or entry.part_of in CODES
    assert all(text and text == text.strip() for text in texts)


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_an_explanation_can_be_read(entry):
    """Sentences end, and the meaning is one line."""
    assert all(text.endswith(".") for text in (entry.meaning, entry.why, entry.cure))
    assert "\n" not in f"{entry.meaning}{entry.why}{entry.example}{entry.cure}"
    assert len(entry.meaning) <= 120


def test_a_finding_has_the_rule_of_its_code():
    """The rule of a finding is the one that the table of codes explains."""
    for stored, target, _ in RULES.values():
        for finding in findings_of(dense_model(stored), target):
            assert finding.rule is FINDINGS[finding.code]


def test_a_rule_names_a_repair_that_there_is():
    """Each repair that a rule names exists, and each repair is named by a rule."""
    named = {name for entry in CODES.values() for name in entry.repairs}
    assert named == {*DESCRIPTIONS, FIX, REPLACE}, "name the repair in `repair` of each Rule whose findings it removes"


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Models that have what the repairs remove, with the target Keras of each."""
    folder = tmp_path_factory.mktemp("archives")
    models = [(dense_model(stored), target) for stored, target, _ in RULES.values()]
    models += [(config, target) for config, target, _ in CASES.values()]
    alone = [(read_archive(write(folder / "config.json", config)), target) for config, target in models]
    unpack(folder)
    return alone + [(read_archive(path), None) for path in sorted(folder.glob("*.[hk]*"))]


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda one: one.name)
def test_the_repair_of_a_rule_removes_what_it_finds(repair, archives):
    """The repair removes the finding in a model at least; repairs of weights have tests of their own."""
    removed = set()
    for archive, target in archives:
        before = {finding.rule for finding in check_archive(archive, target).findings}
        if any(repair.name in rule.repairs for rule in before):
            after = check_archive(_apply(repair, archive, target), target)
            removed |= {rule.code for rule in before - {finding.rule for finding in after.findings}}
    named = {code for code, entry in CODES.items() if repair.name in entry.repairs}
    assert named - removed == {"SA110", "SA231"} & named, "add a model that has it to tests/helpers/findings.py"
    assert removed <= named


def _apply(repair, archive, target):
    config, _ = repair.apply(archive.config, MODEL, target)
    trained, _ = repair.apply((archive.metadata or {}).get("training_config"), TRAINING, target)
    return archive._replace(config=config, metadata={**(archive.metadata or {}), "training_config": trained})


# explain


def test_a_code_is_explained(capsys):
    """``explain`` prints all that is said of a code, in whatever case it is written."""
    status, out, _ = check("sa101", "SA005", capsys=capsys, command="explain")
    assert status == 0
    for code in ("SA101", "SA005"):
        entry = CODES[code]
        texts = (f"{code} (error)", entry.meaning, entry.why, entry.example, entry.cure)
        assert all(text in out for text in texts)


def test_all_codes_and_errors_are_listed(capsys):
    """Without an argument, ``explain`` prints a line for each code and each error."""
    status, out, _ = check(capsys=capsys, command="explain")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [*CODES, *ERRORS]


@pytest.mark.parametrize("family", ["SA1", "sa20", "SA"])
def test_a_family_is_listed(family, capsys):
    """``explain`` lists the codes that begin as asked, as --select takes them."""
    status, out, _ = check(family, capsys=capsys, command="explain")
    listed = [line.split()[0] for line in out.splitlines()]
    assert (status, listed) == (0, [code for code in CODES if code.startswith(family.upper())])


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_is_explained(name, capsys):
    """Every one of the package's, in the words of its class; and the reference has them."""
    entry, error = ERRORS[name], getattr(errors, name)
    parents = [one.__name__ for one in error.__mro__[1:] if one.__name__ != "object"]
    assert [one for one in parents if one in entry.bases] == list(entry.bases)
    assert entry.meaning == inspect.getdoc(error).splitlines()[0].replace("``", "").replace(":mod:`", "").replace(
        "`", ""
    )
    assert all(text.endswith(".") for text in (entry.meaning, entry.when, entry.cure))
    status, out, _ = check(f"serialactivation.errors.{name}", capsys=capsys, command="explain")
    assert status == 0
    assert all(text in out for text in (name, entry.meaning, entry.when, entry.example, entry.cure))


def test_no_error_is_explained_that_there_is_not():
    """The explained errors are the errors of the package, in their order."""
    assert list(ERRORS) == errors.__all__


UNKNOWN = {
    "SA999": "SA",
    "relu": "explain lists all",
    "UnserialisableActivationError": "UnserializableActivationError or ",
    "errors.archiverror": "ArchiveError",
    "\x1b[31m": "explain lists all",
}


@pytest.mark.parametrize(("asked", "near"), UNKNOWN.items(), ids=map(repr, UNKNOWN))
def test_what_is_no_code_and_no_error_is_a_wrong_call(asked, near, capsys):
    """Another name is a wrong call, whose message has the similar names."""
    status, out, err = check("SA101", asked, capsys=capsys, command="explain")
    assert (status, out) == (4, "")
    assert near in err
    assert "\x1b" not in err


# select and ignore

SELECTIONS = {
    "nothing": ([Selection()], ["SA101", "SA107", "SA109"]),
    "one": ([Selection(select=("SA107",))], ["SA107"]),
    "a series": ([Selection(select=("SA1",))], ["SA101", "SA107", "SA109"]),
    "none of a series": ([Selection(ignore=("SA10",))], []),
    "the longer wins": ([Selection(select=("SA107",), ignore=("SA1",))], ["SA107"]),
    "of equals, to ignore": ([Selection(select=("SA101", "SA107"), ignore=("SA101",))], ["SA107"]),
    "less of less": ([Selection(ignore=("SA101",)), Selection(ignore=("SA109",))], ["SA107"]),
    "a later choice": ([Selection(select=("SA107",), ignore=("SA101",)), Selection(select=("SA101",))], ["SA101"]),
}


@pytest.mark.parametrize(("selections", "reported"), SELECTIONS.values(), ids=SELECTIONS)
def test_codes_are_selected(selections, reported):
    """The longest beginning decides, and what is said later."""
    codes = ["SA101", "SA107", "SA109"]
    for selection in selections:
        before = codes
        codes = [code for code in ("SA101", "SA107", "SA109") if selection.decide(code, code in before)]
    assert codes == reported


@pytest.mark.parametrize(
    ("selection", "reported"),
    [
        (Selection(select=("SA204",)), ["SA204", "SA210", "SA215"]),
        (Selection(ignore=("SA204",)), ["SA209"]),
        (Selection(select=("SA215",), ignore=("SA204",)), ["SA215"]),
        (Selection(select=("SA204",), ignore=("SA215",)), ["SA204", "SA210"]),
        (Selection(select=("SA21",)), ["SA210", "SA215"]),
    ],
    ids=["selected", "left out", "but for one", "all but one", "a series"],
)
def test_a_code_selects_what_was_a_part_of_it(selection, reported):
    """An option with a code also means the codes that were split from it, unless they are given themselves."""
    codes = ("SA204", "SA209", "SA210", "SA215")
    assert [code for code in codes if selection.decide(code, selection.select is None)] == reported


@pytest.mark.parametrize("codes", ["SA999", "", "S", "SA101,", "SA1*", "relu", "SA002", "SA0"])
def test_an_unknown_code_is_a_wrong_call(codes, tmp_path, capsys):
    """An unknown code is a wrong call, and so is the code of an unreadable file, which cannot be ignored."""
    path = write(tmp_path / "config.json", dense_model("reluu"))
    for option in ("--select", "--ignore"):
        with pytest.raises(SystemExit) as end:
            check(path, option, codes, capsys=capsys)
        assert end.value.code == 4
        assert re.search("not a code of a finding|files that cannot be read", capsys.readouterr().err)


def test_codes_are_tidied_up():
    """Codes in options may be written in any case, and with spaces around them."""
    assert check_codes([" sa101", "SA1"]) == ("SA101", "SA1")


def test_what_is_ignored_neither_shows_nor_counts(tmp_path, capsys):
    """An ignored finding is not shown, not counted, and does not change the status."""
    path = write(tmp_path / "config.json", dense_model("reluu"))
    assert check(path, "--ignore", "SA104", capsys=capsys)[0] == 0
    assert check(path, "--select", "SA101", capsys=capsys)[0] == 0
    status, out, _ = check(path, "--ignore", "SA1", "--select", "SA104", capsys=capsys)
    assert (status, "SA104" in out) == (1, True)
