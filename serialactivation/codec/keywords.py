"""The keywords that a function is given beside the tensor: which it has, and their values, plain."""

import enum
import functools
import inspect
from collections.abc import Iterable, Mapping
from typing import Final

from serialactivation import errors
from serialactivation.catalog.forms import mark_tuples
from serialactivation.codec.libraries import find_function
from serialactivation.typing import Config, Function

__all__ = ["function_label", "keyword_names", "read_keywords", "write_keywords", "write_plain_keywords"]


_PLAIN: Final = (bool, int, float, str)


def write_keywords(keywords: Mapping[str, object]) -> Config:
    """Return what :func:`read_keywords` returned as JSON, its tuples marked."""
    return {key: mark_tuples(value) for key, value in keywords.items()}


def read_keywords(function: Function, keywords: Mapping[str, object]) -> dict[str, object]:
    """Return *keywords* as plain values; NumPy's scalars become Python's.

    Raises:
        UnserializableActivationError: A keyword is none of *function*'s, or its value is not plain.
    """
    known = keyword_names(function)
    read: dict[str, object] = {}
    for key, value in keywords.items():
        if known is not None and key not in known:
            raise errors.UnserializableActivationError(
                functools.partial(function, **keywords),
                f"{function_label(function)} has no keyword {key!r}, but {', '.join(known) or 'none'}",
                _write_known(function, key, value, known),
            )
        read[key] = _read_value(function, key, value)
    return read


def keyword_names(function: Function) -> list[str] | None:
    """Return the keywords after the tensor, or None where the function does not tell or takes any."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        found = find_function(function)  # PyTorch's built-in functions do not tell; the catalog does
        return None if found is None else list(found.defaults)
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters[1:]]


def _read_value(function: Function, key: str, value: object) -> object:
    if value is None or type(value) in _PLAIN:
        return value
    if type(value) is list or type(value) is tuple:
        return type(value)(_read_value(function, key, item) for item in value)
    item = getattr(value, "item", None)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 and item is not None:
        return _read_value(function, key, item())
    plain = next((kind for kind in _PLAIN if isinstance(value, kind)), None)
    if plain is not None:  # a member of an IntEnum or a StrEnum, which would come back as the number or the string
        return plain.__call__(value.value if isinstance(value, enum.Enum) else value)
    raise errors.UnserializableActivationError(
        functools.partial(function, **{key: value}),
        f"keyword {key!r} is not a plain value",
        write_plain_keywords(function, (key,)),
    )


def write_plain_keywords(function: Function, keywords: Iterable[str]) -> str:
    """Return a partial of *function* with *keywords* whose values are left out: plain ones."""
    given = ", ".join([function_label(function), *(f"{key}=..." for key in keywords)])
    return f"functools.partial({given})  # a number, a string, or a list of these"


def _write_known(function: Function, key: str, value: object, known: list[str]) -> str:
    """Return a partial with a keyword that *function* has: the one that is most like *key*."""
    import difflib  # for mistakes alone

    label = function_label(function)
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.3)
    if near:
        return f"functools.partial({label}, {near[0]}={value!r})"
    return label


def function_label(function: object) -> str:
    """Return what messages call *function*: its public path, or its name."""
    found = find_function(function)
    return found.path if found is not None else getattr(function, "__name__", type(function).__name__)
