"""The page of what only Keras can mend: its blocks print the same on every Keras that is tested."""

import pathlib

import pytest

from tests.helpers.pages import run_page

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "explanation" / "what-only-keras-can-fix.md"


@pytest.mark.usefixtures("restore_registry")
def test_keras_has_the_faults_that_are_reported(tmp_path, monkeypatch):
    """Each fault is there; where Keras has mended one, the page says since when, or leaves it out."""
    monkeypatch.chdir(tmp_path)
    run_page(PAGE.read_text(encoding="utf-8"), str(PAGE))
