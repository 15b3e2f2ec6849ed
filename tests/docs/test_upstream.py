"""The page of what only Keras can mend: its blocks print the same on every Keras that is tested, or that they name."""

import pathlib
import re

import keras
import pytest

from serialactivation.catalog.versions import is_newer
from tests.helpers.pages import run_page

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "explanation" / "what-only-keras-can-fix.md"
VERSIONS = re.compile(r"^- \*\*Versions\*\*: (?:(?P<first>\S+) to (?P<last>\S+)|since (?P<since>\S+))$", re.MULTILINE)


def sections():
    """Return the beginning of the page, its sections about every Keras, and others with whether they are about this."""
    start, *parts = re.split("^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [(part, VERSIONS.search(part)) for part in parts]
    everywhere = [part for part, versions in found if versions is None]
    return start, everywhere, [(part, is_of(*versions.groups())) for part, versions in found if versions]


def is_of(first, last, since):
    """Whether the installed Keras is one of these versions."""
    series = ".".join(keras.__version__.split(".")[:2])
    return not is_newer(since or first, series) and not (last and is_newer(series, last))


@pytest.mark.usefixtures("restore_registry")
def test_keras_has_the_faults_that_are_reported(tmp_path, monkeypatch):
    """Each fault is there; where Keras has mended one, the page says since when, or leaves it out."""
    monkeypatch.chdir(tmp_path)
    start, everywhere, others = sections()
    run_page("".join([start, *everywhere, *(part for part, is_here in others if is_here)]), str(PAGE))


@pytest.mark.parametrize("number", range(3))
def test_other_versions_do_not_have_the_fault_of_some(number, tmp_path, monkeypatch):
    """The page says right which they are."""
    monkeypatch.chdir(tmp_path)
    start, _, others = sections()
    assert len(others) == 3
    part, is_here = others[number]
    if not is_here:
        with pytest.raises((AssertionError, AttributeError, TypeError, ValueError)):
            run_page(start + part, str(PAGE))
