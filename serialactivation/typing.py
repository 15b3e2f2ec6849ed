"""Types that the public face speaks of: configs, shapes, and what may stand for an activation."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias, TypeVar

__all__ = ["JSON", "Activation", "ActivationLike", "Config", "Shape", "SupportsConfig", "TensorT"]

TensorT = TypeVar("TensorT")
"""A tensor of any backend: an activation returns the kind that it is given."""

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
"""What a config is made of: nothing but JSON types."""

Config: TypeAlias = dict[str, JSON]
"""A config: the arguments that a layer is made from again."""

Shape: TypeAlias = tuple[int | None, ...]
"""A tensor's shape, the batch axis first; None where a size is open."""

Activation: TypeAlias = Callable[..., object]
"""A function, layer or other object that is called with one tensor and returns one."""

ActivationLike: TypeAlias = "str | Mapping[str, JSON] | Activation | None"
"""What a layer's activation argument may be given: a name, a config, a callable, or None for the identity."""


class SupportsConfig(Protocol):
    """An object that Keras can store: it tells its constructor's arguments."""

    def get_config(self) -> Mapping[str, object]:
        """Return the arguments that the object is made from again."""
