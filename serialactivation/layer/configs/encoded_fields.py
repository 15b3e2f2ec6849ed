"""The stored forms of a layer's activations: each is made once in a whole ``get_config``."""

import contextvars
from collections.abc import Callable
from typing import Final, ParamSpec, cast

import keras

from serialactivation import errors
from serialactivation.codec.nesting_depth import check_depth
from serialactivation.codec.placed_errors import locate
from serialactivation.layer.hooks import ActivationHooks, resolve_field
from serialactivation.layer.state.layer_activations import ABSENT, Slot
from serialactivation.typing import JSON, Config

__all__ = ["encode", "encode_once", "is_encoding"]

_P = ParamSpec("_P")

# The stored forms made in the running get_config, by layer and field: each class on the way up needs them again.
_ENCODED: Final[contextvars.ContextVar[dict[tuple[int, str], JSON] | None]] = contextvars.ContextVar(
    "encoded", default=None
)


def is_encoding() -> bool:
    """Return whether a ``get_config`` of a layer runs, in which each field is encoded once."""
    return _ENCODED.get() is not None


def encode_once(write: Callable[_P, Config], *args: _P.args, **kwargs: _P.kwargs) -> Config:
    """Return what *write* returns, a layer's config; the fields are encoded once in all of it."""
    context = contextvars.copy_context()  # its variables end with it, even after an interrupt
    context.run(_ENCODED.set, {})
    return context.run(write, *args, **kwargs)


def encode(layer: keras.Layer, slot: Slot) -> JSON:
    """Return the stored form of a field of *layer*; it is encoded once in a whole ``get_config``."""
    known = _ENCODED.get()
    known = {} if known is None else known
    field = slot.field
    key = id(layer), field.name
    if key not in known:
        try:
            value, assigned = slot.read()
            if assigned and value is not ABSENT:
                check_depth(field, value)
                value = resolve_field(type(layer), field, value)
            known[key] = None if value is ABSENT else cast("ActivationHooks", layer).encode_activation(field, value)
        except errors.ActivationError as error:
            raise locate(error, type(layer), layer.name, field.name) from error.__cause__
    return known[key]
