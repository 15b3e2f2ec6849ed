"""That a promise is broken, or cannot be tried, before it is known which, and whose."""

__all__ = ["Broken", "NotTried"]


class Broken(Exception):  # noqa: N818  # it is no error of a caller's, and never leaves the kit
    """A check has found a promise broken; its text says how, as a clause that starts in lower case."""


class NotTried(Exception):  # noqa: N818  # as above
    """A check could not try a promise, or not with everything; its text says why, as a clause."""
