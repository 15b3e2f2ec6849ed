"""Keras's backends: which ones are installed, and a note for a missing one. Needs no Keras."""

import importlib.util
import os
from typing import Final

__all__ = ["BACKENDS", "explain", "is_installed"]

BACKENDS: Final = ("jax", "torch", "tensorflow")
"""The backends that can train, by preference; each has the name of its package."""


def is_installed(package: str) -> bool:
    """Return whether a *package* can be imported."""
    return importlib.util.find_spec(package) is not None


def explain(error: ImportError | ValueError) -> None:
    """Add a note to an *error* of Keras's import about its backend: the installed backends, and how to choose one."""
    missing = _missing_backend(error)
    if missing is not None:
        error.add_note(f"Keras takes the backend {missing!r}, which is not installed. {_cure()}")


def _missing_backend(error: ImportError | ValueError) -> str | None:
    """Return the backend that could not be imported, or None if the *error* is about something else."""
    if isinstance(error, ImportError):
        package = (error.name or "").split(".")[0]
        return package if package in BACKENDS and not is_installed(package) else None
    asked = os.environ.get("KERAS_BACKEND")
    return asked if asked and str(error).endswith(f": {asked}") else None


def _cure() -> str:
    installed = [backend for backend in BACKENDS if is_installed(backend)]
    if not installed:
        return (
            "No backend is installed. Install one, and set KERAS_BACKEND before Python starts:\n"
            f"    python -m pip install {BACKENDS[0]}\n"
            f"    export KERAS_BACKEND={BACKENDS[0]}"
        )
    return (
        f"Installed: {', '.join(installed)}. Set KERAS_BACKEND before Python starts:\n"
        f"    export KERAS_BACKEND={installed[0]}"
    )
