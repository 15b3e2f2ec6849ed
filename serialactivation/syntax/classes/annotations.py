"""The names in the annotation of an argument or a field, and whether it allows a string. Keras-free."""

import ast
import re

__all__ = ["names_a_text", "names_in", "takes_names"]


def takes_names(annotation: ast.expr) -> bool:
    """Return whether a value with this annotation may be a name."""
    return names_a_text(names_in(annotation))


def names_a_text(annotation: frozenset[str]) -> bool:
    """Return whether an annotation with these names allows a string."""
    return not annotation.isdisjoint({"str", "Any", "object"})


def names_in(annotation: ast.expr) -> frozenset[str]:
    """Return the names in an annotation, including those in a string."""
    found: set[str] = set()
    for node in ast.walk(annotation):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.Constant(value=str(text)):
                found.update(re.findall(r"\w+", text))
            case ast.Constant(value=None):
                found.add("None")
    return frozenset(found)
