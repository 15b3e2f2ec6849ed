"""Stubs of the part of Keras that serialactivation's types speak of, as the partial stub package ``keras-stubs``.

In the checkout the stubs are strict: a name that they do not have is an error, and is added. In somebody else's project
that would be wrong, since Keras has more than this package uses: there, whatever they do not have is ``Any``, as all of
Keras is without them. And what is a package in Keras is one here: pyright looks beside Keras's own files, and would
take a module of that name to be hidden by the package.
"""

import ast
import pathlib
import shutil
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "keras"
TARGET = "keras-stubs"


class StubsHook(BuildHookInterface[Any]):  # type: ignore[misc]  # what is skipped is Any
    """Puts the stubs into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the stubs as others need them, and have them included."""
        target = pathlib.Path(self.directory) / TARGET
        shutil.rmtree(target, ignore_errors=True)
        write_stubs(pathlib.Path(self.root) / SOURCE, target)
        build_data["force_include"][str(target)] = TARGET

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove them."""
        shutil.rmtree(pathlib.Path(self.directory) / TARGET, ignore_errors=True)


def write_stubs(source: pathlib.Path, target: pathlib.Path) -> None:
    """Write the public stubs in *source* to *target*, marked as partial, with all that they do not have as ``Any``."""
    for path in source.glob("*.pyi"):
        package = target if path.stem == "__init__" else target / path.stem
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.pyi").write_text(open_up(path.read_text()))
    (target / "py.typed").write_text("partial\n")


def open_up(stub: str) -> str:
    """Return a *stub* in which its module, and each class that has no other base, has any further attribute."""
    lines = stub.splitlines()
    for node in reversed(ast.parse(stub).body):
        if isinstance(node, ast.ClassDef) and not node.bases and not node.decorator_list:
            first = node.body[0]
            line = lines[first.lineno - 1]
            if first.lineno == node.lineno:  # class Name: ...
                lines[node.lineno - 1] = line[: line.rindex("...")].rstrip()
                lines.insert(node.lineno, "    def __getattr__(self, name: str) -> _Anything: ...")
            else:
                start = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", ()))])
                lines.insert(start - 1, "    def __getattr__(self, name: str) -> _Anything: ...")
    return "\n".join(
        ["from typing import Any as _Anything", *lines, "", "def __getattr__(name: str) -> _Anything: ...", ""]
    )
