"""The private names of Keras that are needed below ``keras_api``, which has all others. Keras-free."""

from typing import Any, Final

__all__ = ["IS_DEFAULT", "has_default_build"]

IS_DEFAULT: Final = "_is_default"
"""The mark of a ``build`` or a ``get_config`` that no author wrote."""


def has_default_build(layer_class: type[Any]) -> bool:
    """Return whether no author wrote the ``build`` of a layer's class."""
    return getattr(layer_class.build, IS_DEFAULT, False) is True
