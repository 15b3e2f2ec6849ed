"""The stored forms of activations, and the marks of stored objects, as their definitions describe them."""

import inspect

from serialactivation.catalog import forms, marks
from serialactivation.layer.arguments import enums
from tests.reference.attributes import read_attributes
from tests.reference.docstrings import show_plainly, write_docstring
from tests.reference.markdown import write_list

FORMS = {
    "a name": forms.Name,
    "an operation": forms.OperationForm,
    "a function": forms.FunctionForm,
    "a partial": forms.PartialForm,
    "an object": forms.ObjectForm,
}

# The prefix is the package that a class is registered under.
MARKS = {
    marks.TUPLE: (marks, "TUPLE"),
    marks.OBJECT: (marks, "OBJECT"),
    marks.NAMESPACE: (marks, "NAMESPACE"),
    marks.MAPPING: (marks, "MAPPING"),
    enums.ENUM: (enums, "ENUM"),
    f"{marks.PACKAGE}>{marks.PARTIAL}": (marks, "PARTIAL"),
    f"{marks.PACKAGE}>{marks.PARTIAL_LAYER}": (marks, "PARTIAL_LAYER"),
}
"""What a config says of an object that is no class of Keras, with the constant that is explained."""


def write_form(name: str) -> str:
    """Return what a stored form is, and what its keys hold."""
    return write_docstring(inspect.getdoc(FORMS[name]) or "", show_plainly)


def write_marks() -> str:
    """Return a list of the marks."""
    return write_list((f"`{mark}`", _explain(*place)) for mark, place in MARKS.items())


def _explain(module: object, name: str) -> str:
    words = write_docstring(read_attributes(module)[name], show_plainly)
    return " ".join(words.split())
