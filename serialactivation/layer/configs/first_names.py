"""Classes that Keras has under several names: since 3.16, it finds an object in a config by the first name only."""

from typing import Final

import keras

from serialactivation.catalog.versions import is_newer
from serialactivation.layer.configs.stored_objects import map_objects
from serialactivation.typing import JSON, Config

__all__ = ["FINDS_OTHER_NAMES", "use_first_names"]

FINDS_OTHER_NAMES: Final = is_newer("3.16", keras.__version__)
"""Whether the installed Keras finds an object by each of its names, such as the ``OrthogonalInitializer`` of 3.6."""


def use_first_names(config: Config) -> Config:
    """Return the *config* of a layer with the first names of the classes of Keras in it."""
    return {key: _rename_all(value) for key, value in config.items()}


def _rename_all(value: JSON) -> JSON:
    return map_objects(_rename, value)


def _rename(stored: Config, module: str, class_name: str) -> Config:
    from serialactivation.catalog.classes import find_first_name  # slow to import, and not needed to make a layer

    first = find_first_name(module, class_name)
    return stored if first is None else {**stored, "class_name": first}
