"""The shapes of tensors, and the arithmetic on them. Keras-free.

Source:
    ``keras/src/ops/operation_utils.py`` and ``keras/src/backend/common/backend_utils.py``, Keras 3.6 to 3.15.
"""

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

from serialactivation.typing import JSON, Shape

__all__ = [
    "EMPTY_SINCE",
    "EmptyError",
    "NotKnownError",
    "OddValueError",
    "Shapes",
    "UncallableError",
    "UnfitError",
    "UnsizedError",
    "broadcast",
    "check_axes",
    "check_broadcast",
    "check_widening",
    "flatten",
    "measure",
    "need",
    "read_shape",
    "read_shapes",
    "reshape",
    "slide",
    "spread",
]

Shapes: TypeAlias = Shape | list["Shapes"] | dict[str, "Shapes"] | None
"""The shapes of nested tensors; None where a shape is not known."""

EMPTY_SINCE: Final = "3.15"
_MOST_AXES: Final = 32
_LARGEST: Final = 2**63 - 1


class NotKnownError(Exception):
    """Something that cannot be known from the config alone."""


class OddValueError(NotKnownError):
    """An argument of a layer with a value that Keras does not write; the error's argument is its name."""


class UnfitError(Exception):
    """A shape with which Keras does not make a model; the argument says why, as a clause that starts in lower case."""


class EmptyError(UnfitError):
    """A shape of which nothing is left: :data:`EMPTY_SINCE` is the first Keras that certainly refuses it."""


class UnsizedError(UnfitError):
    """A shape of which a size is not known that a variable takes: a layer that is built already is called with it."""


class UncallableError(UnfitError):
    """A shape with which Keras makes a model, no call of which works."""


def need(size: int | None) -> int:
    """Return a size that has to be known, and not absurd."""
    if size is None or not 0 <= size <= _LARGEST:
        raise NotKnownError
    return size


def read_shape(value: JSON) -> Shape:
    """Return a stored shape."""
    if not isinstance(value, list) or len(value) > _MOST_AXES:
        raise NotKnownError
    return tuple(map(_read_size, value))


def _read_size(value: JSON) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotKnownError
    return need(value)


def read_shapes(value: JSON) -> Shapes:
    """Return stored shapes, as nested as they are stored; None where one cannot be read."""
    if isinstance(value, dict):
        return {key: read_shapes(item) for key, item in value.items()}
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        return [read_shapes(item) for item in value]
    try:
        return read_shape(value)
    except NotKnownError:
        return None


def check_axes(shape: Shape, axes: Sequence[int]) -> None:
    """Refuse *axes* that a *shape* does not have."""
    if any(not -len(shape) <= axis < len(shape) for axis in axes):
        raise UnfitError(f"it has the axis {', '.join(map(str, axes))}, and is given the shape {shape}")


def flatten(shapes: Shapes) -> list[Shape | None]:
    """Return all shapes in a row, in Keras's order."""
    if isinstance(shapes, list):
        return [one for item in shapes for one in flatten(item)]
    if isinstance(shapes, dict):
        return [one for key in sorted(shapes) for one in flatten(shapes[key])]
    return [shapes]


def slide(size: int | None, kernel: int, stride: int, padding: str, dilation: int = 1) -> int | None:
    """Return the size of an axis after a window has moved over it: a convolution, or pooling."""
    if stride < 1 or kernel < 1 or dilation < 1:
        raise NotKnownError
    if size is None:
        return None
    if padding != "valid":
        return (size - 1) // stride + 1
    left = (size - dilation * (kernel - 1) - 1) // stride + 1
    if left <= 0:
        raise EmptyError(f"a window of {dilation * (kernel - 1) + 1} does not fit into a size of {size}")
    return left


def spread(size: int | None, kernel: int, stride: int, padding: str, dilation: int, extra: int | None) -> int | None:
    """Return the size of an axis after a transposed convolution; *extra* is the padding of the output, if given."""
    if size is None:
        return None
    kernel = (kernel - 1) * dilation + 1
    if padding == "valid":
        return (size - 1) * stride + kernel + (max(kernel, stride) - kernel if extra is None else extra)
    return size * stride if extra is None else (size - 1) * stride + kernel % 2 + extra


def broadcast(one: Shape, other: Shape) -> Shape:
    """Return the shape of an operation on each element of two tensors."""
    if len(one) < len(other):
        one, other = other, one
    ahead = len(one) - len(other)
    return (*one[:ahead], *map(_match, one[ahead:], other))


def _match(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return None
    if 1 not in (one, other) and one != other:
        raise UnfitError(f"sizes of {one} and {other} do not fit")
    return other if one == 1 else one


def check_broadcast(one: Shape, other: Shape) -> None:
    """Refuse an operation on each element of two tensors that is only noticed as it is computed."""
    try:
        broadcast(one, other)
    except UnfitError as error:
        raise UncallableError(str(error)) from error


def check_widening(shape: Shape, target: Shape) -> None:
    """Refuse a tensor that does not become one of a *target* shape by repeating it."""
    pairs = zip(reversed(shape), reversed(target), strict=False)
    if len(shape) > len(target) or any(size not in (1, wanted) for size, wanted in pairs if wanted is not None):
        raise UnfitError(f"values of the shape {shape} do not fit into the shape {target}")


def measure(values: JSON) -> Shape:
    """Return the shape of a number, or of nested lists of numbers."""
    if not isinstance(values, list):
        return ()
    if not values:
        return (0,)
    inner = {measure(one) for one in values}
    if len(inner) != 1:
        raise NotKnownError
    return (len(values), *inner.pop())


def reshape(shape: Shape, target: Sequence[int]) -> Shape:
    """Return a *target* shape, in which -1 stands for what is left of *shape*; both without the batch."""
    known = math.prod(size for size in target if size != -1)
    if None in shape:
        return tuple(None if size == -1 else size for size in target)
    total = math.prod(map(need, shape))
    if total != known if -1 not in target else known == 0 or total % known:
        raise UnfitError(f"{total} numbers do not fit into the shape {tuple(target)}")
    return tuple(total // known if size == -1 else size for size in target)
