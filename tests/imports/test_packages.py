"""What imports what: packages one way, modules in no circle, and how high they stand on each other.

What stands in a folder stands one floor above the highest beside it that it imports. A folder in it counts as one, with
floors of its own; so each is read a few floors at a time.

- Within a folder, the imports count that run as a module is loaded.
- In the whole, a package counts as one, as does a module beside them, and every import counts: in a function and for
  a type checker, too. Only what every import loads first, the package itself, is nothing that another imports.
- The longest chain of single modules, each of which imports the next as it is loaded, runs through many packages.
  It is longer, and has a limit of its own, so that it does not grow unseen.
"""

import ast
import functools
import graphlib
import pathlib
import pkgutil

import pytest

import serialactivation as sa

pytestmark = pytest.mark.once

FOLDER = pathlib.Path(sa.__file__).parent
FOUND = list(pkgutil.walk_packages([FOLDER], "serialactivation."))
MODULES = sorted(one.name for one in FOUND)
FOLDERS = sorted(one.name for one in FOUND if one.ispkg)

# Modules beside the packages that may be imported from the ground up: types; where classes were before the packages.
GROUND = {"typing", "_moved", "errors", "catalog"}

MAY_IMPORT = {
    "errors": set(),
    "catalog": {"typing", "errors"},
    "curves": GROUND,
    "spec": GROUND,
    "keras_api": GROUND | {"spec"},
    "codec": GROUND | {"spec", "keras_api"},
    "layer": GROUND | {"spec", "keras_api", "codec"},
    "files": GROUND,
    "tree": GROUND | {"files"},
    "rules": GROUND | {"files", "tree"},
    "trust": GROUND | {"files", "tree", "rules"},
    "models": GROUND | {"spec", "keras_api", "codec", "layer", "layers", "files", "tree", "rules", "trust", "repairs"},
    "model_check": GROUND | {"spec", "keras_api", "codec", "layer", "layers", "files", "tree", "models", "pages"},
    "repairs": GROUND | {"files", "tree", "rules"},
    "reports": GROUND | {"files", "tree", "rules"},
    "pages": GROUND | {"curves", "files", "tree", "rules", "reports"},
    "syntax": GROUND | {"files"},
    "lint": GROUND | {"files", "rules", "reports", "syntax"},
    "commands": GROUND | {"files", "tree", "rules", "repairs", "reports", "lint", "pages"},
}
"""What the modules of a package may import, beside each other: in a function and for a type checker, too."""

USERS = {"demo", "testing"}
"""Packages that use the others as anyone may."""

FLOORS_OF_A_FOLDER = 5
FLOORS_OF_THE_WHOLE = 10
MODULES_IN_A_CHAIN = 19

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


def test_every_folder_has_few_floors():
    """What is in one folder stands on few floors."""
    imports = {name: imports_of(name) for name in MODULES}
    floors = {folder: count_floors(gather(imports, folder)) for folder in FOLDERS}
    assert {folder: number for folder, number in floors.items() if number > FLOORS_OF_A_FOLDER} == {}


def test_the_whole_has_few_floors():
    """The packages stand on few floors, whatever imports there are in them, and no chain of modules grows."""
    everywhere = {name: imports_of(name, everywhere=True) for name in MODULES}
    assert count_floors(gather(everywhere, "serialactivation")) <= FLOORS_OF_THE_WHOLE
    assert count_floors({name: imports_of(name) for name in MODULES}) <= MODULES_IN_A_CHAIN


def test_floors_are_counted_by_folder():
    """A folder counts as one of its folder's; two that import each other stand on no floor."""
    imports = {
        "a.top": {"a.deep.one", "b.low"},
        "a.deep.one": {"a.deep.two"},
        "a.deep.two": {"a.base"},
        "a.base": set(),
    }
    assert gather(imports, "a") == {"top": {"deep"}, "deep": {"base"}, "base": set()}
    assert [count_floors(gather(imports, folder)) for folder in ("a", "a.deep")] == [3, 2]
    assert count_floors(imports) == 4
    with pytest.raises(graphlib.CycleError):
        count_floors(gather({**imports, "a.base": {"a.deep.one"}}, "a"))


def test_an_import_against_the_order_is_found(tmp_path):
    """What reads the imports reads those in functions, and those of a package's module by its name."""
    path = tmp_path / "module.py"
    path.write_text("from serialactivation import rules\ndef late():\n    from serialactivation.lint import fix\n")
    assert {"serialactivation.rules"} == read_imports(path)
    assert {"serialactivation.rules", "serialactivation.lint", "serialactivation.lint.fix"} == read_imports(
        path, everywhere=True
    )


def gather(imports, folder):
    """Return what each module and folder in *folder* imports of those beside it."""
    beside = {}
    for name, others in imports.items():
        if (one := find_part(name, folder)) is not None:
            found = {find_part(other, folder) for other in others} - {one, None}
            beside[one] = beside.get(one, set()) | found
    return beside


def find_part(module, folder):
    """Return what of *folder* a module is, or is in; None for one that is elsewhere, and for the folder's own."""
    return module.removeprefix(f"{folder}.").partition(".")[0] if module.startswith(f"{folder}.") else None


def count_floors(imports):
    """Return how many floors there are: one more than there are above the highest that something imports."""
    floors = {}
    for name in graphlib.TopologicalSorter(imports).static_order():
        floors[name] = 1 + max((floors[other] for other in imports.get(name, ())), default=0)
    return max(floors.values(), default=0)


def package_of(module):
    """Return the package that a module is in, or its own name where it is in none."""
    return module.split(".")[1]


@functools.cache
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
