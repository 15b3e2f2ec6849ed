"""The keywords of a function besides the tensor: their names, and their values as plain values."""

import enum
import functools
import inspect
from collections.abc import Iterable, Mapping
from typing import Final

from serialactivation import errors
from serialactivation.catalog.forms import mark_tuples
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE, KERAS_FUNCTIONS, find_function
from serialactivation.typing import Config, Function

__all__ = ["function_label", "keyword_names", "read_keywords", "suggest_keywords", "write_keywords"]


_PLAIN: Final = (bool, int, float, str)


def write_keywords(keywords: Mapping[str, object]) -> Config:
    """Return *keywords*, a result of :func:`read_keywords`, as JSON with tuples marked."""
    return {key: mark_tuples(value) for key, value in keywords.items()}


def read_keywords(function: Function, keywords: Mapping[str, object]) -> dict[str, object]:
    """Return *keywords* as plain values; NumPy scalars become Python numbers.

    Raises:
        UnserializableActivationError: *function* does not have a keyword, or a value is not plain.
    """
    known = keyword_names(function)
    read: dict[str, object] = {}
    for key, value in keywords.items():
        if known is not None and key not in known:
            raise errors.UnserializableActivationError(
                functools.partial(function, **keywords),
                f"{function_label(function)} has no keyword {key!r} (it has {', '.join(known) or 'none'})",
                _write_known(function, key, value, known),
            )
        read[key] = _read_value(function, key, value)
    return read


def keyword_names(function: Function) -> list[str] | None:
    """Return the keywords after the tensor, or None where they are not known or the function takes any."""
    is_keras_own = isinstance(function, FUNCTION_TYPE) and function in KERAS_FUNCTIONS
    return _names_of_keras(function) if is_keras_own else _find_names(function)


def _find_names(function: Function) -> list[str] | None:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        found = find_function(function)  # PyTorch's built-in functions have no signature; the catalog has it
        return None if found is None else list(found.defaults)
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters[1:]]


_names_of_keras: Final = functools.cache(_find_names)  # each load asks for them again


def _read_value(function: Function, key: str, value: object) -> object:
    if value is None or type(value) in _PLAIN:
        return value
    if type(value) is list or type(value) is tuple:
        return type(value)(_read_value(function, key, item) for item in value)
    item = getattr(value, "item", None)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 and item is not None:
        return _read_value(function, key, item())
    plain = next((kind for kind in _PLAIN if isinstance(value, kind)), None)
    if plain is not None:  # such as a member of an IntEnum or a StrEnum, which comes back as a plain value
        return plain.__call__(value.value if isinstance(value, enum.Enum) else value)
    raise errors.UnserializableActivationError(
        functools.partial(function, **{key: value}),
        f"keyword {key!r} is not a plain value",
        suggest_keywords(function, (key,)),
    )


def suggest_keywords(function: Function, keywords: Iterable[str]) -> str:
    """Return the code of a partial of *function* with *keywords*, whose plain values are left out."""
    given = ", ".join([function_label(function), *(f"{key}=..." for key in keywords)])
    return f"functools.partial({given})  # a number, a string, or a list of these"


def _write_known(function: Function, key: str, value: object, known: list[str]) -> str:
    """Return the code of a partial with the keyword of *function* that is most similar to *key*."""
    import difflib  # only mistakes need it

    label = function_label(function)
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.3)
    if near:
        return f"functools.partial({label}, {near[0]}={value!r})"
    return label


def function_label(function: object) -> str:
    """Return the public path of *function*, or its name, for messages."""
    found = find_function(function)
    return found.path if found is not None else getattr(function, "__name__", type(function).__name__)
