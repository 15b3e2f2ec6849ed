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
"""A function with keywords: ``config`` has ``function``, in its stored form, and ``keywords``."""

PARTIAL_LAYER: Final = "PartialLayer"
"""A layer with keywords for its call: ``config`` has ``layer`` and ``keywords``."""

OBJECT: Final = "serialactivation>object"
"""A configuration object: a dataclass, an attrs class, a named tuple, or a mapping of a class of your own.

``registered_name`` is that of its class, and ``members`` has its members. A mapping's constructor receives a dict of
the members when it is read.
"""

NAMESPACE: Final = "serialactivation>namespace"
"""A ``types.SimpleNamespace``: ``members`` has its members."""

MAPPING: Final = "serialactivation>mapping"
"""A ``collections.UserDict``, a ``collections.ChainMap`` or a ``types.MappingProxyType``.

``kind`` is the name of its class, and ``members`` has its members.
"""

CONFIGURED: Final = (OBJECT, NAMESPACE, MAPPING)
"""All marks of configuration objects."""

# Tuples are marked, because JSON has only lists. In ``.h5`` files, Keras before 3.12 loses its own mark.

TUPLE: Final = "serialactivation>tuple"
"""A tuple, which JSON does not have: ``items`` has its items. Keras's own mark, ``__tuple__``, is read, too."""

TUPLE_MARKS: Final = (TUPLE, "__tuple__")
"""All marks that are read as a tuple."""
