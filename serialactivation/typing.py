"""Types in the signatures of public functions: configs, shapes, and values accepted as activations."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, TypeAlias, TypeVar

__all__ = ["JSON", "Activation", "ActivationLike", "Config", "Shape", "SupportsConfig", "TensorT"]


class _SupportsArithmetic(Protocol):
    """The arithmetic that the tensors of all backends support; the other operand is a number or a tensor."""

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
"""A type variable for a tensor of any backend, or Keras's symbolic one.

It can be added, subtracted, multiplied, divided and negated, with numbers and tensors of its type.
"""

GivenT = TypeVar("GivenT")

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
"""A JSON value, as in configs: None, bool, int, float, str, lists of these, and dicts from str to these."""

Config: TypeAlias = dict[str, JSON]
"""A config: the arguments from which a layer is made again, by name."""

Shape: TypeAlias = tuple[int | None, ...]
"""A tensor's shape, batch axis first; None for an unknown size."""

Function: TypeAlias = Callable[..., Any]
"""A callable that takes a tensor, and perhaps keywords."""

ActivationLike: TypeAlias = str | Mapping[str, JSON] | Callable[..., object] | None
"""A value for a layer's activation argument: a name, a config, a callable, or None for the identity."""


class Activation(Protocol):
    """A function, layer or other object that takes one tensor and returns one of the same type.

    :func:`serialactivation.get` returns one.
    """

    def __call__(self, inputs: GivenT, /) -> GivenT:
        """Return the activation of a tensor."""


class SupportsConfig(Protocol):
    """An object with a ``get_config``, which returns its constructor's arguments."""

    def get_config(self) -> Mapping[str, object]:
        """Return the arguments from which the object is made again."""
