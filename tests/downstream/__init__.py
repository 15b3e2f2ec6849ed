"""Layers that nobody here wrote: those of packages on PyPI, as they are and decorated, held to every promise."""
