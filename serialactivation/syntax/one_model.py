"""Whether several layers that a module makes certainly belong to one model. Keras-free."""

import ast
import collections
from collections.abc import Iterator, Sequence

from serialactivation.syntax.module import Module
from serialactivation.syntax.scopes import Scope

__all__ = ["Models"]

_SEQUENTIAL = "keras.models.Sequential"
_MODEL = "keras.models.Model"
_BRANCHES = (ast.If, ast.IfExp, ast.BoolOp, ast.Try, ast.Match, ast.While)
_OWNERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Models:
    """The models of a module, as far as it is certain which layers belong to them.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self._sequential: dict[ast.expr, ast.Call] = {}
        self._applied: set[ast.expr] = set()
        self._graphs: collections.Counter[Scope] = collections.Counter()
        for call in _find_certain_calls(module.source.tree):
            self._read(call)

    def _read(self, call: ast.Call) -> None:
        callee = self._module.names.callee(call)
        self._applied.add(call.func)
        if callee == _MODEL:
            self._graphs[self._module.names.scopes.of[call]] += 1
        match call:
            case ast.Call(args=[ast.List(elts=layers), *_]) if callee == _SEQUENTIAL:
                self._sequential.update(dict.fromkeys(layers, call))
            case ast.Call(func=ast.Attribute(value=ast.Name() as model, attr="add"), args=[layer]):
                made = self._module.names.meaning(model)
                if isinstance(made, ast.Call) and self._module.names.callee(made) == _SEQUENTIAL:
                    self._sequential[layer] = made

    def are_in_one_model(self, calls: Sequence[ast.Call]) -> bool:
        """Return whether the layers that *calls* make, in one scope, certainly belong to one model.

        That is so if one ``Sequential`` is given all of them, by its constructor or by ``add``; or if each layer is
        called at once on its input, and the scope makes exactly one ``Model``.
        """
        models = {self._sequential.get(call) for call in calls}
        if len(models) == 1 and None not in models:
            return True
        return self._applied.issuperset(calls) and self._graphs[self._module.names.scopes.of[calls[0]]] == 1


def _find_certain_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls that run whenever their scope runs: those outside of branches."""
    left: list[tuple[ast.AST, bool]] = [(tree, True)]
    while left:
        node, certain = left.pop()
        if certain and isinstance(node, ast.Call):
            yield node
        inner = isinstance(node, _OWNERS) or (certain and not isinstance(node, _BRANCHES))
        left.extend((child, inner) for child in ast.iter_child_nodes(node))
