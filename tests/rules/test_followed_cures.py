"""The cures of what ``check`` finds, followed to the letter: it is found no more, and the model computes the same."""

import re

import keras
import pytest

from serialactivation.catalog.classes import NEWEST
from serialactivation.rules.files.refusals import FILES
from serialactivation.rules.registry import CODES
from serialactivation.rules.source import SOURCE
from tests.helpers import activation_cures, version_cures
from tests.helpers.followed import Saved, call, find_cure, load_all

pytestmark = pytest.mark.usefixtures("restore_registry")

ONCE = {**activation_cures.CASES, **version_cures.CASES}

NOT_FOLLOWED = {
    **dict.fromkeys(["SA109", "SA303", "SA304", "SA305"], "the file is not to be loaded, and its author to be asked"),
    "SA218": "the Keras aimed at is newer than any there is",
}
"""What nobody can do in a test, and why."""

BEFORE = {
    "loads": "equal",
    "loads, but computes something else": "another|None",
    "loads, but cannot be called": r"\w+Error: ",
    "does not load": r"\w+Error: ",
    "not known": r"\w+Error: ",
    "runs or reads something": r"\w+Error: ",
}
"""What the newest Keras does with a file before anything is followed, by the verdict on it."""


def check(saved):
    return call("check", *saved.options, str(saved.path))[1]


def follow(name, case, folder):
    """Yield the file of a *case*, and what has become of it where each of its cures was followed."""
    folder.mkdir()
    saved = Saved(folder / case.name, options=case.options)
    saved = saved._replace(expected=case.make(saved.path))
    printed = check(saved)
    cure = find_cure(printed, case.code)
    assert cure is not None, (name, printed)
    yield saved
    left = cure
    for said, do in case.cures.items():
        words = re.search(said, cure)
        assert words, f"the case {name!r} follows {said!r}, but check gives the cure {cure!r}"
        left = left.replace(words[0], "")
        yield do(saved, words)
    assert re.fullmatch(r"([ ,;\n]|and\b|or\b)*", left), f"the case {name!r} does not follow {left!r}"


def find_fault(case, saved, outcome, *, is_followed):
    """Return what is wrong with a file that was found, or that has become of it, or None."""
    printed = check(saved)
    verdict = re.search(r"^  on Keras [.0-9]+: ([a-z, ]*[a-z])", printed, re.MULTILINE)
    assert verdict, printed
    expected = (saved.fails or "equal") if is_followed else (case.before or BEFORE[verdict[1]])
    is_here = saved.options in ((), version_cures.HERE) and keras.__version__.startswith(f"{NEWEST}.")
    is_right = re.match(expected, outcome) or not (is_followed or is_here)
    is_found = find_cure(printed, case.code) is not None
    if is_right and is_found == (saved.stays or not is_followed):
        return None
    return f"{'found' if is_found else 'not found'}, {outcome!r} in place of {expected!r}\n{printed}"


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(ONCE, id="all", marks=pytest.mark.once),
        pytest.param(version_cures.EVERYWHERE, id="everywhere"),
    ],
)
def test_every_cure_works(cases, tmp_path):
    """All that is said is done; then it is found no more, but where the load is what is changed, and it is equal."""
    followed = {}
    for number, (name, case) in enumerate(cases.items()):
        for place, saved in enumerate(follow(name, case, tmp_path / str(number))):
            followed[name, place] = saved
    outcomes = load_all(list(followed.values()), tmp_path)
    wrong = {}
    for ((name, place), saved), outcome in zip(followed.items(), outcomes, strict=True):
        if fault := find_fault(cases[name], saved, outcome, is_followed=place > 0):
            wrong[name, place] = fault
    assert not wrong, "\n".join(f"{key}: {text}" for key, text in wrong.items())


@pytest.mark.once
def test_every_code_is_followed():
    """But for those of which it is said why not; those of files and of source are followed in tests of their own."""
    followed = {case.code for case in (*ONCE.values(), *version_cures.EVERYWHERE.values())}
    elsewhere = {rule.code for rule in (*FILES, *SOURCE)}
    left = set(CODES) - followed - NOT_FOLLOWED.keys() - elsewhere
    assert not left, "add a Case to CASES of tests/helpers/activation_cures.py or version_cures.py"
    assert {*followed, *NOT_FOLLOWED} <= set(CODES)
    assert not followed & NOT_FOLLOWED.keys()
