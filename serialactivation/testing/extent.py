"""The default extent of the checks, set by pytest's option. Keras-free."""

__all__ = ["is_full", "set_full"]

_extent: set[str] = set()


def is_full() -> bool:
    """Return whether rarer activations are checked, too."""
    return "full" in _extent


def set_full(full: bool) -> None:
    """Set the default extent for this process.

    Args:
        full: Whether rarer activations are checked, too.
    """
    _extent.clear()
    if full:
        _extent.add("full")
