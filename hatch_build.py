"""What the wheel has beside the modules: the types of the ready-made layers, ``serialactivation/layers.pyi``.

Keras has no types, so that a twin of a layer has none either, whatever its base's constructor takes. The stubs in
``typings/`` have them; each twin is given those of its layer here, in terms that need no stubs of Keras.
"""

import ast
import pathlib
from collections.abc import Iterator
from typing import Any, TypeGuard

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LAYERS = "serialactivation/layers.py"
STUBS = "typings/keras"
IMPORTS = """
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeAlias, TypedDict, Unpack

import keras

from serialactivation.mixin import SerializableActivationMixin
"""

# What the constructors' types speak of, by the stub that has it.
ALIASES = {
    "constraints": ("_ConstraintLike",),
    "dtype_policies": ("_PolicyLike",),
    "initializers": ("_InitializerLike",),
    "regularizers": ("_RegularizerLike",),
    "layers": ("_ActivationLike", "_Sizes", "_Shape", "_CommonOptions", "_LayerOptions", "_RNNOptions"),
}


class LayersHook(BuildHookInterface[Any]):  # type: ignore[misc]  # what is skipped is Any
    """Puts the layers' types into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write them, and have them included; an editable install is of the checkout, which has the stubs."""
        if version == "editable":
            return
        target = self._target()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(write_types(pathlib.Path(self.root)))
        build_data["force_include"][str(target)] = f"{LAYERS}i"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove them."""
        self._target().unlink(missing_ok=True)

    def _target(self) -> pathlib.Path:
        return pathlib.Path(self.directory) / "layers.pyi"


def write_types(root: pathlib.Path) -> str:
    """Return a stub of the module of the ready-made layers."""
    source = ast.parse((root / LAYERS).read_text())
    stubs = {name: ast.parse((root / STUBS / f"{name}.pyi").read_text()) for name in ALIASES}
    bodies = {node.name: node.body for node in stubs["layers"].body if isinstance(node, ast.ClassDef)}
    listed = next(node for node in source.body if isinstance(node, ast.Assign))
    parts = [f'"""{ast.get_docstring(source)}"""', IMPORTS, ast.unparse(listed), *_aliases(stubs)]
    parts += [_twin(node, bodies[node.name]) for node in _statements(source.body) if _is_twin(node)]
    return "\n".join([*parts, ""])


def _aliases(stubs: dict[str, ast.Module]) -> Iterator[str]:
    """Yield the definitions of the aliases; a class of Keras's is written as what Keras calls it."""
    for module, names in ALIASES.items():
        classes = {node.name for node in stubs[module].body if isinstance(node, ast.ClassDef)} - set(names)
        for node in stubs[module].body:
            if getattr(node, "name", getattr(getattr(node, "target", None), "id", None)) in names:
                yield ast.unparse(_Qualified(f"keras.{module}", classes).visit(node))


class _Qualified(ast.NodeTransformer):
    def __init__(self, module: str, names: set[str]) -> None:
        self._module = module
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:  # ast's name
        return ast.Name(f"{self._module}.{node.id}") if node.id in self._names else node


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, and those under a condition: a layer that only a newer Keras has."""
    for node in body:
        yield from node.body if isinstance(node, ast.If) else [node]


def _is_twin(node: ast.stmt) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and not node.name.startswith("_")


def _twin(node: ast.ClassDef, body: list[ast.stmt]) -> str:
    """Return the class of a *node*, without the bases that are private and what it is registered as, with a *body*."""
    node.bases = [base for base in node.bases if not ast.unparse(base).startswith("_")]
    node.keywords = []
    node.body = body
    return ast.unparse(node)
