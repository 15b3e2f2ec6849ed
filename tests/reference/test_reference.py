"""The reference: what pages say of the code is what the code says, and pages link to what there is."""

import pytest

from serialactivation.catalog import functions as catalog
from serialactivation.catalog import marks
from serialactivation.catalog.forms import FunctionForm, Name, ObjectForm, OperationForm, PartialForm, write
from serialactivation.cli import make_parser
from serialactivation.commands.statuses import STATUSES
from serialactivation.rules.rule import Verdict
from tests.reference.__main__ import PARTS, write_page
from tests.reference.attributes import read_attributes
from tests.reference.docstrings import show_plainly, split_items, write_docstring
from tests.reference.entries import make_link, write_signature
from tests.reference.forms import FORMS, MARKS
from tests.reference.markdown import DOCS, mark_code
from tests.reference.parts import find_parts, write_parts

pytestmark = pytest.mark.once


@pytest.mark.parametrize("page", PARTS, ids=lambda page: page.stem)
def test_a_page_says_what_the_code_says(page):
    """Its parts are as they are written now."""
    assert page.read_text(encoding="utf-8") == write_page(page), "write it again: python -m tests.reference"


def test_every_command_is_on_the_page():
    """With its exit statuses."""
    assert list(make_parser().commands) == list(STATUSES)


FORMED = {
    "an operation": OperationForm(catalog.ACTIVATION_OPERATIONS["keras.src.ops.nn", "Gelu"], {"approximate": True}),
    "a function": FunctionForm("my_package", "my_package>bent"),
    "a partial": PartialForm(Name("softmax"), {"axis": 1}),
    "an object": ObjectForm({"module": None, "class_name": "Bent", "config": {}, "registered_name": "my_package>Bent"}),
}


@pytest.mark.parametrize("name", FORMED)
def test_a_stored_form_has_the_keys_that_it_is_said_to_have(name):
    """In their order."""
    documented = [key for key, _ in split_items(FORMS[name].__doc__, "Keys")]
    assert documented == list(write(FORMED[name]))


def test_every_mark_is_explained():
    """Of this package's."""
    assert {*marks.CONFIGURED, marks.TUPLE} < set(MARKS)


DOCSTRINGS = {
    "a paragraph": ("One\nline of ``code`` and *name*.", "One line of `code` and `name`."),
    "a code block": ("Write this::\n\n    x = 1\n\nThen that.", "Write this:\n\n```py\nx = 1\n```\n\nThen that."),
    "a list": ("- one\n  thing\n- two", "- one thing\n- two"),
    "arguments": (
        "Do it.\n\nArgs:\n    x: A\n        tensor.\n    **y: More.",
        "**Arguments**\n\n- `x`: A tensor.\n- `**y`: More.",
    ),
    "text below a section": ("Do it.\n\nReturns:\n    It.\n\nAlways.", "Do it.\n\n**Returns**\n\nIt.\n\nAlways."),
    "a role": ("See :func:`~a.b.c`.", "See `c`."),
}


@pytest.mark.parametrize(("docstring", "expected"), DOCSTRINGS.values(), ids=DOCSTRINGS)
def test_a_docstring_becomes_markdown(docstring, expected):
    """With what it is made of."""
    assert write_docstring(docstring, show_plainly).endswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stored as <lambda>: no", "stored as `<lambda>`: no"),
        ("with --fail-on, or safe_mode=False.", "with `--fail-on`, or `safe_mode=False`."),
        ("a .keras file of Keras 3.10, keras.ops.relu", "a `.keras` file of Keras 3.10, `keras.ops.relu`"),
        ("my_package>bent is a name, and - is none", "`my_package>bent` is a name, and - is none"),
    ],
)
def test_code_in_plain_text_is_marked(text, expected):
    """And what is not code stays."""
    assert mark_code(text) == expected


def test_an_item_without_a_name_is_refused():
    """In a section that lists names."""
    with pytest.raises(AssertionError):
        write_docstring("Do it.\n\nArgs:\n    what it takes", show_plainly)


def test_a_link_leads_to_an_entry():
    """On the same page or another, and a name without an entry is refused."""
    link = make_link(DOCS / "reference" / "testing.md", "serialactivation.testing.Promise")
    assert link("serialactivation.testing.LayerCheck") == "[`LayerCheck`](#serialactivationtestinglayercheck)"
    assert link("PromiseBrokenError") == "[`PromiseBrokenError`](errors.md#serialactivationerrorspromisebrokenerror)"
    assert link("Promise") == "`Promise`"
    assert link("ValueError") == "`ValueError`"
    with pytest.raises(AssertionError):
        link("serialactivation.nothing")


def test_a_long_signature_has_a_line_for_each_argument():
    """And a short one is one line, without types."""

    def short(x: int, *, y: str = "a", **more: object) -> None: ...

    assert write_signature("short", short) == '```py\nshort(x, *, y="a", **more)\n```'
    assert write_signature("x" * 80, short).splitlines()[1:3] == [f"{'x' * 80}(", "    x,"]


def test_what_a_class_says_below_its_members_is_read():
    """Each by its name."""
    assert read_attributes(Verdict)["LOADS"] == "It loads, and computes what it was saved with."


PART = "<!-- a, written by python -m tests.reference -->\nold\n<!-- end -->\n"


def test_a_part_is_written_where_it_stands():
    """And what is around it stays."""
    assert write_parts(f"before\n{PART}after\n", {"a": "new"}) == f"before\n{PART.replace('old', 'new')}after\n"
    assert find_parts(PART) == {"a": "old\n"}


@pytest.mark.parametrize("parts", [{}, {"b": "new"}, {"a": "new", "b": "new"}], ids=str)
def test_a_page_with_other_parts_is_refused(parts):
    """One that is missing, or that nothing writes."""
    with pytest.raises(AssertionError):
        write_parts(PART, parts)
