"""How a constructor handles the activations that it takes. Keras-free."""

import ast
import enum
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.syntax.classes.annotations import names_a_text, names_in
from serialactivation.syntax.classes.layer_classes import LayerClass
from serialactivation.syntax.names import Names, is_self

__all__ = ["DECODES", "GETS", "Argument", "How", "Store", "find_arguments", "find_stores"]

GETS: Final = frozenset({"keras.activations.get", "serialactivation.get"})
"""The functions that turn an activation into a callable."""

DECODES: Final = frozenset({*GETS, "keras.activations.deserialize", "serialactivation.deserialize"})
"""The functions that turn a stored activation into an activation."""

# Arguments with names like an activation's that describe an activation, and are not one.
_ABOUT: Final = re.compile(r"(use|apply|has|with|without|return|num|n|is|include|add|no|get|set|output|log|skip)_.*")
_PLAIN: Final = frozenset({"bool", "int", "float"})
_MOST: Final = 20
"""How many activations of one constructor are examined: no author writes more."""

_OF_STOCK: Final = frozenset({"activation", "recurrent_activation"})


class How(enum.Enum):
    """How an attribute holds an activation."""

    GIVEN = "given"
    """As it was given."""
    GOT = "got"
    """As ``keras.activations.get`` returned it."""


class Argument(NamedTuple):
    """An argument of a constructor that takes an activation.

    Attributes:
        name: Its name.
        annotation: The names in its annotation, or None.
        node: Its declaration.
    """

    name: str
    annotation: frozenset[str] | None
    node: ast.arg

    @property
    def takes_names(self) -> bool:
        """Whether the annotation allows a name."""
        return self.annotation is None or names_a_text(self.annotation)

    @property
    def takes_others(self) -> bool:
        """Whether the annotation allows something other than a name."""
        return self.annotation is None or not self.annotation <= {"str", "None", "Optional", "Literal", "typing"}


class Store(NamedTuple):
    """An attribute that holds an activation.

    Attributes:
        argument: The argument that it comes from.
        how: How the attribute holds it.
        get: The function that was called for it, or None.
        twice: The second such call, or None.
        node: The assignment.
    """

    argument: Argument
    how: How
    get: ast.expr | None
    twice: ast.expr | None
    node: ast.stmt


def find_arguments(layer: LayerClass) -> list[Argument]:
    """Return the arguments of a class's own constructor that take activations."""
    constructor = layer.own("__init__")
    found = [] if constructor is None else list(_read_arguments(constructor.args))
    return found if len(found) <= _MOST else []


def _read_arguments(args: ast.arguments) -> Iterator[Argument]:
    ordered = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(ordered) - len(args.defaults)) + list(args.defaults)
    for arg, default in zip((*ordered, *args.kwonlyargs), (*defaults, *args.kw_defaults), strict=True):
        value = default.value if isinstance(default, ast.Constant) else None
        annotation = None if arg.annotation is None else names_in(arg.annotation)
        if (
            looks_like_activation(arg.arg, value)
            and not _ABOUT.fullmatch(arg.arg)
            and not (annotation or set()) & _PLAIN
        ):
            yield Argument(name=arg.arg, annotation=annotation, node=arg)


def find_stores(layer: LayerClass, names: Names) -> dict[str, Store]:
    """Return the attributes of a class that hold activations and are assigned only once, by name."""
    constructor = layer.own("__init__")
    if constructor is None:
        return {}
    elsewhere = [name for one in layer.lineage() for name in _assigned(one.node)]
    stores: dict[str, Store] = {}
    nodes = [node for node in _inside(constructor) if isinstance(node, ast.stmt) or _is_written(node)]
    for argument in find_arguments(layer):
        for attribute, store in _read_stores(constructor, nodes, argument, names):
            of_stock = attribute in _OF_STOCK and not layer.extends_bare_layer
            if (
                elsewhere.count(attribute) == 1
                and not of_stock
                and not any(one.binds(attribute) for one in layer.lineage())
            ):
                stores[attribute] = store
    return stores


def _assigned(node: ast.AST) -> Iterator[str]:
    """Yield the attributes that are assigned or deleted in a class, once for each time."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and not isinstance(inner.ctx, ast.Load):
            yield inner.attr


def _read_stores(
    constructor: ast.FunctionDef, nodes: list[ast.AST], argument: Argument, names: Names
) -> Iterator[tuple[str, Store]]:
    """Yield the attributes that hold an argument; *nodes* are the statements and the bound names."""
    rebound = [node for node in nodes if _is_name(node, argument.name)]
    at_once = [one for one in constructor.body if _is_rebinding(one, argument.name, names)]
    if len(rebound) != len(at_once) or len(at_once) > 1:
        return
    since = at_once[0] if at_once else None
    for statement in nodes:
        target, value = _split(statement)
        if not isinstance(statement, ast.stmt) or value is None or not is_self(target, constructor):
            continue
        assert isinstance(target, ast.Attribute)
        got = since is not None and _position(statement) > _position(since)
        get = since.value.func if got and isinstance(since, ast.Assign) and isinstance(since.value, ast.Call) else None
        if _is_name(value, argument.name) and (got or since is None):
            how = How.GOT if got else How.GIVEN
            yield target.attr, Store(argument=argument, how=how, get=get, twice=None, node=statement)
        elif _is_got(value, argument.name, names) and isinstance(value, ast.Call):
            twice = value if got else None
            yield target.attr, Store(argument=argument, how=How.GOT, get=value.func, twice=twice, node=statement)


def _position(statement: ast.stmt) -> tuple[int, int]:
    return statement.lineno, statement.col_offset


def _inside(constructor: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in constructor.body:
        yield from ast.walk(statement)


def _is_rebinding(statement: ast.stmt, name: str, names: Names) -> bool:
    """Return whether a statement is ``activation = get(activation)``."""
    target, value = _split(statement)
    return target is not None and _is_name(target, name) and value is not None and _is_got(value, name, names)


def _split(statement: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    match statement:
        case ast.Assign(targets=[target], value=value):
            return target, value
        case ast.AnnAssign(target=target, value=value):
            return target, value
    return None, None


def _is_got(value: ast.expr, name: str, names: Names) -> bool:
    match value:
        case ast.Call(args=[ast.Name(id=given)], keywords=[]):
            return given == name and names.callee(value) in DECODES
    return False


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_written(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
