"""The config that a layer is made from, while its constructor runs."""

import contextvars
from typing import Final

from serialactivation.codec.sharing_ids import decoding
from serialactivation.layer.layer_activations import LayerActivations
from serialactivation.typing import Config

__all__ = ["constructing", "reading"]

# The config that a layer is being made from, and its class.
_READING: Final[contextvars.ContextVar[tuple[type, Config] | None]] = contextvars.ContextVar("reading", default=None)


def reading(layer_class: type, config: Config, *, inherited: bool = False) -> contextvars.Context:
    """Return a context in which *layer_class* is made from *config*.

    Args:
        layer_class: The class.
        config: The config.
        inherited: Whether the ``from_config`` of a subclass has called this one with a config that it has changed; the
            entries of the subclass's config then come first.
    """
    pending = _READING.get() if inherited else None
    if pending is not None and pending[0] is layer_class:
        config = {**config, **pending[1]}
    context = decoding()
    context.run(_READING.set, (layer_class, config))
    return context


class constructing:  # noqa: N801  # a context manager, as those of contextlib; entered for every layer of a model
    """The time in which a constructor of a layer runs. ``with`` gives whether that is the outermost constructor."""

    def __init__(self, state: LayerActivations) -> None:
        self._state = state
        self._outermost = not state.constructing
        self._token: contextvars.Token[tuple[type, Config] | None] | None = None

    def __enter__(self) -> bool:
        self._state.constructing = True
        pending = _READING.get()
        if self._outermost and pending is not None and pending[0] is type(self._state.layer):
            self._state.reading = pending[1]
            self._token = _READING.set(None)  # the constructor may make another layer of its class
        return self._outermost

    def __exit__(self, *_: object) -> None:
        self._state.constructing = not self._outermost
        if self._token is not None:
            _READING.reset(self._token)
            self._state.reading = None
