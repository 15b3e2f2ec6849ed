"""Normalizations. Keras-free.

Source:
    ``keras/src/layers/normalization`` and ``keras/src/layers/preprocessing/normalization.py``, Keras 3.6 to 3.15.
"""

import math
from collections.abc import Sequence
from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, Part, make_variables
from serialactivation.tree.variables.shapes import (
    NotKnownError,
    OddValueError,
    UnfitError,
    UnsizedError,
    check_axes,
    check_broadcast,
    check_widening,
    measure,
    need,
)
from serialactivation.typing import Shape

__all__ = [
    "build_batch_normalization",
    "build_group_normalization",
    "build_layer_normalization",
    "build_normalization",
    "build_rms_normalization",
    "build_spectral_normalization",
]

_MOVING: Final = ("moving_mean", "moving_variance")
_RENORM: Final = ("moving_stddev", "renorm_mean", "renorm_stddev")
_KERNELS: Final = ("kernel", "embeddings")


def _select(shape: Shape, axes: tuple[int, ...]) -> Shape:
    """Return the sizes of some *axes*."""
    check_axes(shape, axes)
    return tuple(shape[axis] for axis in axes)


def build_batch_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``BatchNormalization``."""
    if isinstance(given.config.get("axis"), list):
        raise NotKnownError  # Keras 3 takes one axis
    shape = _select(inputs.shape, given.axes("axis", -1))
    gamma = ("gamma", shape) if given.flag("scale", default=True) else None
    beta = ("beta", shape) if given.flag("center", default=True) else None
    names = (*_MOVING, *(_RENORM if given.flag("renorm", default=False) else ()))
    moving = make_variables(*((name, shape) for name in names), trainable=False)
    return Built((*make_variables(gamma, beta), *moving), output=inputs.shape)


def build_group_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``GroupNormalization``."""
    if isinstance(given.config.get("axis"), list):
        raise NotKnownError
    shape = _select(inputs.shape, given.axes("axis", -1))
    _check_groups(given, shape[0])
    gamma = ("gamma", shape) if given.flag("scale", default=True) else None
    beta = ("beta", shape) if given.flag("center", default=True) else None
    return Built(make_variables(gamma, beta), output=inputs.shape)


def _check_groups(given: Arguments, channels: int | None) -> None:
    groups = given.config.get("groups", 32)
    if not isinstance(groups, int) or channels is None or groups == -1:
        return
    if groups > channels or (groups > 0 and channels % groups):
        raise UnfitError(f"{channels} channels are not a multiple of {groups} groups")


def build_layer_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``LayerNormalization``."""
    shape = _select(inputs.shape, _sort_axes(given))
    is_rms = given.flag("rms_scaling", default=False)
    gamma = ("gamma", shape) if given.flag("scale", default=True) or is_rms else None
    beta = ("beta", shape) if given.flag("center", default=True) and not is_rms else None
    return Built(make_variables(gamma, beta), output=inputs.shape)


def _sort_axes(given: Arguments) -> tuple[int, ...]:
    axes = sorted(given.axes("axis", -1))
    if not axes or len({*axes}) < len(axes):
        raise OddValueError("axis")
    return tuple(axes)


def build_rms_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``RMSNormalization``."""
    scale = _select(inputs.shape, _sort_axes(given))
    check_broadcast(scale, inputs.shape)
    return Built(make_variables(("scale", scale)), output=inputs.shape)


def build_spectral_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``SpectralNormalization``."""
    stored = given.config.get("layer")
    layer = given.build(stored, inputs)
    kernel = next((one for one in layer.variables or () if one.name in _KERNELS), None)
    if kernel is None:
        raise NotKnownError
    vector = make_variables(("vector_u", (1, kernel.shape[-1])), trainable=False)
    return Built((kernel._replace(is_shared=True), *vector), (Part(("layer",), layer, stored),), layer.output)


_SPREAD_SINCE: Final = "3.8"
"""The first Keras that takes one mean for several features."""
_RANKED_SINCE: Final = "3.15"
"""The first Keras that certainly refuses a mean of more axes than are kept."""


def _check_given(given: Arguments, shape: Shape, kept: Sequence[int]) -> None:
    """Refuse a mean that does not fit to the axes that are *kept*."""
    mean, variance = measure(given.config["mean"]), measure(given.config["variance"])
    if mean != variance:
        raise UnfitError(f"its mean has the shape {mean}, and its variance {variance}")
    target = tuple(size if axis in kept else 1 for axis, size in enumerate(shape))
    if is_newer(_SPREAD_SINCE, given.target):
        if None not in target and math.prod(map(need, mean)) != math.prod(map(need, target)):
            raise UnfitError(f"its mean has the shape {mean}, and is given the shape {shape}")
    elif not is_newer(_RANKED_SINCE, given.target) and len(mean) > len(kept):
        raise UnfitError(f"its mean has the shape {mean}, and it keeps {len(kept)} axes")
    else:
        check_widening(mean, target)


def build_normalization(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Normalization``, which has variables unless it was given its mean and variance."""
    if (given.config.get("mean") is None) != (given.config.get("variance") is None):
        raise UnfitError("it is given one of mean and variance, and needs both or none")
    axes = () if given.config.get("axis") is None else given.axes("axis", -1)
    check_axes(inputs.shape, axes)
    kept = sorted(axis % len(inputs.shape) for axis in axes)
    if len({*kept}) < len(kept):
        raise OddValueError("axis")
    shape = _select(inputs.shape, tuple(kept))
    if None in shape:
        raise UnsizedError(f"it keeps the sizes {shape}, and every size has to be known")
    if given.config.get("mean") is not None:
        _check_given(given, inputs.shape, kept)
        return Built(output=inputs.shape)
    variables = make_variables(("mean", shape), ("variance", shape), ("count", ()), trainable=False)
    return Built(variables, output=inputs.shape)
