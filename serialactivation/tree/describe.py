"""A stored activation, as Python code would write it. Keras-free."""

from collections.abc import Mapping
from typing import Final

from serialactivation.catalog.marks import PACKAGE, PARTIAL
from serialactivation.files.printable import LONGEST_TEXT, cut
from serialactivation.tree.activations import LAMBDA, find_label
from serialactivation.typing import JSON

__all__ = ["describe"]

# What the config of every layer holds in addition to its own arguments.
_BASE: Final = ("dtype", "name", "trainable")


def describe(stored: JSON) -> str:
    """Return an activation as Python code: ``gelu``, ``ReLU(max_value=6.0)``, ``relu(negative_slope=0.1)``."""
    label = find_label(stored)
    inner = stored.get("config") if isinstance(stored, dict) else None
    if label == LAMBDA or not isinstance(inner, dict):
        return cut(label)
    if isinstance(stored, dict) and stored.get("registered_name") == f"{PACKAGE}>{PARTIAL}":
        keywords = inner.get("keywords")
        return _call(describe(inner.get("function")), keywords if isinstance(keywords, dict) else {})
    return _call(label, inner)


def _call(name: str, config: Mapping[str, JSON]) -> str:
    text = f"{cut(name)}("
    separator = ""
    for key, value in config.items():
        if len(text) > LONGEST_TEXT:
            break  # the text is cut anyway
        if key not in _BASE and isinstance(value, bool | int | float | str):
            shown = cut(value) if isinstance(value, str) else value
            text += f"{separator}{cut(key)}={shown!r}"
            separator = ", "
    return cut(f"{text})")
