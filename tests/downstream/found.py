"""Which layer classes of a package take an activation: all that its modules define, as they are imported."""

import contextlib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator

import keras

import serialactivation as sa

__all__ = ["find_layers"]


def find_layers(package: str) -> list[type[keras.Layer]]:
    """Return the layer classes with an activation field, models and private bases aside, by module and name."""
    found = {
        value
        for module in _walk(package)
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, keras.Layer)
        and not issubclass(value, keras.Model)
        and value.__module__.split(".")[0] == package
        and not value.__name__.startswith("_")
        and sa.activation_fields(value)
    }
    return sorted(found, key=lambda layer_class: (layer_class.__module__, layer_class.__qualname__))


def _walk(package: str) -> Iterator[object]:
    """Import every module that can be; some need what nobody installs for the layers alone."""
    importlib.import_module(package)
    for info in pkgutil.walk_packages(sys.modules[package].__path__, f"{package}.", onerror=lambda _: None):
        with contextlib.suppress(ImportError):
            importlib.import_module(info.name)
    yield from [module for name, module in list(sys.modules.items()) if name.split(".")[0] == package]
