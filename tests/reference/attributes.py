"""The docstrings of a module's constants, or of a class's members, which only its source has."""

import ast
import inspect
import itertools
import textwrap
import types


def read_attributes(owner: types.ModuleType | type) -> dict[str, str]:
    """Return what the source of *owner* says below its assignments, by the names that are assigned."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    body = tree.body if isinstance(owner, types.ModuleType) else tree.body[0].body
    return {
        target.id: inspect.cleandoc(below.value.value)
        for one, below in itertools.pairwise(body)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
        for target in _find_targets(one)
    }


def _find_targets(statement: ast.stmt) -> list[ast.Name]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target for target in targets if isinstance(target, ast.Name)]
