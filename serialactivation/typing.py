"""Types that the public face speaks of: configs, shapes, and what may stand for an activation."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, TypeAlias, TypeVar

__all__ = ["JSON", "Activation", "ActivationLike", "Config", "Shape", "SupportsConfig", "TensorT"]


class _SupportsArithmetic(Protocol):
    """What the tensors of all backends have in common; the other operand is a number, or a tensor."""

    def __neg__(self) -> Self: ...
    def __add__(self, other: Any, /) -> Self: ...
    def __radd__(self, other: Any, /) -> Self: ...
    def __sub__(self, other: Any, /) -> Self: ...
    def __rsub__(self, other: Any, /) -> Self: ...
    def __mul__(self, other: Any, /) -> Self: ...
    def __rmul__(self, other: Any, /) -> Self: ...
    def __truediv__(self, other: Any, /) -> Self: ...
    def __rtruediv__(self, other: Any, /) -> Self: ...


TensorT = TypeVar("TensorT", bound=_SupportsArithmetic)
"""A tensor of any backend: an activation returns the kind that it is given."""

GivenT = TypeVar("GivenT")

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
"""What a config is made of: nothing but JSON types."""

Config: TypeAlias = dict[str, JSON]
"""A config: the arguments that a layer is made from again."""

Shape: TypeAlias = tuple[int | None, ...]
"""A tensor's shape, the batch axis first; None where a size is open."""

Function: TypeAlias = Callable[..., Any]
"""What is called with a tensor, and perhaps with keywords."""

ActivationLike: TypeAlias = str | Mapping[str, JSON] | Callable[..., object] | None
"""What a layer's activation argument may be given: a name, a config, a callable, or None for the identity."""


class Activation(Protocol):
    """A function, layer or other object that is called with one tensor and returns one of the same kind."""

    def __call__(self, inputs: GivenT, /) -> GivenT:
        """Return the activation of a tensor."""


class SupportsConfig(Protocol):
    """An object that Keras can store: it tells its constructor's arguments."""

    def get_config(self) -> Mapping[str, object]:
        """Return the arguments that the object is made from again."""
