"""That a promise is broken, before it is known which, and whose."""

__all__ = ["Broken"]


class Broken(Exception):  # noqa: N818  # it is no error of a caller's, and never leaves the kit
    """A check has found a promise broken; its text says how, as a clause that starts in lower case."""
