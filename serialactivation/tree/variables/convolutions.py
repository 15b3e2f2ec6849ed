"""Convolutions. Keras-free.

Source:
    ``keras/src/layers/convolutional``, Keras 3.6 to 3.15.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.layer_arguments import Arguments, Build, Built, Inputs, make_variables
from serialactivation.tree.variables.shapes import (
    EmptyError,
    NotKnownError,
    UnfitError,
    UnsizedError,
    need,
    slide,
    spread,
)
from serialactivation.typing import Shape

__all__ = [
    "Image",
    "check_dilation",
    "convolve",
    "make_convolution",
    "make_depthwise",
    "make_separable",
    "make_transposed",
    "read_image",
]

_PADDINGS: Final = ("same", "causal")
_UNDILATED_UNTIL: Final = "3.12"
"""The last Keras in which depthwise and separable convolutions certainly refuse strides together with a dilation."""


class Image(NamedTuple):
    """A shape, taken apart.

    Attributes:
        batch: The size of the batch.
        sizes: The sizes of the axes over which a window moves.
        channels: The number of channels.
        is_first: Whether the channels come before the other axes.
    """

    batch: int | None
    sizes: tuple[int | None, ...]
    channels: int | None
    is_first: bool

    @property
    def known_channels(self) -> int:
        """The number of channels, which has to be known."""
        if self.channels is None:
            raise UnsizedError("the number of channels is not known")
        return need(self.channels)

    def join(self, sizes: tuple[int | None, ...], channels: int | None) -> Shape:
        """Return the shape with other *sizes* and another number of *channels*."""
        return (self.batch, channels, *sizes) if self.is_first else (self.batch, *sizes, channels)


def read_image(given: Arguments, shape: Shape, rank: int) -> Image:
    """Return a shape, taken apart; *rank* is the number of axes beside the batch and the channels."""
    if len(shape) != rank + 2:
        raise UnfitError(f"it needs {rank + 2} axes, and is given the shape {shape}")
    is_first = given.is_channels_first
    sizes, channels = (shape[2:], shape[1]) if is_first else (shape[1:-1], shape[-1])
    return Image(shape[0], sizes, channels, is_first)


def convolve(given: Arguments, image: Image, kernel: tuple[int, ...]) -> tuple[int | None, ...]:
    """Return the sizes after a convolution with a *kernel*."""
    rank = len(kernel)
    strides, rates = given.numbers("strides", rank, 1), given.numbers("dilation_rate", rank, 1)
    padding = given.choice("padding", "valid", _PADDINGS)
    return tuple(map(slide, image.sizes, kernel, strides, (padding,) * rank, rates))


def check_dilation(given: Arguments, rank: int, error: type[UnfitError] = UnfitError) -> None:
    """Refuse steps of a window that are larger than one, and its dilation, too."""
    strides, rates = given.numbers("strides", rank, 1), given.numbers("dilation_rate", rank, 1)
    if max(strides) > 1 and max(rates) > 1:
        raise error(f"its strides are {list(strides)}, and its dilation_rate is {list(rates)}")


def _check_old_dilation(given: Arguments, rank: int) -> None:
    if not is_newer(given.target, _UNDILATED_UNTIL):
        check_dilation(given, rank)


def _read_bias(given: Arguments, size: int) -> tuple[str, Shape] | None:
    return ("bias", (size,)) if given.flag("use_bias", default=True) else None


def _make(rank: int, build: "Callable[[Arguments, Image, tuple[int, ...]], Built]") -> Build:
    def build_any(given: Arguments, inputs: Inputs) -> Built:
        image = read_image(given, inputs.shape, rank)
        return build(given, image, given.numbers("kernel_size", rank))

    return build_any


def make_convolution(rank: int) -> Build:
    """Return the function that builds a convolution of so many axes."""
    return _make(rank, _build_convolution)


def _build_convolution(given: Arguments, image: Image, kernel: tuple[int, ...]) -> Built:
    check_dilation(given, len(kernel))
    filters, groups = given.number("filters"), given.number("groups", 1)
    channels = image.known_channels
    if channels % groups:
        raise UnfitError(f"{channels} channels are not a multiple of {groups} groups")
    sizes = convolve(given, image, kernel)
    variables = make_variables(("kernel", (*kernel, channels // groups, filters)), _read_bias(given, filters))
    return Built(variables, output=image.join(sizes, filters))


def make_depthwise(rank: int) -> Build:
    """Return the function that builds a depthwise convolution of so many axes."""
    return _make(rank, _build_depthwise)


def _build_depthwise(given: Arguments, image: Image, kernel: tuple[int, ...]) -> Built:
    _check_old_dilation(given, len(kernel))
    each, channels = given.number("depth_multiplier", 1), image.known_channels
    sizes = convolve(given, image, kernel)
    variables = make_variables(("kernel", (*kernel, channels, each)), _read_bias(given, each * channels))
    return Built(variables, output=image.join(sizes, each * channels))


def make_separable(rank: int) -> Build:
    """Return the function that builds a separable convolution of so many axes."""
    return _make(rank, _build_separable)


def _build_separable(given: Arguments, image: Image, kernel: tuple[int, ...]) -> Built:
    _check_old_dilation(given, len(kernel))
    filters, each, channels = given.number("filters"), given.number("depth_multiplier", 1), image.known_channels
    sizes = convolve(given, image, kernel)
    variables = make_variables(
        ("depthwise_kernel", (*kernel, channels, each)),
        ("pointwise_kernel", (*(1,) * len(kernel), each * channels, filters)),
        _read_bias(given, filters),
    )
    return Built(variables, output=image.join(sizes, filters))


def make_transposed(rank: int) -> Build:
    """Return the function that builds a transposed convolution of so many axes."""
    return _make(rank, _build_transposed)


def _build_transposed(given: Arguments, image: Image, kernel: tuple[int, ...]) -> Built:
    check_dilation(given, len(kernel))
    filters, rank = given.number("filters"), len(kernel)
    if given.config.get("output_padding") is not None:
        extra: tuple[int | None, ...] = given.numbers("output_padding", rank)
    else:
        extra = (None,) * rank
    strides, rates = given.numbers("strides", rank, 1), given.numbers("dilation_rate", rank, 1)
    padding = given.choice("padding", "valid", ("same",))
    if 0 in (*strides, *rates, *kernel):
        raise NotKnownError
    if any(more is not None and more >= stride for more, stride in zip(extra, strides, strict=True)):
        raise EmptyError(f"its output_padding is {list(extra)}, and its strides are {list(strides)}")
    sizes = tuple(map(spread, image.sizes, kernel, strides, (padding,) * rank, rates, extra))
    variables = make_variables(("kernel", (*kernel, filters, image.known_channels)), _read_bias(given, filters))
    return Built(variables, output=image.join(sizes, filters))
