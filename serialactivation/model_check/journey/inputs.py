"""What a model is called on: the first samples of given data, or numbers of the shapes that it was built for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import keras
import numpy as np

from serialactivation.typing import Shape

__all__ = ["Inputs", "propose_inputs", "take_first"]

_BATCH: Final = 2
_SIZES: Final = (8, 64)
"""The sizes that are tried for a dimension that is not known: a model that makes images smaller needs large ones."""
_SUFFIX: Final = "_shape"


@attrs.frozen(kw_only=True)
class Inputs:
    """The arguments of a call of a model."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = attrs.field(factory=dict)


def propose_inputs(model: keras.Model, data: object) -> Iterator[Inputs]:
    """Yield arguments for a call of *model*, the likeliest first.

    Args:
        model: The model.
        data: What the model can be called on, or None.
    """
    if data is not None:
        yield Inputs(args=(take_first(data),))
        yield Inputs(args=(data,))  # for a model that takes batches of one size
    elif inputs := getattr(model, "inputs", None):
        structure = model.input if hasattr(model, "operations") else inputs[0]
        for size in _SIZES if _is_open(structure) else _SIZES[:1]:
            yield Inputs(args=(keras.tree.map_structure(lambda one, size=size: _make_like(one, size), structure),))
    else:
        yield from _propose_by_shapes(model)


def take_first(data: object) -> Any:
    """Return the first samples of *data*."""
    return keras.tree.map_structure(lambda array: array[:_BATCH] if getattr(array, "ndim", 0) else array, data)


def _is_open(structure: object) -> bool:
    return any(None in tensor.shape[1:] for tensor in keras.tree.flatten(structure))


def _make_like(tensor: keras.KerasTensor, size: int) -> Any:
    return _make_numbers(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype), size)


def _make_numbers(shape: Shape, dtype: str, size: int = _SIZES[0]) -> Any:
    generator = np.random.default_rng(7)
    sizes = [_BATCH if shape[0] is None else shape[0], *(one or size for one in shape[1:])] if shape else []
    if dtype == "string":
        return keras.ops.convert_to_tensor(np.full(sizes, "a"))
    if "float" in dtype:
        return keras.ops.convert_to_tensor(generator.normal(size=sizes).astype("float32"), dtype=dtype)
    return keras.ops.convert_to_tensor(generator.integers(0, 2, sizes), dtype=dtype)


def _propose_by_shapes(model: keras.Model) -> Iterator[Inputs]:
    """Yield arguments of the shapes that a subclassed model was built for; their types are not known."""
    config = model.get_build_config() if model.built else None
    if not config:
        return
    shapes = config.get("shapes_dict") or config
    for dtype in ("float32", "int32"):
        given = {name: _map_shapes(shape, dtype) for name, shape in shapes.items()}
        if len(given) == 1:
            yield Inputs(args=tuple(given.values()))
        else:
            yield Inputs(kwargs={name.removesuffix(_SUFFIX): value for name, value in given.items()})


def _map_shapes(shapes: Any, dtype: str) -> Any:
    return keras.tree.map_shape_structure(lambda shape: _make_numbers(shape, dtype), shapes)
