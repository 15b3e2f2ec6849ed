"""Whether two activations are the same, and what an activation is in words."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final

import keras
import numpy as np

from serialactivation import errors
from serialactivation.catalog.argument_names import is_number
from serialactivation.codec.codec import encode
from serialactivation.codec.known_functions.keywords import function_label
from serialactivation.keras_api.scopes import Direction, moving, unshared_unless_saving
from serialactivation.model_check.activations.places import has_state
from serialactivation.model_check.journey.compare import find_difference, to_arrays
from serialactivation.spec.nested import Container, flatten, is_single
from serialactivation.tree.describe import describe
from serialactivation.typing import JSON

__all__ = ["are_same", "read_stored", "show"]

_PROBE: Final = np.linspace(-3.0, 3.0, 24, dtype="float32").reshape(2, 3, 4)


def are_same(old: Container, new: Container) -> bool | None:
    """Return whether a field holds the same as before; None if that is not known."""
    before, after = flatten(old), flatten(new)
    if len(before) != len(after):
        return False
    answers = [_is_same(one, other) for one, other in zip(before, after, strict=True)]
    if False in answers:
        return False
    return None if None in answers else True


def read_stored(value: Container) -> object:
    """Return what a stored form stands for, which some constructors keep as it is; None for any other value."""
    if not isinstance(value, dict) or "class_name" not in value:
        return None
    try:
        return keras.activations.get(value)
    except errors.READ_ERRORS:
        return None


def _is_same(old: object, new: object) -> bool | None:
    if old is new or is_number(old):
        return old is new or old == new
    if type(old) is type(new) and isinstance(old, str):
        return old == new
    if _has_equal_form(old, new):
        return True
    return _computes_the_same(old, new)


def _has_equal_form(old: object, new: object) -> bool:
    try:
        return _encode(old) == _encode(new)
    except (errors.ActivationError, *errors.READ_ERRORS):
        return False


def _encode(value: object) -> JSON:
    """Return the stored form of an activation, in which no object that Keras meets twice is marked."""
    with moving(Direction.LOADING), unshared_unless_saving():
        return encode(value)


def _computes_the_same(old: object, new: object) -> bool | None:
    """Return whether two activations without weights compute the same; None if it cannot be tried."""
    if has_state(old) or has_state(new):
        return None if type(old) is type(new) else False
    first, again, other = _try(old), _try(old), _try(new)
    if first is None or again is None or find_difference(again, first) is not None:
        return None
    return other is not None and find_difference(other, first) is None


def _try(activation: object) -> list[np.ndarray[Any, Any]] | None:
    """Return what an activation computes, or None."""
    try:
        function: Callable[[object], object] = keras.activations.get(activation)  # type: ignore[arg-type]
        with keras.StatelessScope():
            return to_arrays(function(keras.ops.convert_to_tensor(_PROBE)))
    except errors.READ_ERRORS:
        return None


def show(value: Container) -> str:
    """Return the value of a field, as Python code would write it."""
    if is_single(value):
        return _show_one(value)
    if isinstance(value, list | tuple):
        shown = ", ".join(map(show, value))
        return f"[{shown}]" if isinstance(value, list) else f"({shown}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {show(one)}' for key, one in value.items())}}}"
    return repr(value)


def _show_one(value: object) -> str:
    if value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, functools.partial):
        return _call(f"partial({_show_one(value.func)}", value.keywords.items())
    form = _find_form(value)
    return function_label(value) if not isinstance(form, dict) or _is_function(value) else describe(form)


def _call(start: str, keywords: Iterable[tuple[str, object]]) -> str:
    return f"{', '.join([start, *(f'{key}={held!r}' for key, held in keywords)])})"


def _is_function(value: object) -> bool:
    return hasattr(value, "__name__")


def _find_form(value: object) -> JSON:
    try:
        return _encode(value)
    except (errors.ActivationError, *errors.READ_ERRORS):
        return None
