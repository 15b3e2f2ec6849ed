"""The private names of Keras that are needed below ``keras_api``, which has all others. Keras-free."""

from typing import Final

__all__ = ["IS_DEFAULT"]

IS_DEFAULT: Final = "_is_default"
"""The mark of a ``build`` or a ``get_config`` that no author wrote."""
