"""What imports what: packages one way, and modules in no circle."""

import ast
import graphlib
import pathlib
import pkgutil

import pytest

import serialactivation as sa

pytestmark = pytest.mark.once

FOLDER = pathlib.Path(sa.__file__).parent
MODULES = sorted(one.name for one in pkgutil.walk_packages([FOLDER], "serialactivation."))

# Modules beside the packages that may be imported from the ground up: types; where classes were before the packages.
GROUND = {"typing", "_moved", "errors", "catalog"}

MAY_IMPORT = {
    "errors": set(),
    "catalog": {"typing", "errors"},
    "spec": GROUND,
    "keras_api": GROUND | {"spec"},
    "codec": GROUND | {"spec", "keras_api"},
    "layer": GROUND | {"spec", "keras_api", "codec"},
    "files": GROUND,
    "tree": GROUND | {"files"},
    "rules": GROUND | {"files", "tree"},
    "trust": GROUND | {"files", "tree", "rules"},
    "models": GROUND | {"spec", "keras_api", "codec", "layer", "layers", "files", "tree", "trust"},
    "repairs": GROUND | {"files", "tree", "rules"},
    "reports": GROUND | {"files", "tree", "rules"},
    "syntax": GROUND | {"files"},
    "lint": GROUND | {"files", "rules", "reports", "syntax"},
    "commands": GROUND | {"files", "tree", "rules", "repairs", "reports", "lint"},
}
"""What the modules of a package may import, beside each other: in a function and for a type checker, too."""

USERS = {"demo", "testing"}
"""Packages that use the others as anyone may."""


PACKAGES = {path.name for path in FOLDER.iterdir() if path.joinpath("__init__.py").exists()} - USERS


def test_packages_import_one_way():
    """Nothing that a package may not import is imported in any of its modules."""
    found = {(package_of(one), package_of(other)) for one in MODULES for other in imports_of(one, everywhere=True)}
    crossing = {(one, other) for one, other in found if one in PACKAGES and one != other}
    assert crossing - {(one, other) for one, others in MAY_IMPORT.items() for other in others} == set()


def test_every_package_has_its_place_in_the_order():
    """And the order is one: no two packages may import each other, by whatever way."""
    assert MAY_IMPORT.keys() == PACKAGES
    list(graphlib.TopologicalSorter(MAY_IMPORT).static_order())


def test_modules_import_one_way():
    """No two modules import each other as they are loaded."""
    order = graphlib.TopologicalSorter({name: imports_of(name) for name in MODULES})
    assert set(order.static_order()) >= set(MODULES)


def test_an_import_against_the_order_is_found(tmp_path):
    """What reads the imports reads those in functions, and those of a package's module by its name."""
    path = tmp_path / "module.py"
    path.write_text("from serialactivation import rules\ndef late():\n    from serialactivation.lint import fix\n")
    assert {"serialactivation.rules"} == read_imports(path)
    assert {"serialactivation.rules", "serialactivation.lint", "serialactivation.lint.fix"} == read_imports(
        path, everywhere=True
    )


def package_of(module):
    """Return the package that a module is in, or its own name where it is in none."""
    return module.split(".")[1]


def imports_of(module, *, everywhere=False):
    """Return the package's modules that *module* imports: as it is loaded, or *everywhere* in it."""
    path = FOLDER.joinpath(*module.split(".")[1:])
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return read_imports(source, everywhere=everywhere) - {module}


def read_imports(source, *, everywhere=False):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree) if everywhere else statements_at_import(tree.body):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found.intersection(MODULES)


def statements_at_import(body):
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from statements_at_import(getattr(node, part, []) or [])
