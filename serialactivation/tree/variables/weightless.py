"""Layers without variables: those that keep the shape, change it, or merge several. Keras-free.

Source:
    ``keras/src/layers/{core,activations,merging,regularization,reshaping}``, Keras 3.6 to 3.15.
"""

import functools

from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, read_numbers
from serialactivation.tree.variables.shapes import NotKnownError, UnfitError, broadcast, need, reshape
from serialactivation.typing import Shape

__all__ = [
    "build_concatenation",
    "build_dot",
    "build_flatten",
    "build_merge",
    "build_permute",
    "build_repeat",
    "build_reshape",
    "build_same",
    "build_weightless",
]


def build_weightless(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that has no variables, and returns something of which the shape is not known."""
    del given, inputs
    return Built()


def build_same(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that returns what has the shape of its input."""
    del given
    return Built(output=inputs.first)


def build_flatten(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Flatten``."""
    del given
    shape = inputs.shape
    size = 1
    for one in shape[1:]:
        if one is None:
            return Built(output=(shape[0], None))
        size = need(size * one)
    return Built(output=(*shape[:1], size))


def build_reshape(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Reshape``."""
    target = read_numbers(given.config.get("target_shape"))
    if target.count(-1) > 1 or min(target, default=0) < -1:
        raise NotKnownError
    shape = inputs.shape
    return Built(output=(*shape[:1], *reshape(shape[1:], target)))


def build_permute(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Permute``."""
    shape, axes = inputs.shape, read_numbers(given.config.get("dims"))
    if sorted(axes) != list(range(1, len(shape))):
        raise NotKnownError
    return Built(output=(shape[0], *(shape[axis] for axis in axes)))


def build_repeat(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``RepeatVector``."""
    shape = inputs.shape
    if len(shape) != 2:
        raise UnfitError(f"it needs 2 axes, and is given the shape {shape}")
    return Built(output=(shape[0], given.number("n"), shape[1]))


def build_merge(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that merges tensors element by element."""
    del given
    shapes = inputs.shapes
    merged = functools.reduce(broadcast, (shape[1:] for shape in shapes))
    batches = {shape[0] for shape in shapes} - {None}
    return Built(output=(batches.pop() if len(batches) == 1 else None, *merged))


def build_concatenation(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Concatenate``."""
    shapes = inputs.shapes
    axes = given.axes("axis", -1)
    rank = len(shapes[0])
    if len(axes) != 1 or any(len(shape) != rank for shape in shapes) or not -rank <= axes[0] < rank:
        raise NotKnownError
    axis = axes[0] % rank
    sizes = [shape[axis] for shape in shapes]
    total = None if None in sizes else sum(map(need, sizes))
    return Built(output=(*shapes[0][:axis], total, *_join_rest(shapes, axis)))


def _join_rest(shapes: list[Shape], axis: int) -> Shape:
    """Return the sizes behind the *axis*; refuse shapes that differ in another size."""
    rests = [(*shape[1:axis], *shape[axis + 1 :]) for shape in shapes] if axis else []
    for sizes in zip(*rests, strict=True):
        known = {size for size in sizes if size is not None}
        if len(known) > 1:
            raise UnfitError(f"it joins tensors of the sizes {sorted(known)}, which have to be equal")
    return shapes[0][axis + 1 :]


def build_dot(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Dot``."""
    one, other = inputs.shapes if len(inputs.shapes) == 2 else ((), ())
    axes = given.axes("axes", -1)
    left, right = (axes[0], axes[-1]) if len(axes) in (1, 2) else (0, 0)
    left, right = (left % len(one), right % len(other)) if one and other else (0, 0)
    if left < 1 or right < 1:
        raise NotKnownError
    rest = (*one[:left], *one[left + 1 :], *other[1:right], *other[right + 1 :])
    return Built(output=(*rest, 1) if len(rest) == 1 else rest)
