"""Functions of a backend that is not the running one, and their equals in Keras."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import Notation, write_portable
from serialactivation.typing import JSON

__all__ = ["BACKENDS", "is_foreign", "stand_in"]

BACKENDS: Final[Mapping[str, str]] = MappingProxyType(
    {"jax.nn": "jax", "torch.nn.functional": "torch", "tf.nn": "tensorflow"}
)
"""The backend of each library; Keras's own functions run on every backend."""


def is_foreign(function: catalog.Function) -> bool:
    """Return whether *function* belongs to a backend that is not the running one."""
    running = keras.config.backend()
    return BACKENDS.get(function.library, running) != running


def stand_in(function: catalog.Function, keywords: Mapping[str, JSON], path: str) -> Notation:
    """Return the form of Keras's equal of a stored *function*, which differs from it by at most 1e-5 in float32.

    Raises:
        ActivationConfigError: Keras has no equal; *path* says where the function is stored.
    """
    form = write_portable(function, keywords)
    if form is not None:
        return form
    backend, running = BACKENDS[function.library], keras.config.backend()
    raise errors.ActivationConfigError(
        path,
        function.path,
        f"{function.path} computes with {backend}, Keras runs on {running}, and nothing in Keras computes the same",
        f"Load the model with KERAS_BACKEND={backend}, or save it there with a function of keras.ops, or with a "
        "registered one of your own that uses keras.ops, in its place.",
    )
