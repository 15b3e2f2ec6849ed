"""Functions of a backend that is not the running one: which they are, and what stands for them here."""

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
"""The backend whose tensors a library's functions compute on; Keras's own compute on any."""


def is_foreign(function: catalog.Function) -> bool:
    """Return whether *function* computes on the tensors of a backend that is not the running one."""
    running = keras.config.backend()
    return BACKENDS.get(function.library, running) != running


def stand_in(function: catalog.Function, keywords: Mapping[str, JSON], path: str) -> Notation:
    """Return the form of what computes on any backend what a stored *function* does on its own, to 1e-5 in float32.

    Raises:
        ActivationConfigError: Nothing in Keras does; *path* says where it is stored.
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
