"""Importing: nothing beyond Keras, and nothing of Keras where it is not needed."""

import pytest

import serialactivation as sa
from serialactivation.reports.formats import FORMATS
from tests.helpers.processes import ROOT, run_bare
from tests.keras_owner import find_owners

DATA = ROOT / "tests" / "data"

KERAS_FREE = [
    "serialactivation",
    "catalog.functions",
    "errors",
    "spec.fields",
    "catalog.versions",
    "catalog.forms",
    "catalog.classes",
    "catalog.near_names",
    "typing",
    "cli",
    "testing",
    "testing.plugin",
    *(f"reports.{style}" for style in FORMATS),
    "commands.check",
    "commands.explain",
    "files.saved_model",
    "commands.repair",
    "commands.report",
    "trust.untrusted_names",
    "lint.fix",
    "commands.lint",
    "lint.lint_source",
]


@pytest.mark.parametrize("module", KERAS_FREE)
def test_the_ground_floor_needs_no_keras(module):
    """These modules are imported where Keras is not installed."""
    name = module if module == "serialactivation" else f"serialactivation.{module}"
    code = f"import sys; sys.modules['keras'] = None; import {name}; print('jax' in sys.modules)"
    assert run_bare(code).strip() == "False"


COMMANDS = {
    "check": ("check", str(DATA / "3.15.1" / "for-3.6.0.keras")),
    "check as JSON": ("check", "--format", "json", str(DATA / "3.15.1" / "for-3.6.0.keras")),
    "explain": ("explain", "SA101"),
    "lint": ("lint", __file__),
    "repair": ("repair", "--dry-run", str(DATA / "3.15.1" / "for-3.6.0.keras")),
}


@pytest.mark.once
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_command_starts_without_attrs(arguments):
    """To import it, and to make classes with it, would be half of what a command takes for a small file."""
    code = (
        "import sys; sys.modules.update(attr=None, attrs=None)\n"
        "from serialactivation.cli import main\n"
        "print('status', main(sys.argv[1:]))"
    )
    assert "status 0" in run_bare(code, *arguments)


def test_importing_costs_nothing_beyond_keras():
    """What is loaded with Keras is Keras, attrs and this package."""
    code = (
        "import sys, keras; before = set(sys.modules); import serialactivation.layers; "
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    assert set(run_bare(code).split()) <= {"serialactivation", "attr", "attrs"}


@pytest.mark.parametrize(
    ("first", "modules"),
    [
        ("json", ("cli", "commands.report", "pages.write")),
        ("keras", ("layers", "model_check.check", "model_check.page", "model_check.activations.plot")),
    ],
)
def test_what_draws_is_loaded_where_something_is_drawn(first, modules):
    """Matplotlib and Jinja2 are no part of what is imported; some Kerases load Matplotlib themselves."""
    imports = f"import {', '.join(f'serialactivation.{name}' for name in modules)}"
    said = run_bare(f"import sys, {first}; before = set(sys.modules); {imports}; print(*set(sys.modules) - before)")
    assert not {"matplotlib", "jinja2"} & set(said.split())


def test_importing_makes_no_errors_and_reads_no_tables():
    """Classes of errors, and what is known of other releases of Keras, are loaded where they are asked for."""
    code = "import sys, keras, serialactivation; print(*sys.modules)"
    loaded = {name for name in run_bare(code).split() if name.startswith("serialactivation.")}
    late = {"serialactivation.catalog.classes", "serialactivation.files", "serialactivation.testing"}
    assert not {name for name in loaded if name.startswith("serialactivation.errors.")}
    assert "serialactivation.layers" in loaded
    assert not late & loaded


@pytest.mark.parametrize(
    "imports",
    ["import keras, serialactivation", "import serialactivation, keras", "import serialactivation, keras.layers"],
)
def test_the_layers_are_registered_whichever_comes_first(imports):
    """``load_model`` knows them as soon as both packages are imported."""
    code = f"{imports}\nprint(keras.saving.get_registered_object('serialactivation>Dense'))"
    assert "serialactivation.layers.Dense" in run_bare(code)


def test_keras_is_found_as_it_would_have_been():
    """The finder leaves no trace in Keras's own record."""
    code = (
        "import sys, serialactivation, keras; "
        "print(type(keras.__spec__.loader).__name__, type(keras.__loader__).__name__, "
        "any('serialactivation' in type(finder).__module__ for finder in sys.meta_path))"
    )
    assert run_bare(code).split() == ["SourceFileLoader", "SourceFileLoader", "False"]


def test_a_missing_keras_is_still_missing():
    """Without Keras, importing it fails as ever."""
    code = (
        "import sys, importlib.util\n"
        "import serialactivation\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'keras': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(1, Hide())\n"
        "try:\n    import keras\nexcept ModuleNotFoundError as error:\n    print('missing', error)\n"
    )
    assert run_bare(code).strip() == "missing keras"


def test_the_public_names_are_there():
    """Each is found, ``dir`` shows them, and nothing else pretends to be."""
    assert sa.__all__ == sorted(sa.__all__)
    assert set(sa.__all__) <= set(dir(sa))
    assert all(getattr(sa, name) is not None for name in sa.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        getattr(sa, "nothing")  # noqa: B009  # read, not written


def test_one_distribution_owns_keras():
    """A nightly takes the place of the release: with both, the modules of one overwrite those of the other."""
    assert len(find_owners()) == 1
