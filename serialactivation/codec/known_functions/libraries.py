"""The catalog's functions in the installed libraries: found by identity, loaded by name."""

import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Final, cast

import keras

from serialactivation.catalog import functions as catalog
from serialactivation.typing import Activation

__all__ = ["FUNCTION_TYPE", "KERAS_FUNCTIONS", "KERAS_MODULES", "find_function", "is_installed", "load_function"]

KERAS_MODULES: Final[Mapping[str, ModuleType]] = MappingProxyType(
    {"keras.ops": keras.ops, "keras.activations": keras.activations}
)

# The module to import for the public functions of each library besides Keras.
_MODULES: Final[Mapping[str, str]] = MappingProxyType(
    {"jax.nn": "jax.nn", "torch.nn.functional": "torch.nn.functional", "tf.nn": "tensorflow"}
)


def _library_module(library: str, *, load: bool) -> ModuleType | None:
    """Return the module that holds *library*, or None if it is not imported and *load* is false."""
    if library in KERAS_MODULES:
        return KERAS_MODULES[library]
    name = _MODULES[library]
    module = importlib.import_module(name) if load else sys.modules.get(name)
    if library == "tf.nn" and module is not None:
        return cast("ModuleType", module.nn)
    return module


def find_function(value: object) -> catalog.Function | None:
    """Return the catalog's record of *value*, found by identity, or None. Imports nothing."""
    if isinstance(value, FUNCTION_TYPE) and value in KERAS_FUNCTIONS:
        return KERAS_FUNCTIONS[value]
    return None if isinstance(value, keras.Operation) else _find_foreign(value)


FUNCTION_TYPE: Final = type(lambda: None)

KERAS_FUNCTIONS: Final[Mapping[object, catalog.Function]] = {
    getattr(module, name): function
    for library, module in KERAS_MODULES.items()
    for name, function in catalog.LIBRARIES[library].items()
    if hasattr(module, name)
}
"""Keras's functions by identity. Activations come last: an object that both libraries export is an activation."""


def _find_foreign(value: object) -> catalog.Function | None:
    for library in _MODULES:
        module = _library_module(library, load=False)
        if module is None:
            continue
        for name, function in catalog.LIBRARIES[library].items():
            if getattr(module, name, None) is value:
                return function
    return None


def load_function(function: catalog.Function) -> Activation:
    """Return the function that a record of the catalog describes, importing its library.

    Raises:
        ImportError: The library is not installed.
        AttributeError: The installed release does not have the function.
    """
    module = _library_module(function.library, load=True)
    return cast("Activation", getattr(module, function.name))


def is_installed(function: catalog.Function) -> bool:
    """Return whether the installed Keras has *function*, a function of Keras."""
    return hasattr(KERAS_MODULES[function.library], function.name)
