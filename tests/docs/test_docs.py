"""The documentation: every block runs and prints what its page says; the reference names what exists, no more."""

import inspect
import pathlib
import re

import attrs
import keras
import pytest

import serialactivation as sa
from serialactivation import errors, testing, typing
from serialactivation.catalog.classes import NEWER_CLASSES
from serialactivation.catalog.versions import is_newer
from tests.docs.__main__ import write_outputs
from tests.helpers.pages import FENCE, run_page
from tests.reference.entries import find_object

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("optimized")]

ROOT = pathlib.Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("README.md"), *(ROOT / "docs").rglob("*.md")])
REFERENCE = ROOT / "docs" / "reference"

# What is printed holds Keras's own words and figures, which are those of the version that the pages were written for.
VERSION = tuple(map(int, keras.__version__.split(".")[:2]))
NEWEST = VERSION >= (3, 15)

# Pages about what stock Keras does: before 3.10 it lacks some of what they show, and fails where they say it does not.
OF_STOCK = {
    "README.md",
    "check-and-repair.md",
    "convert-models.md",
    "troubleshooting.md",
    "what-is-exact.md",
    "why-activations-are-lost.md",
}
STOCK_PAGES = OF_STOCK if VERSION < (3, 10) else set()
ON_EVERY_KERAS = {"what-only-keras-can-fix.md"}  # which has a test of its own
RUN_PAGES = [path for path in PAGES if path.name not in STOCK_PAGES | ON_EVERY_KERAS]


