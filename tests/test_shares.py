"""Shares of the tests: each commit draws its own, and all tests come up in turn."""

import subprocess
import types

import pytest

from tests.shares import divide, find_turn

pytestmark = pytest.mark.once


def make_test(module, number, marker=None):
    return types.SimpleNamespace(nodeid=f"{module}::test[{number}]", get_closest_marker={marker: marker}.get)


ITEMS = [make_test("tests/test_some.py", number) for number in range(100)]


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """Three commits."""
    git(tmp_path, "init", "repository")
    for number in range(3):
        git(tmp_path / "repository", "commit", "--allow-empty", "-m", str(number))
    return tmp_path / "repository"


def test_the_parts_make_a_whole():
    """No test is in two, and none in none."""
    parts = [divide(ITEMS, f"{part}/4", turn=7)[0] for part in range(1, 5)]
    assert sorted(item.nodeid for part in parts for item in part) == sorted(item.nodeid for item in ITEMS)
    assert all(parts)


def test_a_part_has_every_test_once_in_as_many_turns():
    """In as many turns as there are parts, each part has had every test once, from whichever turn on."""
    turns = [divide(ITEMS, "3/8", turn)[0] for turn in range(21, 29)]
    assert sorted(item.nodeid for kept in turns for item in kept) == sorted(item.nodeid for item in ITEMS)


def test_the_whole_is_every_test():
    """A share of 1/1 has every test in its order, whatever the turn."""
    assert divide(ITEMS, "1/1", turn=5) == (ITEMS, [])


def test_tests_that_share_much_are_drawn_as_one():
    """All of a module's, in one of the parts."""
    items = [make_test("tests/test_some.py", number, "together") for number in range(20)]
    assert sorted(len(divide(items, f"{part}/4", turn=5)[0]) for part in range(1, 5)) == [0, 0, 0, 20]


@pytest.mark.parametrize("share", ["0/3", "4/3"])
def test_a_share_that_is_none_is_refused(share):
    """It would run nothing, and pass."""
    with pytest.raises(ValueError, match="there is no share"):
        divide(ITEMS, share, turn=0)


def test_each_commit_has_the_next_turn(repository):
    """Their number is the turn."""
    assert find_turn(repository) == 3
    git(repository, "commit", "--allow-empty", "-m", "another")
    assert find_turn(repository) == 4


def test_a_shallow_clone_has_a_turn_for_each_commit(repository, tmp_path):
    """Which is not 1 each time, as the number of commits in it would be."""
    git(tmp_path, "clone", "--depth", "1", f"file://{repository}", "shallow")
    assert find_turn(tmp_path / "shallow") > 3


def test_without_git_the_turn_is_zero(repository, tmp_path, monkeypatch):
    """The turn is zero in an unpacked source distribution, and where git is missing."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "sdist").mkdir()
    assert find_turn(tmp_path / "sdist") == 0
    monkeypatch.setenv("PATH", "")
    assert find_turn(repository) == 0
