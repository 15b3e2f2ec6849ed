"""What is registered with Keras in this process, as files are held against it."""

from typing import Final

import keras

from serialactivation.catalog.versions import is_newer
from serialactivation.keras_api.scopes import objects_in_scope
from serialactivation.trust.lookups import Registry

__all__ = ["list_registered"]

_WHOLE_NAMES: Final = "3.10"  # the first Keras that is known to take no part of a function's name for the whole


def list_registered() -> Registry:
    """Return what Keras finds by a name, and how it looks for functions."""
    names = keras.saving.get_custom_objects().keys() | objects_in_scope().keys()
    return Registry(frozenset(filter(_is_name, names)), any_end=is_newer(_WHOLE_NAMES, keras.__version__))


def _is_name(name: object) -> bool:
    return isinstance(name, str)  # anything may be put into Keras's dict
