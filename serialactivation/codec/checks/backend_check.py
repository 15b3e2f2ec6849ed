"""Checks that a function of the catalog can be called on the running backend, or replaces it by one that can."""

from collections.abc import Mapping

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import write_portable
from serialactivation.codec.definitions.suggested_code import define_with_ops
from serialactivation.codec.functions import PartialActivation, read_function
from serialactivation.codec.known_functions.foreign_functions import BACKENDS, is_foreign
from serialactivation.codec.known_functions.keywords import write_keywords
from serialactivation.codec.known_functions.libraries import find_function
from serialactivation.typing import JSON, Activation

__all__ = ["adapt_to_backend"]


def adapt_to_backend(activation: Activation) -> Activation:
    """Return *activation*, or Keras's equal of it if it is a function of another backend.

    Raises:
        UncallableActivationError: It is a function of another backend and Keras has no equal, or a required keyword is
            missing.
    """
    partial = activation if isinstance(activation, PartialActivation) else PartialActivation(activation)
    found = find_function(partial.function)
    if found is None:
        return activation
    keywords = write_keywords(partial.keywords)
    _check_complete(activation, found, keywords)
    return _replace_foreign(activation, found, keywords) if is_foreign(found) else activation


def _check_complete(activation: Activation, found: catalog.Function, keywords: Mapping[str, JSON]) -> None:
    missing = [key for key, value in found.complete(keywords).items() if value == catalog.REQUIRED]
    if missing:
        raise errors.UncallableActivationError(
            activation,
            f"{found.path} needs {' and '.join(missing)}",
            f"functools.partial({found.path}, {', '.join(f'{key}=<value>' for key in missing)})",
        )


def _replace_foreign(activation: Activation, found: catalog.Function, keywords: Mapping[str, JSON]) -> Activation:
    form = write_portable(found, keywords)
    if form is None:
        backend = BACKENDS[found.library]
        raise errors.UncallableActivationError(
            activation,
            f"{found.path} computes with {backend}, and Keras runs on {keras.config.backend()}",
            define_with_ops(found.path, f"; or set KERAS_BACKEND={backend} before Python starts"),
        )
    return read_function(form)
