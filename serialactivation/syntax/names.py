"""The meanings of names in a module: dotted names of libraries, and definitions in the module. Keras-free."""

import ast
import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from serialactivation.syntax.scopes import Assigned, Binding, Defined, Definition, Imported, Scope, Scopes

__all__ = ["Names", "is_self", "resolve_path"]

_FARTHEST: Final = 20
"""How many names that stand for one another are followed."""

# The public module for each other module with the same names: in tensorflow, in Keras's own modules, and in ours.
_SETTLED: Final = (
    (re.compile(r"^tensorflow\b"), "tf"),
    (re.compile(r"^tf\.keras\b"), "keras"),
    (re.compile(r"^keras\.(src|api)\b"), "keras"),
    (re.compile(r"^keras\.(layers|models)(\.\w+)+\.([A-Z]\w*)$"), r"keras.\1.\3"),
    (re.compile(r"^keras\.(layers\.)?Layer$"), "keras.layers.Layer"),
    (re.compile(r"^keras\.(Model|Sequential)$"), r"keras.models.\1"),
    (re.compile(r"^keras\.(activations)\.activations\."), r"keras.\1."),
    (re.compile(r"^keras\.ops\.(nn|numpy|math|core)\."), "keras.ops."),
    (re.compile(r"^keras\.(saving\.\w+|utils)\.(\w*(serializ|custom_object|CustomObject)\w*)$"), r"keras.saving.\2"),
    (re.compile(r"^serialactivation\.(?!layers\b)\w+\.(\w+)$"), r"serialactivation.\1"),
)


def resolve_path(path: str) -> str:
    """Return the public dotted name of the object at *path*."""
    for pattern, public in _SETTLED:
        path = pattern.sub(public, path)
    return path


Meaning: TypeAlias = str | Definition | ast.expr
"""A dotted name, a definition, or another expression."""


class Names(NamedTuple):
    """The meanings of names in a module.

    Attributes:
        scopes: The scopes of the module.
    """

    scopes: Scopes

    def path(self, node: ast.expr, scope: Scope | None = None) -> str | None:
        """Return the dotted name of the object that an expression stands for, or None if it is not known.

        Args:
            node: The expression.
            scope: The scope in which it is read, if not its own.
        """
        meaning = self.meaning(node, scope)
        return meaning if isinstance(meaning, str) else None

    def meaning(self, node: ast.expr, scope: Scope | None = None, far: int = 0) -> Meaning | None:
        """Return what an expression stands for, with names followed, or None if that is not known."""
        scope = self.scopes.of[node] if scope is None else scope
        if isinstance(node, ast.Attribute):
            inner = self.meaning(node.value, scope, far)
            return resolve_path(f"{inner}.{node.attr}") if isinstance(inner, str) else None
        if isinstance(node, ast.Name):
            return self._follow(node.id, scope, far)
        return node

    def callee(self, node: ast.AST) -> str | None:
        """Return the dotted name of the callee of a call, or None if it is not a call, or not known."""
        return self.path(node.func) if isinstance(node, ast.Call) else None

    def _follow(self, name: str, scope: Scope, far: int) -> Meaning | None:
        found = scope.find(name)
        binding = None if found is None else _only(found[0])
        match binding:
            case Imported(path=path):
                return resolve_path(path)
            case Defined(node=node):
                return node
            case Assigned(value=value) if far < _FARTHEST:
                return self.meaning(value, None, far + 1)
        return None


def is_self(node: ast.AST | None, method: ast.FunctionDef) -> bool:
    """Return whether a node is an attribute of ``self``, under any name of ``self``."""
    ordered = [*method.args.posonlyargs, *method.args.args]
    match node:
        case ast.Attribute(value=ast.Name(id=name)):
            return bool(ordered) and name == ordered[0].arg
    return False


def _only(bindings: list[Binding]) -> Binding | None:
    """Return how a name is bound, if it is bound in only one way; repeated equal imports count as one way."""
    if all(isinstance(one, Imported) for one in bindings):
        paths: Mapping[str, Binding] = {resolve_path(one.path): one for one in bindings if isinstance(one, Imported)}
        return next(iter(paths.values())) if len(paths) == 1 else None
    return bindings[0] if len(bindings) == 1 else None
