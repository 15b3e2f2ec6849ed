"""What the methods of a class do with the attributes that hold its activations. Keras-free."""

import ast
from collections.abc import Iterator

import attrs

from serialactivation.lint.classes import LayerClass
from serialactivation.lint.constructor import DECODES, is_self
from serialactivation.lint.names import Names

__all__ = ["Use", "find_calls", "find_gets", "reads_key"]


@attrs.frozen
class Use:
    """A call with an attribute.

    Attributes:
        attribute: The attribute.
        method: The method that it is in.
        call: The call.
    """

    attribute: str
    method: str
    call: ast.Call


def find_calls(layer: LayerClass) -> list[Use]:
    """Return the calls of attributes, as in ``self.activation(x)``."""
    return [
        Use(call.func.attr, method.name, call)
        for method, call in _calls(layer)
        if isinstance(call.func, ast.Attribute) and is_self(call.func, method)
    ]


def find_gets(layer: LayerClass, names: Names) -> list[Use]:
    """Return the calls that decode attributes, as in ``keras.activations.get(self.activation)``."""
    return [
        Use(argument.attr, method.name, call)
        for method, call in _calls(layer)
        if names.callee(call) in DECODES
        for argument in call.args[:1]
        if isinstance(argument, ast.Attribute) and is_self(argument, method)
    ]


def _calls(layer: LayerClass) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for method in layer.node.body:
        if isinstance(method, ast.FunctionDef):
            for node in ast.walk(method):
                if isinstance(node, ast.Call):
                    yield method, node


def reads_key(layer: LayerClass, key: str) -> bool:
    """Tell whether a ``from_config`` of *layer* may do something with a key: it names it, or goes through all."""
    method = layer.find("from_config")
    if method is None:
        return any(one.binds("from_config") for one in layer.lineage())
    return any(_may_read(node, key) for node in ast.walk(method))


def _may_read(node: ast.AST, key: str) -> bool:
    match node:
        case ast.Constant(value=value):
            return bool(value == key)
        case ast.For() | ast.comprehension():
            return True
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="from_config")):
            return False
        case ast.Call(func=ast.Name(id="cls")):
            return False
        case ast.Call():
            return True
    return False
