"""The objects that are registered with Keras in this process, for the check of files."""

from typing import Final

import keras

from serialactivation.catalog.versions import is_newer
from serialactivation.keras_api.scopes import objects_in_scope
from serialactivation.trust.lookups import Registry

__all__ = ["list_registered"]

_WHOLE_NAMES: Final = "3.10"  # the first Keras known not to match a part of a function's name


def list_registered() -> Registry:
    """Return the names that Keras finds, and how it looks up functions."""
    names = keras.saving.get_custom_objects().keys() | objects_in_scope().keys()
    return Registry(frozenset(filter(_is_name, names)), any_end=is_newer(_WHOLE_NAMES, keras.__version__))


def _is_name(name: object) -> bool:
    return isinstance(name, str)  # users may put other keys into Keras's dict
