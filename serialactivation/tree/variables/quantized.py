"""Layers whose weights are quantized: packed weights, scales and zero points. Keras-free.

Source:
    ``quantized_build`` and ``variable_serialization_spec`` of the layers in ``keras/src/layers/core``, Keras 3.6 to
    3.15.
"""

import math
from typing import Final, TypeAlias

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.dense import find_bound_axes, find_scale
from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, Variable, make_variables
from serialactivation.tree.variables.policies import CALIBRATED, Mode
from serialactivation.tree.variables.shapes import NotKnownError

__all__ = ["QUANTIZED", "quantize"]

QUANTIZED: Final = ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
"""The layers whose weights may be quantized, and are known then."""

_COLUMNS_SINCE: Final = "3.14"
"""The first Keras that packs a kernel column by column, and not row by row."""

_HALF_A_BYTE: Final = 4
_MATRIX: Final = 2
_EMBEDDINGS: Final = "embeddings"

_Sizes: TypeAlias = tuple[int, ...]


def quantize(built: Built, name: str, given: Arguments, inputs: Inputs, mode: Mode) -> Built:
    """Return a layer, one of :data:`QUANTIZED`, with quantized weights.

    Args:
        built: What is known of the layer with plain weights.
        name: The name of its class.
        given: Its arguments.
        inputs: The shapes that it is built with.
        mode: How its weights are quantized.

    Raises:
        NotKnownError: The variables are not known.
    """
    first, *others = built.variables or ()
    if first.name == _EMBEDDINGS:
        found = _quantize_embeddings(first.shape, mode, is_reversed=bool(others))
    elif mode.method in CALIBRATED:
        found = (*others, *_calibrate(first.shape, mode))
    else:
        kernel, *scales = _quantize_kernel(first.shape, name, given, inputs, mode)
        found = (kernel, *others, *scales)
    return built._replace(variables=found)


def _quantize_kernel(shape: _Sizes, name: str, given: Arguments, inputs: Inputs, mode: Mode) -> tuple[Variable, ...]:
    """Return the kernel, and the variables behind the bias."""
    if mode.method == "float8":
        return (*make_variables(("kernel", shape)), *_list_histories(mode.history))
    is_dense = name == "Dense"
    equation = "ab,bc->ac" if is_dense else str(given.config.get("equation"))
    bound = find_bound_axes(equation)
    scale = shape[1:] if is_dense else find_scale(equation, shape, len(inputs.shape))
    if mode.method == "int8":
        return _make("kernel", shape, scale)
    if is_newer(_COLUMNS_SINCE, given.target):
        return _make("kernel", _halve(shape, min(bound, default=0)), scale)
    rows = math.prod(shape[axis] for axis in bound)
    columns = math.prod(size for axis, size in enumerate(shape) if axis not in bound)
    groups = _count_groups(rows, mode)
    return _make("kernel", _halve((rows, columns), 1), (*groups, columns), rows if groups else 0)


def _make(name: str, shape: _Sizes, scale: _Sizes, indices: int = 0) -> tuple[Variable, ...]:
    """Return a weight and its scale; where *indices* are given, zero points and the groups of so many numbers, too."""
    grouped = (f"{name}_zero", scale), ("g_idx", (indices,))
    return make_variables((name, shape), (f"{name}_scale", scale), *(grouped if indices else ()), trainable=False)


def _halve(shape: _Sizes, axis: int) -> _Sizes:
    """Return a shape, two numbers of which are packed into one along an axis."""
    return (*shape[:axis], -(-shape[axis] // 2), *shape[axis + 1 :])


def _count_groups(size: int, mode: Mode) -> _Sizes:
    """Return the number of groups of as many numbers, as an axis of a shape; none if all are one group."""
    return (-(-size // mode.group),) if mode.group > 0 else ()


def _quantize_embeddings(shape: _Sizes, mode: Mode, *, is_reversed: bool) -> tuple[Variable, ...]:
    """Return the variables of an ``Embedding``, or of a ``ReversibleEmbedding`` that has others for the way back."""
    if mode.method not in ("int8", "int4"):
        raise NotKnownError
    is_halved = mode.method == "int4"
    groups = _count_groups(shape[1], mode) if is_halved else ()
    own = _make(_EMBEDDINGS, _halve(shape, 1) if is_halved else shape, (shape[0], *groups), shape[1] if groups else 0)
    if not is_reversed:
        return own
    name, back, scale = f"reverse_{_EMBEDDINGS}", shape[::-1], (*groups, shape[0])
    made = make_variables(
        (name, _halve(back, 0) if is_halved else back),
        (f"{name}_scale", scale),
        (f"{name}_zero", scale) if groups else None,
        trainable=False,
    )
    return (*own, *made)


def _list_histories(length: int) -> tuple[Variable, ...]:
    """Return the scales of ``float8``, each with its history; a layer makes them before its kernel."""
    names = ("inputs", "kernel", "outputs_grad")
    pairs = (((f"{name}_scale", ()), (f"{name}_amax_history", (length,))) for name in names)
    return tuple(one._replace(is_early=True) for pair in pairs for one in make_variables(*pair))


def _calibrate(shape: _Sizes, mode: Mode) -> tuple[Variable, ...]:
    """Return the variables behind the bias of a layer that was calibrated with GPTQ or AWQ."""
    if len(shape) != _MATRIX:
        raise NotKnownError
    rows, columns = shape
    scales = (columns, *(_count_groups(rows, mode) or (1,)))
    packed, scale, zero, *others = make_variables(
        ("kernel", (-(-columns // 2) if mode.bits == _HALF_A_BYTE else columns, rows)),
        ("kernel_scale", scales),
        ("kernel_zero", scales),
        ("awq_scales", (rows,)) if mode.method == "awq" else None,
        ("g_idx", (rows,)),
        trainable=False,
    )
    return (packed, scale, zero._replace(is_lost=True), *others)
