"""How much what is found in a saved model matters. Keras-free."""

import enum

__all__ = ["Severity"]


class Severity(enum.IntEnum):
    """How much a finding matters."""

    NOTE = 1
    """Nothing is lost; worth knowing."""
    WARNING = 2
    """It depends on what is there when the model is loaded."""
    ERROR = 3
    """The model does not load, or computes something else, or would run what it brings along."""
