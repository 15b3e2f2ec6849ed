"""Where the rules are: each in the module of its family, with the functions that find what breaks it."""

import ast

import pytest

from tests.helpers.processes import ROOT

pytestmark = pytest.mark.once

RULES = ROOT / "serialactivation" / "rules"
SHARED = {"provided.py"}
"""The rules of several families."""
FOUND_ELSEWHERE = {"source.py", "files/refusals.py"}
"""The rules whose functions are in other packages, which read the source and the file."""


def parts(path, kind):
    return [one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, kind)]


def makes_rules(path):
    return any(isinstance(one.func, ast.Name) and one.func.id == "Rule" for one in parts(path, ast.Call))


def test_a_family_has_its_rules_and_what_finds_them():
    """A module of a folder has the rules of a family and their functions; beside the folders is what families share."""
    families = {path.relative_to(RULES).as_posix(): path for path in RULES.glob("*/*.py") if path.stem != "__init__"}
    made = {path.relative_to(RULES).as_posix() for path in RULES.rglob("*.py") if makes_rules(path)}
    assert made == {*families, *SHARED, *FOUND_ELSEWHERE}
    found = {name for name, path in families.items() if parts(path, ast.FunctionDef)}
    assert found >= families.keys() - FOUND_ELSEWHERE
