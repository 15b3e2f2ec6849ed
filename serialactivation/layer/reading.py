"""The config that the next layer of a class is made from."""

import contextvars
from typing import Final

from serialactivation.typing import Config

__all__ = ["READING", "join_pending"]

READING: Final[contextvars.ContextVar[tuple[type, Config] | None]] = contextvars.ContextVar("reading", default=None)
"""The class of the layer that is being made from a config, and the config, until its constructor runs."""


def join_pending(layer_class: type, config: Config) -> Config:
    """Return *config*, as the ``from_config`` of a subclass has changed it, with what the subclass's config has."""
    pending = READING.get()
    return {**config, **pending[1]} if pending is not None and pending[0] is layer_class else config
