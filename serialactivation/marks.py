"""What marks an object of this package, or a tuple, in a config. Keras-free, and quick to import."""

from typing import Final

__all__ = ["PACKAGE", "PARTIAL", "PARTIAL_LAYER", "TUPLE", "TUPLE_MARKS"]

PACKAGE: Final = "serialactivation"
"""What this package registers its objects under."""

PARTIAL: Final = "PartialActivation"
"""The class of a function with keywords."""

PARTIAL_LAYER: Final = "PartialLayer"
"""The class of a layer with keywords for its call."""

# A tuple in a config is marked: JSON has lists only. Keras before 3.12 makes a list of its own mark in ``.h5`` files.

TUPLE: Final = "serialactivation>tuple"
TUPLE_MARKS: Final = (TUPLE, "__tuple__")
"""What is read as the mark of a tuple."""