@pytest.mark.usefixtures("restore_registry")
@pytest.mark.parametrize("path", RUN_PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_does_what_it_says(path, tmp_path, monkeypatch):
    """Every block runs, in order, raises what it is said to raise, and prints what is printed below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", keras.backend.backend())
    run_page(path.read_text(encoding="utf-8"), str(path), compared=NEWEST)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    """A page, and a heading of a page, that is linked to exists."""
    for target, heading in re.findall(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)", path.read_text(encoding="utf-8")):
        linked = (path.parent / target) if target else path
        assert linked.exists(), target
        assert not heading or heading in read_anchors(linked), f"{target}#{heading}"


def read_anchors(path: pathlib.Path) -> set[str]:
    """Return the names that the headings of a page are linked by, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_plain_markdown(path):
    """It reads the same outside the site: it has no directive that only the site understands."""
    assert re.findall(r"^(?:```|:::+)[ \t]*\{.*", path.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_the_readme_is_short():
    """At most 700 words, code and outputs included: what goes into details has a page."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 700


BAD_PAGES = {
    "an error without a mark": "```python\n1 / 0\n```\n",
    "a mark without its error": "```python raises=ValueError\n1\n```\n\n```text\n...\n```\n",
    "a subclass of the error": "```python raises=LookupError\n{}[1]\n```\n\n```text\n...\n```\n",
    "an error that is not shown": "```python raises=ValueError\nraise ValueError(1)\n```\n",
    "an unknown mark": "```python rises=ValueError\n1\n```\n",
    "another output": "```python\nprint(1)\n```\n\n```text\n2\n```\n",
    "another message": "```python raises=ValueError\nraise ValueError(1)\n```\n\n```text\nValueError: 2\n```\n",
    "another end of a cut message": "```python raises=ValueError\nraise ValueError(12)\n```\n```text\n... 1\n```\n",
    "a name from nowhere": "```python\nx\n```\n",
    "an unknown title": '```text tilte="x"\n```\n',
    "another output of a command": "```console\n$ echo 1\n2\n```\n",
    "a command that prints, and nothing below it": "```console\n$ echo 1\n$ echo 2\n2\n```\n",
    "another exit status": "```console\n$ serialactivation explain SA000 >/dev/null 2>&1\n$ echo $?\n0\n```\n",
}


@pytest.mark.parametrize("page", BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_bad_page_fails(page, tmp_path, monkeypatch):
    """A page that does not do what it says is found out."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises((AssertionError, ArithmeticError, LookupError, NameError, pytest.fail.Exception)):
        run_page(page)


def test_a_good_page_passes(tmp_path, monkeypatch):
    """Blocks share a namespace, an output may be broken and hold an address, other languages are left alone."""
    monkeypatch.chdir(tmp_path)
    run_page(
        "```python\nx = object()\nprint(1,\n      x)\n```\n\n```text\n1\n<object object at 0x12ab>\n```\n\n"
        "```python raises=KeyError\n{}['a b']\n```\n```text\nKeyError: ... b'\n```\n"
        "```python\nprint(1)\n```\nText between.\n```text\nno output\n```\n```sh\nrm\n```\n"
    )


def test_a_good_console_page_passes(tmp_path, monkeypatch):
    """Files are written, commands read them, go over lines and print, and what has no prompt is not run."""
    monkeypatch.chdir(tmp_path)
    run_page(
        '```python title="a.py"\nimport nothing\n```\n```console\n$ cat a.py\nimport nothing\n$ cat \\\n    b.py\n'
        "cat: b.py: No such file or directory\n$ echo $?\n1\n```\n```console\nrm a.py\n```\n"
        "```python\nimport pathlib\nassert pathlib.Path('a.py').read_text() == 'import nothing\\n'\n```\n"
    )


def test_outputs_are_written(tmp_path):
    """What a page gets wrong is written again, an output that is missing too, and the rest stays."""
    right = (
        "```console\n$ echo 1\n1\n$ true\n$ echo $?\n0\n```\n\n```python\nprint(1,\n 2)\n```\n\n```text\n1  2\n```\n\n"
        "```python raises=ValueError\nraise ValueError(0)\n```\n\n```text\nValueError: 0\n```\n"
    )
    page = tmp_path / "page.md"
    page.write_text(right.replace("$ echo 1\n1\n", "$ echo 1\n").replace("\n0\n", "\n1\n").replace(": 0", ": 1"))
    write_outputs(page)
    assert page.read_text() == right


# The reference: an entry is a heading that starts with a dotted name in code marks.

_ENTRY = re.compile(r"^#{2,3} `(serialactivation(?:\.\w+)+)`\n(?P<body>.*?)(?=^#{1,3} |\Z)", re.MULTILINE | re.DOTALL)

ENTRIES = [
    (entry[1], entry["body"])
    for path in sorted(REFERENCE.glob("*.md"))
    for entry in _ENTRY.finditer(path.read_text(encoding="utf-8"))
]

PUBLIC = [
    *(f"serialactivation.{name}" for name in sa.__all__),
    *(f"serialactivation.callbacks.{name}" for name in sa.callbacks.__all__),
    *(f"serialactivation.errors.{name}" for name in errors.__all__),
    *(f"serialactivation.layers.{name}" for name in sa.layers.__all__),
    *(f"serialactivation.testing.{name}" for name in testing.__all__),
    *(f"serialactivation.typing.{name}" for name in typing.__all__),
]


@pytest.mark.parametrize("dotted", PUBLIC)
def test_every_public_name_has_an_entry(dotted):
    """Each name that may be imported has one entry in the reference."""
    assert [name for name, _ in ENTRIES].count(dotted) == 1


def is_installed(dotted):
    """Return whether the installed Keras has the layer that an entry is about."""
    module, _, name = dotted.rpartition(".")
    since = NEWER_CLASSES.get(("layers", name)) if module == "serialactivation.layers" else None
    return since is None or not is_newer(since, keras.__version__)


@pytest.mark.parametrize("dotted", [name for name, _ in ENTRIES if is_installed(name)])
def test_no_entry_is_of_a_name_that_does_not_exist(dotted):
    """The reference speaks of public names only."""
    assert dotted in PUBLIC
    assert find_object(dotted) is not None


DOCUMENTED = [dotted for dotted in PUBLIC if not dotted.startswith("serialactivation.layers")]


@pytest.mark.parametrize("dotted", DOCUMENTED)
def test_a_docstring_has_every_attribute(dotted):
    """The public attributes of a record are all explained, by it or by the class that it extends."""
    described = find_object(dotted)
    if isinstance(described, type) and attrs.has(described):
        words = "\n".join(inspect.getdoc(base) or "" for base in described.__mro__[:-1])
        names = [field.name for field in attrs.fields(described) if not field.name.startswith("_")]
        assert [name for name in names if f"    {name}: " not in words] == []
