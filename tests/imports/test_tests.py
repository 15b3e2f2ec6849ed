"""What the tests import: helpers, and no test module another."""

import ast
import re

import pytest

from tests.helpers.processes import ROOT

pytestmark = pytest.mark.once

FOLDER = ROOT / "tests"
SOURCES = sorted(FOLDER.rglob("*.py"))


def test_no_test_module_is_imported():
    """No test and no helper imports a test module; a process that a test starts may import the module of the test."""
    importing = {str(path.relative_to(FOLDER)): imported_tests(path) for path in SOURCES}
    assert {path: found for path, found in importing.items() if found} == {}


def test_a_test_module_is_in_the_folder_of_what_it_proves():
    """None lies beside the folders but that of the shares, which are a module there."""
    assert [path.name for path in FOLDER.glob("test_*.py")] == ["test_shares.py"]


@pytest.mark.parametrize(
    "statement",
    [
        "import tests.rules.{}",
        "from tests.rules.{} import RULES",
        "from tests.rules import {} as helper",
        "def late():\n    from .{} import RULES",
        "CODE = '''\nimport sys, tests.rules.{}\n'''",
        'CODE = "import sys; from tests.rules.{} import RULES"',
    ],
)
def test_an_import_is_found_however_it_is_written(statement, tmp_path):
    """Imports in functions, of a package's module, and in the code of another process are found."""
    other, itself = tmp_path / "test_other.py", tmp_path / "test_check.py"
    for path in (other, itself):
        path.write_text(statement.format("test_check"))
    assert (imported_tests(other), imported_tests(itself)) == ({"test_check"}, set())


def imported_tests(path):
    """Return the names of the test modules that a module imports, but its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name for node in ast.walk(tree) for name in imports_of(node) if name.startswith("test_")} - {path.stem}


def imports_of(node):
    """Return every part of the dotted names that a node imports; those of a string, as the code of a new process."""
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or "", *(alias.name for alias in node.names)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        names = [line for line in node.value.splitlines() if re.search(r"\bimport\b.*\btests\.|\bfrom tests\b", line)]
    return [word for name in names for word in re.findall(r"\w+", name)]
