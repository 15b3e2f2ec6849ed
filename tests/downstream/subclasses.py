"""Subclasses of another package's layers, in the module that a user would write them in.

The classes themselves are left as they are: decorated from outside, they would change for everybody, and another
process would find them without it. As with any user's layer, the plain ones are registered, and nothing more.
"""

import importlib
from collections.abc import MutableMapping

import keras

import serialactivation as sa
from tests.downstream.rows import Package, Row

__all__ = ["FORMS", "define", "find_base", "find_class"]

FORMS = ("plain", "decorated")


def find_base(package: Package, row: Row) -> type[keras.Layer]:
    """Return the package's own class."""
    return getattr(importlib.import_module(f"{package.name}.{row.module}"), row.name)


def define(package: Package, namespace: MutableMapping[str, object]) -> None:
    """Define both subclasses of every class, in the *namespace* of a module."""
    module = str(namespace["__name__"])
    for row in package.rows:
        base = find_base(package, row)
        for form in FORMS:
            name = _name(row, form)
            made = type(base)(name, (base,), {"__module__": module, "__qualname__": name, "__doc__": base.__doc__})
            namespace[name] = _register(made, form)


def _register(layer_class: type[keras.Layer], form: str) -> type[keras.Layer]:
    if form == "decorated":
        return sa.serializable_activation(package="downstream")(layer_class)
    return keras.saving.register_keras_serializable(package="downstream")(layer_class)


def _name(row: Row, form: str) -> str:
    return f"{row.path.replace('.', '_')}_{form}"


def find_class(package: Package, row: Row, form: str) -> type[keras.Layer]:
    """Return the subclass that was defined."""
    module = importlib.import_module(f"tests.downstream.packages.{package.name}")
    return getattr(module, _name(row, form))
