"""Runs a layer's ``call`` on abstract tensors, made from the shapes that its ``build`` knows."""

import contextlib
import importlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

import keras

from serialactivation.keras_api.activation_shape import infer_state_shapes
from serialactivation.keras_api.call_arguments import Arguments, bind_arguments
from serialactivation.keras_api.scopes import autocast_scope
from serialactivation.typing import Shape

__all__ = ["BACKEND_ERRORS", "TRACE_ERRORS", "trace_arguments", "trace_call"]


def _find_backend_errors() -> tuple[type[Exception], ...]:
    backend = keras.config.backend()
    library: Any = importlib.import_module(backend) if backend in ("jax", "tensorflow") else None
    if backend == "tensorflow":
        return (library.errors.OpError,)
    if backend == "jax":  # older JAX has it in jax.core
        home = library.errors if hasattr(library.errors, "InconclusiveDimensionOperation") else library.core
        return (home.InconclusiveDimensionOperation,)
    return ()


BACKEND_ERRORS: Final[tuple[type[Exception], ...]] = _find_backend_errors()
"""Exceptions of the backend that derive from none of Python's, such as those about unknown sizes."""

TRACE_ERRORS: Final[tuple[type[Exception], ...]] = (
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    *BACKEND_ERRORS,
)
"""The exceptions that an author's ``call`` may raise on an abstract tensor."""


def trace_call(layer: keras.Layer, shapes: Mapping[str, object]) -> None:
    """Run ``layer.call`` on abstract tensors of *shapes*: one is its first argument, several go by name.

    They are floats. A build knows no dtypes, so where that cannot be, some are taken for integers: positions, tokens,
    labels. A recurrent cell is called with its states besides, of which its ``build`` knows nothing.
    """
    number = len(_flatten(shapes))
    try:
        _trace(layer, shapes, [False] * number)
    except TRACE_ERRORS:
        if not any(_is_traced(layer, shapes, integers) for integers in _guess_integers(number)):
            raise


def trace_arguments(layer: keras.Layer, arguments: Arguments) -> None:
    """Run ``layer.call`` on the *arguments* of a call, in which tensors are abstract."""
    bound = bind_arguments(layer.call, arguments)
    _run(layer, bound.args, bound.kwargs)


def _is_traced(layer: keras.Layer, shapes: Mapping[str, object], integers: list[bool]) -> bool:
    with contextlib.suppress(*TRACE_ERRORS):
        _trace(layer, shapes, integers)
        return True
    return False


def _guess_integers(number: int) -> Iterator[list[bool]]:
    """Yield guesses at which tensors are integers: the last ones, which is most frequent, or a single one."""
    for first in reversed(range(number)):
        yield [index >= first for index in range(number)]
    for alone in range(number - 1):
        yield [index == alone for index in range(number)]


def _flatten(shapes: Mapping[str, object]) -> list[Shape]:
    leaves: list[Shape] = []
    keras.tree.map_shape_structure(leaves.append, list(shapes.values()))
    return leaves


def _trace(layer: keras.Layer, shapes: Mapping[str, object], integers: list[bool]) -> None:
    dtype, kinds = _call_dtype(layer), ("int32" if is_integer else None for is_integer in integers)
    tensors = keras.tree.map_shape_structure(
        lambda shape: keras.KerasTensor(shape, dtype=next(kinds) or dtype), list(shapes.values())
    )
    batch = next((shape[0] for shape in _flatten(shapes) if shape), None)
    states = [keras.KerasTensor(shape, dtype=dtype) for shape in infer_state_shapes(layer, batch)]
    if len(tensors) == 1:
        _run(layer, [*tensors, *([states] if states else [])], {})
    else:
        _run(layer, [], dict(zip((name.removesuffix("_shape") for name in shapes), tensors, strict=True)))


def _run(layer: keras.Layer, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Run the ``call`` of *layer* in the scope and by the method that Keras runs it."""
    called = cast("keras.Layer", _Quantized(layer)) if getattr(layer, "quantization_mode", None) else layer
    with autocast_scope(_call_dtype(layer) if _is_autocast(layer) else None):
        keras.Operation.compute_output_spec(called, *args, **kwargs)


class _Quantized:
    """A layer as Keras calls it when its weights are quantized."""

    def __init__(self, layer: keras.Layer) -> None:
        self.name = layer.name
        self.call = layer.quantized_call


def _call_dtype(layer: keras.Layer) -> str:
    """Return the dtype that *layer* reads its inputs and its weights in."""
    return layer.compute_dtype if _is_autocast(layer) else layer.variable_dtype


def _is_autocast(layer: keras.Layer) -> bool:
    return layer.autocast and "float" in layer.compute_dtype
