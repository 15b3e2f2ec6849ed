"""Exceptions of checks, before the names of the promise and the layer are added."""

__all__ = ["Broken", "NotTried"]


class Broken(Exception):  # noqa: N818  # callers never see it
    """A check has found a promise broken; its text says how, as a clause that starts in lower case."""


class NotTried(Exception):  # noqa: N818  # as above
    """A check could not try a promise, or not with every activation; its text says why, as a clause."""
