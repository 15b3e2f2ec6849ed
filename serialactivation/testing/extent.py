"""How much is checked where nobody says it: what pytest's option was. Keras-free."""

__all__ = ["is_full", "set_full"]

_asked: set[str] = set()


def is_full() -> bool:
    """Return whether rarer activations are checked, too."""
    return "full" in _asked


def set_full(full: bool) -> None:
    """Settle it for this process.

    Args:
        full: Whether rarer activations are checked, too.
    """
    _asked.clear()
    if full:
        _asked.add("full")
