"""Layers without variables: those that keep the shape, change it, or merge several. Keras-free.

Source:
    ``keras/src/layers/{core,activations,merging,regularization,reshaping}``, Keras 3.6 to 3.15.
"""

import functools
from typing import Final

from serialactivation.tree.variables.layer_arguments import Arguments, Build, Built, Inputs, read_numbers
from serialactivation.tree.variables.shapes import (
    NotKnownError,
    UncallableError,
    UnfitError,
    broadcast,
    check_axes,
    check_broadcast,
    measure,
    need,
    reshape,
)
from serialactivation.typing import Shape

__all__ = [
    "build_category_encoding",
    "build_concatenation",
    "build_dot",
    "build_flatten",
    "build_image",
    "build_merge",
    "build_permute",
    "build_repeat",
    "build_rescaling",
    "build_reshape",
    "build_resizing",
    "build_same",
    "build_softmax",
    "build_subtraction",
    "build_unit_normalization",
    "build_weightless",
    "make_spatial_dropout",
]


def build_weightless(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that has no variables, and returns something of which the shape is not known."""
    del given, inputs
    return Built()


def build_same(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that returns what has the shape of its input."""
    del given
    return Built(output=inputs.first)


_IMAGE_AXES: Final = (3, 4)
"""The numbers of axes of one image, and of a batch of them."""


def build_image(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that changes an image at random, and looks at its axes only in a call."""
    if isinstance(inputs.first, tuple) and len(inputs.first) not in _IMAGE_AXES:
        raise UncallableError(f"it needs 3 or 4 axes, and is given the shape {inputs.first}")
    return build_same(given, inputs)


def make_spatial_dropout(rank: int) -> Build:
    """Return the function that builds a dropout of whole channels of so many axes."""

    def build(given: Arguments, inputs: Inputs) -> Built:
        if len(inputs.shape) != rank + 2:
            raise UnfitError(f"it needs {rank + 2} axes, and is given the shape {inputs.shape}")
        return build_same(given, inputs)

    return build


def build_softmax(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Softmax``, which looks at its axis only as it computes."""
    axes = given.axes("axis", -1)
    try:
        check_axes(inputs.shape, axes)
    except UnfitError as error:
        raise UncallableError(str(error)) from error
    return build_same(given, inputs)


def build_rescaling(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Rescaling``, which takes a number or one for each place."""
    for name in ("scale", "offset"):
        values = given.config.get(name)
        if isinstance(values, list) and isinstance(inputs.first, tuple):
            check_broadcast(measure(values), inputs.first)
    return build_same(given, inputs)


def build_unit_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``UnitNormalization``."""
    check_axes(inputs.shape, given.axes("axis", -1))
    return build_same(given, inputs)


def build_resizing(given: Arguments, inputs: Inputs) -> Built:
    """Build a layer that returns images of the size that it is given."""
    shape = inputs.shape
    if len(shape) != 4:
        raise NotKnownError
    size = given.number("height"), given.number("width")
    return Built(output=(*shape[:2], *size) if given.is_channels_first else (shape[0], *size, shape[3]))


def build_category_encoding(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``CategoryEncoding``."""
    shape, tokens = inputs.shape, given.number("num_tokens")
    is_spread = given.choice("output_mode", "multi_hot", ("one_hot", "count")) == "one_hot" and shape[-1] != 1
    if len(shape) == 1:
        raise NotKnownError
    return Built(output=(*(shape if is_spread else shape[:-1]), tokens))


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
    if len(axes) + 1 != len(shape):
        raise UnfitError(f"it orders {len(axes)} axes, and is given the shape {shape}")
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


def build_subtraction(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Subtract``."""
    if len(inputs.shapes) != 2:
        raise UnfitError(f"it needs 2 tensors, and is given {len(inputs.shapes)}")
    return build_merge(given, inputs)


def build_concatenation(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Concatenate``."""
    shapes = inputs.shapes
    axes = given.axes("axis", -1)
    rank = len(shapes[0])
    if len(axes) != 1:
        raise NotKnownError
    if any(len(shape) != rank for shape in shapes):
        raise UnfitError(f"it joins tensors of the shapes {', '.join(map(str, shapes))}")
    check_axes(shapes[0], axes)
    axis = axes[0] % rank
    sizes = [shape[axis] for shape in shapes]
    total = None if None in sizes else sum(map(need, sizes))
    return Built(output=(*shapes[0][:axis], total, *_join_rest(shapes, axis)))


def _join_rest(shapes: list[Shape], axis: int) -> Shape:
    """Return the sizes behind the *axis*; refuse shapes that differ in another size."""
    rests = [(*shape[1:axis], *shape[axis + 1 :]) if axis else shape[1:] for shape in shapes]
    for sizes in zip(*rests, strict=True):
        known = {size for size in sizes if size is not None}
        if len(known) > 1:
            raise UnfitError(f"it joins tensors of the sizes {sorted(known)}, which have to be equal")
    return shapes[0][axis + 1 :]


def build_dot(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Dot``."""
    if len(inputs.shapes) != 2:
        raise UnfitError(f"it needs 2 tensors, and is given {len(inputs.shapes)}")
    one, other = inputs.shapes
    axes = given.axes("axes", -1)
    left, right = (axes[0], axes[-1]) if len(axes) in (1, 2) else (0, 0)
    check_axes(one, [left])
    check_axes(other, [right])
    left, right = left % len(one), right % len(other)
    if left < 1 or right < 1:
        raise UnfitError("its axes have that of the batch among them")
    if None not in (one[left], other[right]) and one[left] != other[right]:
        raise UnfitError(f"sizes of {one[left]} and {other[right]} do not fit")
    rest = (*one[:left], *one[left + 1 :], *other[1:right], *other[right + 1 :])
    return Built(output=(*rest, 1) if len(rest) == 1 else rest)
