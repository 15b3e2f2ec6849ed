"""Layers that make an image smaller or larger: pooling, cropping, padding, upsampling. Keras-free.

Source:
    ``keras/src/layers/pooling`` and ``keras/src/layers/reshaping``, Keras 3.6 to 3.15.
"""

from collections.abc import Callable

from serialactivation.tree.variables.convolutions import Image, read_image
from serialactivation.tree.variables.layer_arguments import Arguments, Build, Built, Inputs, read_numbers
from serialactivation.tree.variables.shapes import NotKnownError, OddValueError, UncallableError, UnfitError, slide
from serialactivation.typing import Shape

__all__ = [
    "make_adaptive_pooling",
    "make_cropping",
    "make_global_pooling",
    "make_padding",
    "make_pooling",
    "make_upsampling",
]


def _make(rank: int, resize: Callable[[Arguments, Image], Shape], *, is_last: bool = False) -> Build:
    """Return the function that builds a layer that resizes an image; *is_last* if it knows one format alone."""

    def build(given: Arguments, inputs: Inputs) -> Built:
        read = Arguments({"data_format": "channels_last", **given.config}, given.build) if is_last else given
        return Built(output=resize(read, read_image(read, inputs.shape, rank)))

    return build


def make_pooling(rank: int) -> Build:
    """Return the function that builds a pooling over so many axes."""

    def pool(given: Arguments, image: Image) -> Shape:
        size = given.numbers("pool_size", rank)
        strides = size if given.config.get("strides") is None else given.numbers("strides", rank)
        padding = given.choice("padding", "valid", ("same",))
        return image.join(tuple(map(slide, image.sizes, size, strides, (padding,) * rank)), image.channels)

    return _make(rank, pool)


def make_global_pooling(rank: int) -> Build:
    """Return the function that builds a pooling over all of so many axes."""

    def pool(given: Arguments, image: Image) -> Shape:
        is_kept = given.flag("keepdims", default=False)
        return image.join((1,) * rank if is_kept else (), image.channels)

    return _make(rank, pool)


def make_adaptive_pooling(rank: int) -> Build:
    """Return the function that builds a pooling to a size that is given."""

    def pool(given: Arguments, image: Image) -> Shape:
        sizes = given.numbers("output_size", rank)
        if 0 in sizes:
            raise OddValueError("output_size")
        return image.join(sizes, image.channels)

    build = _make(rank, pool)

    def build_any(given: Arguments, inputs: Inputs) -> Built:
        if len(inputs.shape) != rank + 2:
            raise UncallableError(f"it needs {rank + 2} axes, and is given the shape {inputs.shape}")
        return build(given, inputs)

    return build_any


def make_cropping(rank: int) -> Build:
    """Return the function that builds a cropping of so many axes."""

    def crop(given: Arguments, image: Image) -> Shape:
        cut = [sum(pair) for pair in _read_pairs(given, "cropping", rank)]
        sizes = tuple(None if size is None else size - less for size, less in zip(image.sizes, cut, strict=True))
        if any(size is not None and size <= 0 for size in sizes):
            raise UnfitError(f"it crops {cut} from the sizes {list(image.sizes)}")
        return image.join(sizes, image.channels)

    return _make(rank, crop, is_last=rank == 1)


def make_padding(rank: int) -> Build:
    """Return the function that builds a padding of so many axes."""

    def pad(given: Arguments, image: Image) -> Shape:
        added = [sum(pair) for pair in _read_pairs(given, "padding", rank)]
        sizes = tuple(None if size is None else size + more for size, more in zip(image.sizes, added, strict=True))
        return image.join(sizes, image.channels)

    return _make(rank, pad, is_last=rank == 1)


def make_upsampling(rank: int) -> Build:
    """Return the function that builds an upsampling of so many axes."""

    def repeat(given: Arguments, image: Image) -> Shape:
        times = given.numbers("size", rank)
        sizes = tuple(None if size is None else size * factor for size, factor in zip(image.sizes, times, strict=True))
        return image.join(sizes, image.channels)

    return _make(rank, repeat, is_last=rank == 1)


def _read_pairs(given: Arguments, name: str, rank: int) -> list[tuple[int, ...]]:
    """Return how much is added or cut before and after each axis."""
    value = given.config.get(name)
    if isinstance(value, int):
        return [read_numbers([value, value])] * rank
    if not isinstance(value, list):
        raise NotKnownError
    if rank == 1 and all(isinstance(item, int) for item in value):
        value = [value]
    pairs = [read_numbers([item, item] if isinstance(item, int) else item) for item in value]
    if len(pairs) != rank or any(len(pair) != 2 or min(pair) < 0 for pair in pairs):
        raise NotKnownError
    return pairs
