"""The edits that fix a finding, if only one fix is possible. Keras-free."""

import ast
from typing import Final

from serialactivation.files.regions import TextEdit
from serialactivation.syntax.classes.constructor import GETS, Store
from serialactivation.syntax.classes.get_config import Config
from serialactivation.syntax.module import Module
from serialactivation.syntax.names import resolve_path
from serialactivation.syntax.scopes import Imported, Scope

__all__ = ["add_key", "register", "serialize"]

_REGISTER: Final = "saving.register_keras_serializable()"


def serialize(module: Module, value: ast.expr, store: Store) -> tuple[TextEdit, ...]:
    """Return the edits that encode the attribute *value*.

    Args:
        module: The module.
        value: ``self.activation``, in ``get_config``.
        store: How the attribute was stored.
    """
    written = _write_serialize(module, store, module.names.scopes.of[value])
    text = module.source.text
    start, end = text.start_of(value), text.end_of(value)
    if written is None or "\n" in text.whole[start:end]:
        return ()
    return (TextEdit(start, start, f"{written}("), TextEdit(end, end, ")"))


def add_key(
    module: Module, method: ast.FunctionDef, config: Config, key: str, attribute: str, store: Store
) -> tuple[TextEdit, ...]:
    """Return the edits that add a key to a dict display in ``get_config``, or none if there is no such dict."""
    written = _write_serialize(module, store, module.names.scopes.inside[method])
    if written is None or not config.displays:
        return ()
    self_name = method.args.args[0].arg if method.args.args else ""
    display = config.displays[-1]
    item = f'"{key}": {written}({self_name}.{attribute})'
    text = module.source.text
    place = text.start_of(display) + 1
    if not self_name or text.whole[place - 1 : place] != "{":
        return ()
    return (TextEdit(place, place, _separate(module, display, place, item)),)


def _separate(module: Module, display: ast.Dict, place: int, item: str) -> str:
    """Return *item* with its separator, on a line of its own if the other items have such lines."""
    if not display.values:
        return f"{item}, "
    whole = module.source.text.whole
    rest = whole[place : module.source.text.end_of(display)]
    end = "\r\n" if rest.startswith("\r\n") else rest[:1] if rest[:1] in ("\n", "\r") else ""
    if not end:
        return f"{item}, "
    after = rest[len(end) :]
    indent = after[: len(after) - len(after.lstrip(" \t"))]
    return f"{end}{indent}{item},"


def register(module: Module, node: ast.ClassDef) -> tuple[TextEdit, ...]:
    """Return the edits that register a class, if the module has a name for Keras there."""
    scope = module.names.scopes.of[node]
    keras = _find_name(module, scope, "keras")
    text = module.source.text
    line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    start = text.starts[line - 1]
    beginning = text.line(line)
    indent = beginning[: len(beginning) - len(beginning.lstrip(" \t\f"))]
    end = beginning[len(beginning.rstrip("\r\n")) :]
    if (
        keras is None
        or not end
        or not beginning[len(indent) :].startswith(("class", "@"))
        or _is_continued(text.whole, start)
    ):
        return ()
    return (TextEdit(start, start, f"{indent}@{keras}.{_REGISTER}{end}"),)


def _is_continued(whole: str, start: int) -> bool:
    return whole[:start].rstrip("\r\n").endswith("\\")


def _write_serialize(module: Module, store: Store, scope: Scope) -> str | None:
    """Return the expression that encodes what the constructor decoded, valid in *scope*, or None."""
    get = store.get
    if isinstance(get, ast.Attribute) and module.names.path(get) in GETS:
        written = ast.unparse(get.value)
        beginning = module.names.path(get.value)
        if beginning is not None and module.names.path(get.value, scope) == beginning and _is_global(get.value, scope):
            return f"{written}.serialize"
    keras = _find_name(module, scope, "keras")
    return None if keras is None or store.get is None else f"{keras}.activations.serialize"


def _is_global(node: ast.expr, scope: Scope) -> bool:
    """Return whether the first part of a dotted name is a name of the module, which other methods see too."""
    while isinstance(node, ast.Attribute):
        node = node.value
    found = scope.find(node.id) if isinstance(node, ast.Name) else None
    return found is not None and found[1].is_module


def _find_name(module: Module, scope: Scope, path: str) -> str | None:
    """Return the name under which the module imports *path*, if it has that meaning in *scope* too."""
    for name, bindings in module.names.scopes.module.bindings.items():
        paths = {resolve_path(one.path) if isinstance(one, Imported) else None for one in bindings}
        found = scope.find(name)
        if paths == {path} and found is not None and found[1].is_module:
            return name
    return None
