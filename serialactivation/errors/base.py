"""What every error is, and what is said in several."""

from typing import Final

__all__ = [
    "READ_ERRORS",
    "ActivationError",
    "place",
]


READ_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What other people's code raises when a config is written or read: Keras's, or an author's ``from_config``."""


class ActivationError(Exception):
    """Base class of every error that this package raises on purpose."""


def place(layer: str | None, field: str | None) -> str:
    """Return ``Dense(activation=...)``, or what is known of it."""
    if layer and field:
        return f"{layer}({field}=...)"
    return layer or field or "activation"
