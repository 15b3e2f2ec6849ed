"""Checks that a model in memory comes back: it is saved and loaded for real, and compared with itself."""
