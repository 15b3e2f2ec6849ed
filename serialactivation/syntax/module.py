"""One module for the rules: its source, its names, and its layer classes. Keras-free."""

import ast
import functools
from collections.abc import Iterator, Mapping

from serialactivation.syntax.classes.layer_classes import REGISTERS, LayerClass, find_layer_classes
from serialactivation.syntax.names import Names
from serialactivation.syntax.scopes import Scope, read_scopes
from serialactivation.syntax.text.source import Source

__all__ = ["Module", "read_module"]

_CUSTOM = ("custom_objects", "custom_object_scope", "CustomObjectScope", "get_custom_objects")


class Module:
    """One module for the rules.

    Args:
        source: Its source.
        names: The meanings of its names.
        layers: Its layer classes that are known well enough, by their nodes.
    """

    def __init__(self, source: Source, names: Names, layers: Mapping[ast.ClassDef, LayerClass]) -> None:
        self.source = source
        self.names = names
        self.layers = layers

    @functools.cached_property
    def passes_custom_objects(self) -> bool:
        """Whether it passes custom objects to Keras, so that Keras may find what is not registered."""
        return any(name in _CUSTOM for node in ast.walk(self.source.tree) for name in _identifiers(node))

    @functools.cached_property
    def is_keras_itself(self) -> bool:
        """Whether it uses Keras's private modules, as Keras's own modules do, whose classes Keras finds by module."""
        imports = [node for node in ast.walk(self.source.tree) if isinstance(node, ast.ImportFrom)]
        return any((node.module or "").startswith("keras.src.") for node in imports)

    @functools.cached_property
    def passed_on(self) -> set[ast.AST]:
        """The functions that a call registers, or that are passed to an unknown function."""
        return {
            meaning
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.Call) and self._may_register(node)
            for argument in node.args
            if isinstance(meaning := self.names.meaning(argument), ast.FunctionDef | ast.AsyncFunctionDef)
        }

    def _may_register(self, call: ast.Call) -> bool:
        called = self.names.meaning(call.func.func if isinstance(call.func, ast.Call) else call.func)
        return called in REGISTERS if isinstance(called, str) else not isinstance(called, ast.ClassDef)

    def qualname(self, node: ast.AST) -> str:
        """Return the qualified name of the class or function that contains a node, or ``<module>``."""
        scope: Scope | None = self.names.scopes.of.get(node)
        if isinstance(node, ast.ClassDef):
            scope = self.names.scopes.inside[node]
        parts = [_name(one) for one in _outwards(scope) if not one.is_module]
        return ".".join(reversed(parts)) or "<module>"


def read_module(source: Source) -> Module:
    """Return the module of *source*.

    Raises:
        RecursionError: It is nested too deeply.
    """
    names = Names(read_scopes(source.tree))
    return Module(source, names, find_layer_classes(source.tree, names))


def _outwards(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent


def _name(scope: Scope) -> str:
    return getattr(scope.owner, "name", "<lambda>")


def _identifiers(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.ImportFrom():
            yield from (alias.name for alias in node.names)
