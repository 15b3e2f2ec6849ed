"""Dataclasses and similar classes that hold an activation, and layers that hold such an object. Keras-free."""

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.syntax.classes.annotations import takes_names
from serialactivation.syntax.classes.layer_classes import REGISTERS, LayerClass
from serialactivation.syntax.names import Names, is_self

__all__ = ["ConfigArgument", "ConfigClass", "find_config_arguments", "read_config_class"]

_MAKERS: Final = frozenset(
    (
        "dataclasses.dataclass",
        *(f"attrs.{name}" for name in ("define", "frozen", "mutable")),
        *(f"attr.{name}" for name in ("s", "attrs", "define", "frozen", "mutable", "dataclass")),
    )
)
_AS_DICT: Final = frozenset({"dataclasses.asdict", "attrs.asdict", "attr.asdict"})
_WHOLE: Final = frozenset({"keras.saving.serialize_keras_object", *_AS_DICT})
_NAMED_TUPLE: Final = "typing.NamedTuple"
_CHANGES: Final = frozenset({"__init__", "__new__", "__post_init__", "__attrs_post_init__", "__setattr__"})
_SERIALIZE: Final = "keras.activations.serialize"


class ConfigClass(NamedTuple):
    """A class whose objects hold their arguments in attributes of the same names.

    Attributes:
        node: Its definition.
        fields: Its fields, in the order of the constructor's arguments.
        names_given: The fields that may be given the name of an activation.
        is_stored_raw: Whether its own ``get_config`` returns its fields unchanged.
    """

    node: ast.ClassDef
    fields: tuple[str, ...]
    names_given: frozenset[str]
    is_stored_raw: bool

    def find_given(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """Yield the activations that a *call* of the class is given, each with its field."""
        if any(isinstance(one, ast.Starred) for one in call.args):
            return
        named = ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None)
        for field, value in (*zip(self.fields, call.args, strict=False), *named):
            if field in self.fields and looks_like_activation(field, None):
                yield field, value


class ConfigArgument(NamedTuple):
    """An argument of a layer that is stored as it is given, and whose activations ``get_config`` stores.

    Attributes:
        argument: The name of the argument.
        position: Its position among positional arguments.
        calls: The calls of ``keras.activations.serialize`` with one of its fields, by field.
        is_whole: Whether all of it is stored, by Keras or by ``dataclasses.asdict``.
        annotation: The annotation of the argument, or None.
    """

    argument: str
    position: int
    calls: dict[str, ast.Call]
    is_whole: bool
    annotation: ast.expr | None

    @property
    def fields(self) -> frozenset[str]:
        """The fields that are stored separately."""
        return frozenset(self.calls)

    def find_in(self, call: ast.Call) -> ast.expr | None:
        """Return the value of the argument in a *call* of the layer, or None."""
        if len(call.args) > self.position and not any(isinstance(one, ast.Starred) for one in call.args):
            return call.args[self.position]
        return next((keyword.value for keyword in call.keywords if keyword.arg == self.argument), None)


def read_config_class(names: Names, node: ast.expr) -> ConfigClass | None:
    """Return the class that an expression names, if its objects certainly hold their arguments."""
    meaning = names.meaning(node)
    if not isinstance(meaning, ast.ClassDef):
        return None
    bases = {names.path(base) for base in meaning.bases}
    marks = {names.path(one.func if isinstance(one, ast.Call) else one) or "?" for one in meaning.decorator_list}
    is_named_tuple = bases == {_NAMED_TUPLE}
    if not (is_named_tuple or (not bases and marks & _MAKERS)) or not marks <= _MAKERS | REGISTERS:
        return None
    methods = [one for one in meaning.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    fields = [one for one in meaning.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    if any(method.name in _CHANGES for method in methods) or any(isinstance(one.value, ast.Call) for one in fields):
        return None
    named = {one.target.id: one for one in fields if isinstance(one.target, ast.Name) and not _is_of_class(one)}
    given = {name for name, one in named.items() if looks_like_activation(name, None) and takes_names(one.annotation)}
    is_raw = any(method.name == "get_config" and _returns_itself(names, method) for method in methods)
    return ConfigClass(node=meaning, fields=tuple(named), names_given=frozenset(given), is_stored_raw=is_raw)


def _is_of_class(field: ast.AnnAssign) -> bool:
    return "ClassVar" in ast.unparse(field.annotation)


def _returns_itself(names: Names, method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a method returns ``dataclasses.asdict(self)``."""
    match [one for one in method.body if not isinstance(one, ast.Expr)]:
        case [ast.Return(value=ast.Call(args=[ast.Name()]) as call)]:
            return names.callee(call) in _AS_DICT
    return False


def find_config_arguments(names: Names, layer: LayerClass) -> Iterator[ConfigArgument]:
    """Yield the constructor arguments of a layer that its own constructor and ``get_config`` store."""
    constructor, method = layer.own("__init__"), layer.own("get_config")
    if constructor is None or method is None:
        return
    stores = list(_find_stores(layer, constructor))
    for position, arg in enumerate([*constructor.args.posonlyargs, *constructor.args.args][1:]):
        attributes = [attribute for attribute, name in stores if name == arg.arg]
        if len(attributes) == 1:
            calls, is_whole = _read_stored(names, method, attributes[0])
            if calls or is_whole:
                yield ConfigArgument(arg.arg, position, calls, is_whole, arg.annotation)


def _find_stores(layer: LayerClass, constructor: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the attributes that hold an argument as it was given, and are assigned nowhere else."""
    assigned = [node for one in layer.lineage() for node in ast.walk(one.node) if isinstance(node, ast.Attribute)]
    targets = [node.attr for node in assigned if not isinstance(node.ctx, ast.Load)]
    for statement in constructor.body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(attr=attribute) as target], value=ast.Name(id=name)):
                if is_self(target, constructor) and targets.count(attribute) == 1:
                    yield attribute, name


def _read_stored(names: Names, method: ast.FunctionDef, attribute: str) -> tuple[dict[str, ast.Call], bool]:
    """Return the fields of an attribute that ``get_config`` serializes, and whether it stores the whole attribute."""
    calls: dict[str, ast.Call] = {}
    is_whole = False
    for node in ast.walk(method):
        match node:
            case ast.Call(args=[ast.Attribute(value=ast.Attribute(attr=found) as inner, attr=field)], keywords=[]):
                if found == attribute and is_self(inner, method) and names.callee(node) == _SERIALIZE:
                    calls[field] = node
            case ast.Call(args=[ast.Attribute(attr=found) as inner], keywords=[]):
                is_its = found == attribute and is_self(inner, method)
                is_whole = is_whole or (is_its and names.callee(node) in _WHOLE)
    return calls, is_whole
