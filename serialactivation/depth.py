"""How deep a config may be nested: Keras exhausts the stack on a deeper one, before anybody can say what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["is_too_deep"]

_PLAIN: Final = frozenset([type(None), bool, int, float, str])
MAX_DEPTH: Final = 100
"""How deep a field's config may be nested: a Sequential in a Sequential takes six levels."""


def is_too_deep(config: object) -> bool:
    """Tell whether *config* is nested deeper than any layer's is."""
    if config is None or isinstance(config, str):
        return False
    level = [config]
    for _ in range(MAX_DEPTH):
        level = [item for value in level for item in _items(value) if type(item) not in _PLAIN]
        if not level:
            return False
    return True


def _items(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
