"""The marks of this package's objects, and of tuples, in configs. Keras-free, and quick to import."""

from typing import Final

__all__ = [
    "CONFIGURED",
    "MAPPING",
    "NAMESPACE",
    "OBJECT",
    "PACKAGE",
    "PARTIAL",
    "PARTIAL_LAYER",
    "POSITIONAL",
    "SEPARATE",
    "TUPLE",
    "TUPLE_MARKS",
]

PACKAGE: Final = "serialactivation"
"""The package under which our objects are registered."""

SEPARATE: Final = PACKAGE
"""The key of what is stored separately: fields that an author's ``get_config`` does not write under their keys, if the
class has its author's ``from_config``, too.

Members of configuration objects are always stored under it, by their paths.
"""

POSITIONAL: Final = "*args"
"""The key, within :data:`SEPARATE`, of values that are given by position."""

PARTIAL: Final = "PartialActivation"
"""The class of a function with keywords."""

PARTIAL_LAYER: Final = "PartialLayer"
"""The class of a layer with keywords for its call."""

OBJECT: Final = "serialactivation>object"
"""Marks a configuration object, such as a dataclass, that is stored by its members."""

NAMESPACE: Final = "serialactivation>namespace"
"""Marks a ``types.SimpleNamespace``."""

MAPPING: Final = "serialactivation>mapping"
"""Marks one of Python's mappings that are not dicts, such as a ``collections.UserDict``."""

CONFIGURED: Final = (OBJECT, NAMESPACE, MAPPING)
"""All marks of configuration objects."""

# Tuples are marked, because JSON has only lists. In ``.h5`` files, Keras before 3.12 loses its own mark.

TUPLE: Final = "serialactivation>tuple"
TUPLE_MARKS: Final = (TUPLE, "__tuple__")
"""All marks that are read as a tuple."""
