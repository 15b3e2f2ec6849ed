"""The packages, a module each: it imports one, and defines the subclasses of its layers."""

import importlib

from tests.downstream.rows import Package

__all__ = ["PACKAGES", "load"]

PACKAGES = {
    "keras_hub": "jax",
    "keras_cv_attention_models": "tensorflow",
    "keras_rs": "jax",
    "tcn": "jax",
    "keras_efficient_kan": "jax",
    "keras_mml": "jax",
    "medicai": "jax",
    "kerasfactory": "jax",
    "tkan": "jax",
    "keras_hexagdly": "jax",
    "keras_sciml": "jax",
}
"""The names that they are imported by, with the backend that they are measured on."""


def load(name: str) -> Package:
    """Return a package, and define the subclasses of its layers."""
    return importlib.import_module(f"{__name__}.{name}").PACKAGE
