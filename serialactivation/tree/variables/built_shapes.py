"""The shapes that a layer was built with, which may be others than those it is called with. Keras-free.

Keras builds a layer with what its ``build_config`` says before it calls the layer: some layers check the shapes as they
are built, and others only take a size from them.

Source:
    ``build`` of the layers in ``keras/src/layers``, Keras 3.6 to 3.15.
"""

from typing import Final

from serialactivation.tree.variables.layer_arguments import Inputs
from serialactivation.tree.variables.shapes import OddValueError, Shapes, UncallableError, UnfitError
from serialactivation.typing import Config, Shape

__all__ = ["check_axis", "check_built", "check_nested", "is_checked", "take_sizes"]

_CHECKING: Final = frozenset(
    """
    Add Attention AdditiveAttention Average Concatenate Conv1D Conv2D Conv3D DepthwiseConv1D DepthwiseConv2D Dot
    EinsumDense GroupNormalization Maximum Minimum Multiply Normalization SeparableConv1D SeparableConv2D Subtract
    TimeDistributed
    """.split()  # noqa: SIM905
)
"""The layers that check their shapes as they are built."""

_CELLS: Final = frozenset(["GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"])
_SEQUENCES: Final = frozenset(["GRU", "LSTM", "RNN", "SimpleRNN"])
_TRANSPOSED: Final = frozenset(["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"])

_INDEXING: Final = (
    _CELLS
    | _SEQUENCES
    | _TRANSPOSED
    | frozenset(
        """
        BatchNormalization Conv1D Conv2D Conv3D ConvLSTM1D ConvLSTM2D ConvLSTM3D Dense DepthwiseConv1D DepthwiseConv2D
        EinsumDense GroupNormalization LayerNormalization RMSNormalization SeparableConv1D SeparableConv2D
        SpectralNormalization TimeDistributed
        """.split()  # noqa: SIM905
    )
)
"""The layers that take a size from the shape, and fail if it has no axes."""

_RANKED: Final = frozenset(["BatchNormalization", "EinsumDense", "GroupNormalization", "PReLU"])
"""The layers that are called with as many axes as they were built with."""

_TAKE_ONE: Final = frozenset(
    """
    Bidirectional Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D
    Cropping1D Cropping2D Cropping3D DepthwiseConv1D DepthwiseConv2D Embedding Flatten GRU LSTM Masking Permute RNN
    RepeatVector Reshape SeparableConv1D SeparableConv2D SimpleRNN TimeDistributed UpSampling1D UpSampling2D
    UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """.split()  # noqa: SIM905
)
"""The layers that take one tensor, which is not in a dict."""

_COUNTING: Final = frozenset(["BatchNormalization", "Dense", "EinsumDense"])
"""The layers that take one tensor, in a list or in a dict, too, and fail with the latter as they compute."""

_TAKE_ANY: Final = frozenset(
    """
    ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average CategoryEncoding CenterCrop Concatenate
    Dot Dropout Functional GaussianDropout GaussianNoise Identity Lambda Maximum Minimum Model Multiply RandomBrightness
    RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom Resizing Sequential Subtract
    Wrapper
    """.split()  # noqa: SIM905
)
"""The layers that take tensors in a dict, return what they are given, or look at it themselves."""

_LEAST_AXES: Final = {"GroupQueryAttention": 3, "GroupedQueryAttention": 3, "MultiHeadAttention": 2}
"""How many axes those layers need that are built with a query and a value."""


def is_checked(name: str | None) -> bool:
    """Return whether a layer checks its shapes as it is built."""
    return name in _CHECKING


def check_axis(name: str, called: Inputs) -> None:
    """Refuse a shape without axes for a layer that needs some."""
    if called.first == () and name in _INDEXING | {"Flatten", "Reshape"}:
        raise UnfitError("it is given the shape (), which has no axis")


def check_nested(name: str, called: Inputs) -> None:
    """Refuse several tensors, or tensors in a dict, for a layer that takes one.

    Raises:
        UnfitError: Keras does not make a model with such a call.
        OddValueError: It is not known what it makes.
    """
    first = called.first
    is_taken = name in _TAKE_ONE
    if isinstance(first, list) and len(first) > 1 and (is_taken or name in _COUNTING):
        raise UnfitError(f"it takes one tensor, and is given {len(first)}")
    if called.is_nested and name not in _TAKE_ANY:
        if is_taken:
            raise UnfitError(f"it takes one tensor, and is given {first}")
        raise OddValueError("inputs")


def take_sizes(name: str, config: Config, built: Inputs) -> Inputs:
    """Return shapes of the usual number of axes with the sizes that a layer takes from those it is built with.

    Raises:
        UnfitError: There is no axis to take them from.
    """
    shape = built.first
    if shape == () and name in _INDEXING:
        raise UnfitError("it is built with the shape (), and takes a size from it")
    if not isinstance(shape, tuple) or not shape:
        return built
    if name == "Dense":
        return Inputs((None, shape[-1]))
    if name in _SEQUENCES:
        return Inputs((shape[0], None, (shape[0], *shape[2:])[-1]))
    return Inputs(_spread(name, config, shape)) if name in _TRANSPOSED else built


def _spread(name: str, config: Config, shape: Shape) -> Shape:
    """Return the shape of an image with as many channels as *shape* has."""
    free = (None,) * int(name[len("Conv")])
    if config.get("data_format") != "channels_first":
        return (None, *free, shape[-1])
    if len(shape) == 1:
        raise UnfitError(f"it is built with the shape {shape}, which has no channels")
    return (None, shape[1], *free)


def check_built(name: str, built: Inputs, called: Inputs) -> None:
    """Refuse a call of a layer that was *built* with shapes of other axes than those it is *called* with.

    Raises:
        UnfitError: Keras does not make a model with such a call.
        UncallableError: It makes one that cannot be called.
    """
    if name in _LEAST_AXES:
        _check_attention(_LEAST_AXES[name], built, called)
    elif (name in _RANKED and _differ(built.first, called.first)) or (
        name == "SpectralNormalization" and _find_last(built) != _find_last(called)
    ):
        raise UnfitError(f"it is built with the shape {built.first}, and is given the shape {called.first}")
    elif name.startswith("ConvLSTM") and _list_sizes(built) != _list_sizes(called):
        raise UncallableError(f"it is built with the shape {built.first}, and is given the shape {called.first}")


def _check_attention(least: int, built: Inputs, called: Inputs) -> None:
    pairs = [(built.first, called.first), (_find_value(built), _find_value(called))]
    for one, other in pairs:
        if isinstance(one, tuple) and len(one) < least:
            raise UnfitError(f"it is built with the shape {one}, and takes a size from it")
        if _differ(one, other):
            raise UncallableError(f"it is built with the shape {one}, and is given the shape {other}")


def _find_last(inputs: Inputs) -> int | None:
    return inputs.first[-1] if isinstance(inputs.first, tuple) and inputs.first else None


def _list_sizes(inputs: Inputs) -> Shape | None:
    """Return the sizes of an image in a sequence, with its channels."""
    return inputs.first[2:] if isinstance(inputs.first, tuple) else None


def _find_value(inputs: Inputs) -> Shapes:
    return inputs.others.get("value", inputs.others.get("1"))


def _differ(one: Shapes, other: Shapes) -> bool:
    """Return whether two shapes are known, and have other numbers of axes."""
    return isinstance(one, tuple) and isinstance(other, tuple) and len(one) != len(other)
