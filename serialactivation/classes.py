"""The class that an object's config names."""

import importlib
import sys
from collections.abc import Mapping

import keras

from serialactivation.typing import JSON

__all__ = ["find_class"]


def find_class(config: Mapping[str, JSON]) -> type | None:
    """Return the class that *config* names: a registered one, one of Keras's, or one of a module that is imported.

    Returns:
        The class, or None where it cannot be found, or where the config is a function's.
    """
    registered, module, class_name = (config.get(key) for key in ("registered_name", "module", "class_name"))
    found = keras.saving.get_registered_object(registered) if isinstance(registered, str) else None
    if found is None and isinstance(module, str) and isinstance(class_name, str):
        found = getattr(_find_module(module), class_name, None)
    return found if isinstance(found, type) else None


def _find_module(name: str) -> object:
    """Return a module of Keras, imported where it has to be, or one that is imported."""
    if name.partition(".")[0] != "keras":
        return sys.modules.get(name)
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
