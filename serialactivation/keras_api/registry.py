"""Finds classes by their names in configs."""

import importlib
import sys
from collections.abc import Mapping

import keras

from serialactivation.keras_api.scopes import objects_in_scope
from serialactivation.typing import JSON

__all__ = ["find_class", "find_custom_class", "find_custom_name"]


def find_class(config: Mapping[str, JSON]) -> type | None:
    """Return the class that *config* names: a registered one, one of Keras's, or one of an imported module.

    Returns:
        The class, or None if it cannot be found, or if the config is that of a function.
    """
    registered, module, class_name = (config.get(key) for key in ("registered_name", "module", "class_name"))
    found = keras.saving.get_registered_object(registered) if isinstance(registered, str) else None
    if found is None and isinstance(module, str) and isinstance(class_name, str):
        found = getattr(_find_module(module), class_name, None)
    return found if isinstance(found, type) else None


def find_custom_name(kind: type) -> str | None:
    """Return the name under which Keras knows *kind*: a custom object, or one in an active scope."""
    return next((name for name, custom in _custom_objects().items() if custom is kind), None)


def find_custom_class(name: str) -> type | None:
    """Return the class that Keras knows by *name*, or None. Nothing is imported."""
    found = _custom_objects().get(name)
    return found if isinstance(found, type) else None


def _custom_objects() -> dict[str, object]:
    return {**keras.saving.get_custom_objects(), **objects_in_scope()}


def _find_module(name: str) -> object:
    """Return a module of Keras, imported if necessary, or any other module that is already imported."""
    if name.partition(".")[0] != "keras":
        return sys.modules.get(name)
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
