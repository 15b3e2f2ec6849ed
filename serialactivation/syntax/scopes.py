"""The bindings of each name in a module, scope by scope. Keras-free."""

import ast
import enum
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

__all__ = ["Assigned", "Binding", "Defined", "Definition", "Imported", "Scope", "Scopes", "read_scopes"]

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
"""A statement that defines a function or a class."""

_MANY: Final = 8
"""How many bindings of a name are stored: with two, it is already unknown which one counts."""

_Owner: TypeAlias = Definition | ast.Lambda | ast.Module


class Imported(NamedTuple):
    """A name that an import binds.

    Attributes:
        path: The dotted name of the imported object; it starts with a dot if the import is relative.
    """

    path: str


class Defined(NamedTuple):
    """A name that a ``def`` or a ``class`` binds."""

    node: Definition


class Assigned(NamedTuple):
    """A name that an assignment of one value binds."""

    value: ast.expr


class _Other(enum.Enum):
    """A name that is bound in a way that is not followed."""

    OTHER = enum.auto()


Binding: TypeAlias = Imported | Defined | Assigned | _Other
"""How a name is bound."""


class Scope:
    """A module, a class or a function.

    Args:
        owner: Its node.
        parent: The scope around it, or None for a module.

    Attributes:
        bindings: How each of its names is bound, as often as it is.
        elsewhere: Names that it binds in a scope around it: those of ``global`` and ``nonlocal``.
    """

    def __init__(self, owner: _Owner, parent: "Scope | None") -> None:
        self.owner = owner
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}
        self.elsewhere: dict[str, Scope] = {}

    @property
    def is_class(self) -> bool:
        """Whether it is the body of a class, which the functions in it do not see."""
        return isinstance(self.owner, ast.ClassDef)

    @property
    def is_module(self) -> bool:
        """Whether it is the module itself."""
        return self.parent is None

    def bind(self, name: str, binding: Binding) -> None:
        """Record that *name* is bound; a binding from another scope may happen at any time."""
        if name in self.elsewhere:
            self.elsewhere[name].bindings.setdefault(name, []).append(_Other.OTHER)
        else:
            known = self.bindings.setdefault(name, [])
            if len(known) < _MANY and binding not in known:
                known.append(binding)

    def find(self, name: str) -> "tuple[list[Binding], Scope] | None":
        """Return the bindings of a *name* that is read in this scope, and their scope; None if it is bound nowhere."""
        scope: Scope | None = self.elsewhere.get(name, self)
        while scope is not None:
            if name in scope.bindings and (scope is self or not scope.is_class):
                return scope.bindings[name], scope
            scope = scope.parent
        return None


class Scopes(NamedTuple):
    """The scopes of a module.

    Attributes:
        module: The outermost scope.
        of: The scope in which a node is evaluated.
        inside: The scope that a class, a function or a lambda makes.
    """

    module: Scope
    of: dict[ast.AST, Scope]
    inside: dict[ast.AST, Scope]


def read_scopes(tree: ast.Module) -> Scopes:
    """Return the scopes of a module.

    Raises:
        RecursionError: It is nested too deeply.
    """
    reader = _Reader(tree)
    for statement in tree.body:
        reader.visit(statement)
    return Scopes(reader.module, reader.of, reader.inside)


class _Reader(ast.NodeVisitor):
    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.of: dict[ast.AST, Scope] = {}
        self.inside: dict[ast.AST, Scope] = {tree: self.module}
        self._scope = self.module

    def visit(self, node: ast.AST) -> None:
        self.of[node] = self._scope
        super().visit(node)

    def visit_Import(self, node: ast.Import) -> None:  # ast's name
        for alias in node.names:
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            self._scope.bind(alias.asname or whole, Imported(whole))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # ast's name
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            self._scope.bind(alias.asname or alias.name, Imported(f"{module}.{alias.name}"))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # ast's name
        self._define_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:  # ast's name
        self._define_function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # ast's name
        self._scope.bind(node.name, Defined(node))
        self._visit_all((*node.decorator_list, *node.bases, *node.keywords))
        self._enter(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:  # ast's name
        self._visit_all(_defaults(node.args))
        self._enter(node, [node.body], node.args)

    def visit_Assign(self, node: ast.Assign) -> None:  # ast's name
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # ast's name
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)

    def visit_Name(self, node: ast.Name) -> None:  # ast's name
        if not isinstance(node.ctx, ast.Load):
            self._scope.bind(node.id, _Other.OTHER)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:  # ast's name
        self._bind_others(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:  # ast's name
        self._bind_others(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:  # ast's name
        self._bind_others(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:  # ast's name
        self._bind_others(node.rest)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:  # ast's name
        for name in node.names:
            self._scope.elsewhere[name] = self.module

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:  # ast's name
        for name in node.names:
            found = self._scope.parent.find(name) if self._scope.parent is not None else None
            self._scope.elsewhere[name] = self.module if found is None else found[1]

    def _define_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._scope.bind(node.name, Defined(node))
        self._visit_all((*node.decorator_list, *_defaults(node.args), *_annotations(node)))
        self._enter(node, node.body, node.args)

    def _enter(self, node: Definition | ast.Lambda, body: Iterable[ast.AST], args: ast.arguments | None = None) -> None:
        outer, self._scope = self._scope, Scope(node, self._scope)
        self.inside[node] = self._scope
        self._bind_others(*_names(args))
        self._visit_all(body)
        self._scope = outer

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._scope.bind(target.id, Assigned(value))
        else:
            self.visit(target)

    def _bind_others(self, *names: str | None) -> None:
        for name in names:
            if name is not None:
                self._scope.bind(name, _Other.OTHER)


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [default for default in (*args.defaults, *args.kw_defaults) if default is not None]


def _annotations(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    arguments = [node for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    annotations = [function.returns, *(argument.annotation for argument in arguments)]
    return [annotation for annotation in annotations if annotation is not None]


def _names(args: ast.arguments | None) -> list[str]:
    if args is None:
        return []
    starred = [one for one in (args.vararg, args.kwarg) if one is not None]
    return [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs, *starred)]
