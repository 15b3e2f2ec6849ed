"""What marks an object of this package, or a tuple, in a config. Keras-free, and quick to import."""

from typing import Final

__all__ = [
    "BESIDE",
    "CONFIGURED",
    "MAPPING",
    "NAMESPACE",
    "OBJECT",
    "PACKAGE",
    "PARTIAL",
    "PARTIAL_LAYER",
    "POSITIONAL",
    "TUPLE",
    "TUPLE_MARKS",
]

PACKAGE: Final = "serialactivation"
"""What this package registers its objects under."""

BESIDE: Final = PACKAGE
"""The key for fields beside the author's own: where an author wrote both halves, and names the fields otherwise.

Those that are members of a configuration object stand there always, by their paths.
"""

POSITIONAL: Final = "*args"
"""The key, beside the author's own, for values that are given by position."""

PARTIAL: Final = "PartialActivation"
"""The class of a function with keywords."""

PARTIAL_LAYER: Final = "PartialLayer"
"""The class of a layer with keywords for its call."""

OBJECT: Final = "serialactivation>object"
"""Marks a configuration object, such as a dataclass, that is stored by its members."""

NAMESPACE: Final = "serialactivation>namespace"
"""Marks a ``types.SimpleNamespace``."""

MAPPING: Final = "serialactivation>mapping"
"""Marks one of Python's mappings that are no dicts, such as a ``collections.UserDict``."""

CONFIGURED: Final = (OBJECT, NAMESPACE, MAPPING)
"""What marks a configuration object."""

# A tuple in a config is marked: JSON has lists only. Keras before 3.12 makes a list of its own mark in ``.h5`` files.

TUPLE: Final = "serialactivation>tuple"
TUPLE_MARKS: Final = (TUPLE, "__tuple__")
"""What is read as the mark of a tuple."""
