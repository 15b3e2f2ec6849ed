"""The registered layers are there whenever Keras is, without making anyone import Keras.

``keras.models.load_model`` finds a class only once it is registered. If Keras has been imported, that is done now; if
not, right after it is: a finder stands first in line, finds Keras as it would have been found, and lets its loader
register the layers when it has run. It then takes itself away.
"""

import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # it is slow to import, and what it has to say is for type checkers
    import importlib.abc  # noqa: TC004  # what runs uses other parts of importlib

__all__ = ["register_layers"]

_KERAS = "keras"
_LAYERS = "serialactivation.layers"


def register_layers() -> None:
    """Register the package's layers with Keras: now, or once Keras is imported."""
    if sys.modules.get(_KERAS) is not None:  # None stands for a module that must not be imported
        importlib.import_module(_LAYERS)
    else:
        sys.meta_path.insert(0, cast("importlib.abc.MetaPathFinder", _KerasFinder()))


class _KerasFinder:
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != _KERAS:
            return None
        sys.meta_path.remove(cast("importlib.abc.MetaPathFinder", self))
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("importlib.abc.Loader", _RegisteringLoader(spec.loader))
        return spec


class _RegisteringLoader:
    """Keras's own loader, followed by the registration; in the module's record, Keras's own takes its place again."""

    def __init__(self, loader: "importlib.abc.Loader") -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        importlib.import_module(_LAYERS)
