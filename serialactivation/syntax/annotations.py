"""What the annotation of an argument or a field names, and allows. Keras-free."""

import ast
import re

__all__ = ["names_a_text", "names_in", "takes_names"]


def takes_names(annotation: ast.expr) -> bool:
    """Return whether what is annotated so may be a name."""
    return names_a_text(names_in(annotation))


def names_a_text(annotation: frozenset[str]) -> bool:
    """Return whether these are the names in an annotation of what may be a text."""
    return not annotation.isdisjoint({"str", "Any", "object"})


def names_in(annotation: ast.expr) -> frozenset[str]:
    """Return the names in an annotation, those in a text too."""
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
