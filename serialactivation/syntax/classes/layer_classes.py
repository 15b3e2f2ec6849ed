"""The layer classes of a module of which everything that the rules need is known. Keras-free."""

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation.syntax.names import Names
from serialactivation.syntax.scopes import Definition

__all__ = ["REGISTERS", "LayerClass", "find_layer_classes"]

REGISTERS: Final = frozenset({"keras.saving.register_keras_serializable", "keras.api_export.keras_export"})
"""The decorators that register a class or a function with Keras."""

_KEEPS: Final = "serialactivation.serializable_activation"
_MIXIN: Final = "serialactivation.SerializableActivationMixin"
_ROOTS: Final = frozenset({"keras.layers.Layer", "keras.models.Model"})
_DEEPEST: Final = 50
"""How many generations of classes are followed: no author writes more in one file."""

_NEUTRAL: Final = frozenset({"abc.ABC", "typing.Generic", "typing.Protocol", "typing.final"})


class LayerClass(NamedTuple):
    """A layer class.

    Attributes:
        node: Its definition.
        parents: Its bases in the same module.
        stock: Its bases that are Keras's, such as ``keras.layers.Layer``.
        is_ours: Whether this package stores its activations.
        registered: Whether it is registered.
        has_children: Whether another class of the module inherits from it.
        depth: The number of generations in the module up to this class.
    """

    node: ast.ClassDef
    parents: "tuple[LayerClass, ...]"
    stock: tuple[str, ...]
    is_ours: bool
    registered: bool
    has_children: bool
    depth: int

    @property
    def extends_bare_layer(self) -> bool:
        """Whether it inherits, from outside the module, only from a bare layer or model, which has no activation."""
        return all(base in _ROOTS for one in self.lineage() for base in one.stock)

    def own(self, name: str) -> ast.FunctionDef | None:
        """Return the method of a name if its own body defines the name exactly once, or None."""
        found = [one for one in self.node.body if isinstance(one, ast.FunctionDef) and one.name == name]
        return found[0] if len(found) == 1 else None

    def binds(self, name: str) -> bool:
        """Return whether its own body binds *name*, in any way."""
        return any(name in _bound(statement) for statement in self.node.body)

    def lineage(self) -> "Iterator[LayerClass]":
        """Yield this class and its ancestors in the module, each once."""
        found = {self.node: self}  # by node, since comparing two records would compare all their ancestors
        left = [self]
        while left:
            one = left.pop(0)
            yield one
            new = {parent.node: parent for parent in one.parents if parent.node not in found}
            found.update(new)
            left.extend(new.values())

    def find(self, name: str) -> "ast.FunctionDef | None":
        """Return the method of a name in this class or its ancestors in the module, or None."""
        return next((method for one in self.lineage() if (method := one.own(name)) is not None), None)


def find_layer_classes(tree: ast.Module, names: Names) -> dict[ast.ClassDef, LayerClass]:
    """Return the layer classes of a module whose bases and decorators are all known."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    finder = _Finder(names, nodes, _find_changed(tree, names))
    return {node: found for node in nodes if (found := finder.find(node)) is not None}


class _Finder:
    def __init__(self, names: Names, nodes: list[ast.ClassDef], changed: dict[Definition, set[str]]) -> None:
        self._names = names
        self._changed = changed
        self._bases = {node: [self._meaning(base) for base in node.bases] for node in nodes}
        self._parents = {base for bases in self._bases.values() for base in bases if isinstance(base, ast.ClassDef)}
        self._found: dict[ast.ClassDef, LayerClass | None] = {}

    def find(self, node: ast.ClassDef) -> LayerClass | None:
        if node not in self._found:
            self._found[node] = None  # a class that inherits from itself is not a layer class
            self._found[node] = self._make(node)
        return self._found[node]

    def _meaning(self, base: ast.expr) -> object:
        if isinstance(base, ast.Subscript):  # Generic[T]
            base = base.value
        if isinstance(base, ast.Name) and base.id == "object":
            return "typing.Protocol"
        return self._names.meaning(base)

    def _make(self, node: ast.ClassDef) -> LayerClass | None:
        bases = self._bases.get(node, [])
        parents = [self.find(base) for base in bases if isinstance(base, ast.ClassDef)]
        paths = [base for base in bases if isinstance(base, str)]
        marks = {*self._decorators(node), *self._changed.get(node, ())}
        stock = tuple(path for path in paths if path in _ROOTS or _is_layer(path, "keras"))
        ours = [path for path in paths if path == _MIXIN or _is_layer(path, "serialactivation")]
        known = [parent for parent in parents if parent is not None]
        odd = len(known) < len(parents) or len(parents) + len(paths) < len(bases)
        odd = odd or any(path not in (*stock, *ours, *_NEUTRAL) for path in paths)
        if odd or (node.keywords and not ours) or not (stock or known or ours):
            return None
        if not marks <= {_KEEPS, *REGISTERS, *_NEUTRAL} or any(parent.binds("__init_subclass__") for parent in known):
            return None
        depth = 1 + max((parent.depth for parent in known), default=0)
        if depth > _DEEPEST:
            return None
        is_ours = bool(ours) or _KEEPS in marks or any(parent.is_ours for parent in known)
        return LayerClass(
            node=node,
            parents=tuple(known),
            stock=stock,
            is_ours=is_ours,
            registered=is_ours or not marks.isdisjoint(REGISTERS),
            has_children=node in self._parents,
            depth=depth,
        )

    def _decorators(self, node: ast.ClassDef) -> Iterator[str]:
        """Yield the decorators of a class; an unknown decorator is ``?``."""
        for decorator in node.decorator_list:
            yield self._names.path(decorator.func if isinstance(decorator, ast.Call) else decorator) or "?"


def _is_layer(path: str, package: str) -> bool:
    """Return whether *path* names a layer of a package, and not a model."""
    beginning, _, name = path.rpartition(".")
    return beginning == f"{package}.layers" and name[:1].isupper()


def _find_changed(tree: ast.Module, names: Names) -> dict[Definition, set[str]]:
    """Return the functions that are called with a class or function of the module, as a decorator may be."""
    changed: dict[Definition, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and names.scopes.of[node].is_module:
            for argument in node.args:
                meaning = names.meaning(argument) if isinstance(argument, ast.Name) else None
                if isinstance(meaning, ast.ClassDef):
                    function = node.func.func if isinstance(node.func, ast.Call) else node.func
                    changed.setdefault(meaning, set()).add(names.path(function) or "?")
    return changed


def _bound(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
    return set()
