"""Refuses to draw or to write a page where a package of the extra ``report`` is not installed. Keras-free."""

import importlib.util

from serialactivation import errors

__all__ = ["require"]


def require(what: str, *modules: str) -> None:
    """Raise an error if a module is missing.

    Args:
        what: What needs it.
        *modules: The names of the modules.

    Raises:
        MissingExtraError: One is not installed.
    """
    missing = tuple(name for name in modules if importlib.util.find_spec(name) is None)
    if missing:
        raise errors.MissingExtraError(what, missing, "report")
