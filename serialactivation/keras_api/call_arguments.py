"""The arguments of the call that builds a layer, as abstract tensors: a ``build`` receives only shapes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import keras

from serialactivation.typing import JSON, Config

__all__ = ["CALL", "Arguments", "abstract", "bind_arguments", "is_one_tensor", "read_call", "write_call"]

CALL: Final = "serialactivation"
"""The key of the call's arguments in a build config."""

_TENSOR: Final = "shape"

Arguments = Mapping[str, object]


def abstract(arguments: Arguments) -> dict[str, object]:
    """Return the *arguments* of a call with an abstract tensor for each tensor."""
    return {name: keras.tree.map_structure(_abstract, value) for name, value in arguments.items()}


def _abstract(value: Any) -> object:
    if not (isinstance(value, keras.KerasTensor) or keras.ops.is_tensor(value)):
        return value
    return keras.KerasTensor(tuple(value.shape), dtype=keras.backend.standardize_dtype(value.dtype))


def bind_arguments(call: Callable[..., object], arguments: Arguments) -> inspect.BoundArguments:
    """Return *arguments*, which are by name, bound to the parameters of *call*."""
    return inspect.BoundArguments(inspect.signature(call), dict(arguments))


def write_call(arguments: Arguments) -> Config | None:
    """Return *arguments* as JSON types, or None if one of them is neither a tensor nor a plain value."""
    written = {name: _write(value) for name, value in arguments.items()}
    return None if any(map(_is_lost, written.values())) else cast("Config", written)


def is_one_tensor(written: Config) -> bool:
    """Return whether the *written* arguments are a single tensor, for which a shape is enough."""
    (first, *others) = written.values()
    return isinstance(first, dict) and _TENSOR in first and not others


def _write(value: object) -> object:
    if isinstance(value, keras.KerasTensor):
        return {_TENSOR: list(value.shape), "dtype": value.dtype}
    if isinstance(value, list | tuple):
        items = [_write(item) for item in value]
        return ... if any(map(_is_lost, items)) else {type(value).__mro__[-2].__name__: items}
    if isinstance(value, dict):
        held = {key: _write(item) for key, item in value.items()}
        return ... if any(map(_is_lost, held.values())) else {"dict": held}
    return value if value is None or isinstance(value, bool | int | float | str) else ...


def _is_lost(written: object) -> bool:
    return written is ...


def read_call(config: Mapping[str, JSON]) -> dict[str, object]:
    """Return the arguments that :func:`write_call` has written as *config*."""
    return {name: _read(value) for name, value in config.items()}


def _read(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    if _TENSOR in value:
        return keras.KerasTensor(value[_TENSOR], dtype=value["dtype"])
    ((kind, held),) = value.items()
    if kind == "dict":
        return {key: _read(item) for key, item in held.items()}
    items = [_read(item) for item in held]
    return tuple(items) if kind == "tuple" else items
