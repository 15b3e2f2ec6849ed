"""How the methods of a class use the attributes that hold its activations. Keras-free."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from serialactivation.syntax.classes.constructor import DECODES, Argument
from serialactivation.syntax.classes.layer_classes import LayerClass
from serialactivation.syntax.names import Names, is_self

__all__ = ["Use", "find_calls", "find_gets", "is_passed_on", "reads_key"]


class Use(NamedTuple):
    """A call that uses an attribute.

    Attributes:
        attribute: The name of the attribute.
        method: The method that contains the call.
        call: The call.
    """

    attribute: str
    method: str
    call: ast.Call


def find_calls(layer: LayerClass) -> list[Use]:
    """Return the calls of attributes, such as ``self.activation(x)``."""
    return [
        Use(call.func.attr, method.name, call)
        for method, call in _calls(layer)
        if isinstance(call.func, ast.Attribute) and is_self(call.func, method)
    ]


def find_gets(layer: LayerClass, names: Names) -> list[Use]:
    """Return the calls that decode attributes, such as ``keras.activations.get(self.activation)``."""
    return [
        Use(argument.attr, method.name, call)
        for method, call in _calls(layer)
        if names.callee(call) in DECODES
        for argument in call.args[:1]
        if isinstance(argument, ast.Attribute) and is_self(argument, method)
    ]


def is_passed_on(layer: LayerClass, argument: Argument, attribute: str, names: Names) -> bool:
    """Return whether an argument is passed on to layers or decoded, and is not used in any other way.

    A value that is compared, or looked up in a table, is a name, and its use is not known.
    """
    given, passed = 0, 0
    for node in ast.walk(layer.node):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            given += _is_one(node, argument.name, attribute)
        elif isinstance(node, ast.Call) and _takes_activations(names.callee(node)):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            passed += sum(_is_one(value, argument.name, attribute) for value in values)
    kept = 2  # once where it is stored, and once where get_config returns it
    return argument.takes_others and passed > 0 and given == passed + kept


def _takes_activations(callee: str | None) -> bool:
    beginning, _, name = (callee or "").rpartition(".")
    is_layer = beginning in ("keras.layers", "serialactivation.layers") and name[:1].isupper()
    return is_layer or callee in DECODES


def _is_one(value: ast.expr, name: str, attribute: str) -> bool:
    match value:
        case ast.Name(id=found):
            return found == name
        case ast.Attribute(attr=found):
            return found == attribute
    return False


def _calls(layer: LayerClass) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for method in layer.node.body:
        if isinstance(method, ast.FunctionDef):
            for node in ast.walk(method):
                if isinstance(node, ast.Call):
                    yield method, node


def reads_key(layer: LayerClass, key: str) -> bool:
    """Return whether a ``from_config`` of *layer* may use a key: it names the key, or iterates over all keys."""
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
