"""The registered layers are there whenever Keras is, without making anyone import Keras.

``keras.models.load_model`` finds a class only once it is registered. If Keras has been imported, that is done now. If
not, a finder stands first in line, finds Keras and this package's modules as they would have been found, and watches
them run. It registers the layers as soon as Keras is there and none of the package's modules is half made: one that
imports Keras itself, as the first of all, is finished before. Then the finder takes itself away.

Where Keras cannot be imported for want of a backend, the error says which are there.
"""

import contextlib
import importlib
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # it is slow to import, and what it has to say is for type checkers
    import importlib.abc  # noqa: TC004  # what runs uses other parts of importlib

__all__ = ["register_layers"]

_KERAS = "keras"
_LAYERS = "serialactivation.layers"
_OURS = "serialactivation."


def register_layers() -> None:
    """Register the package's layers with Keras: now, or once Keras is imported."""
    if sys.modules.get(_KERAS) is not None:  # None stands for a module that must not be imported
        importlib.import_module(_LAYERS)
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):  # as where this package is reloaded
        sys.meta_path.insert(0, cast("importlib.abc.MetaPathFinder", _Finder()))


class _Finder:
    def __init__(self) -> None:
        self._has_keras = False
        self._unfinished: set[str] = set()  # modules of this package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != _KERAS and not fullname.startswith(_OURS):
            return None
        others = [finder for finder in sys.meta_path if finder is not cast("importlib.abc.MetaPathFinder", self)]
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("importlib.abc.Loader", _WatchedLoader(spec.loader, self))
        return spec

    @contextlib.contextmanager
    def watching(self, name: str) -> Iterator[None]:
        """Within it, the module called *name* runs."""
        if name == _KERAS:
            with _naming_backends():
                yield
            self._has_keras = True
        else:
            self._unfinished.add(name)
            try:
                yield
            finally:
                self._unfinished.discard(name)
        if self._has_keras and not self._unfinished:
            with contextlib.suppress(ValueError):  # another thread was here
                sys.meta_path.remove(cast("importlib.abc.MetaPathFinder", self))
            importlib.import_module(_LAYERS)


class _WatchedLoader:
    """A module's own loader, watched by the finder; in the module's record, its own takes its place again."""

    def __init__(self, loader: "importlib.abc.Loader", finder: _Finder) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> object:  # what runs a module as a program asks for its code
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        with self._finder.watching(module.__name__):
            self._loader.exec_module(module)


@contextlib.contextmanager
def _naming_backends() -> Iterator[None]:
    """Within it, Keras is imported: an error that is about its backend says which are installed."""
    try:
        yield
    except (ImportError, ValueError) as error:
        from serialactivation.catalog.backends import explain  # for this alone

        explain(error)
        raise
