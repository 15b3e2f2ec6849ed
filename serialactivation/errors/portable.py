"""Errors and warnings that can be pickled and copied with any values in them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self, cast

__all__ = ["Portable", "Shown"]


class Shown(str):
    """Stands, in another process, for a value that cannot be unpickled there: the ``repr`` of that value."""

    __slots__ = ()
    __repr__ = str.__str__


class Portable:
    """An exception that can be pickled and copied with any values in it.

    In another process, a :class:`Shown` replaces each value that cannot be pickled, or unpickled there. A copy within
    the process holds the same values.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        args, attributes = _parts(self)
        packed = {name: _Packed(value) for name, value in attributes.items()}
        return _restore, (type(self), tuple(map(_Packed, args)), packed)

    def __copy__(self) -> Self:
        return cast("Self", _restore(type(self), *_parts(self)))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = memo[id(self)] = self.__copy__()
        return copied


def _parts(error: object) -> tuple[tuple[object, ...], dict[str, object]]:
    """Return an exception's arguments, and its attributes: those in slots, and those in its dict, notes included."""
    slots = {name for base in type(error).__mro__ for name in getattr(base, "__slots__", ())} - {"__weakref__"}
    attributes = {name: getattr(error, name) for name in sorted(slots) if hasattr(error, name)}
    return cast("BaseException", error).args, {**attributes, **vars(error)}


def _restore(kind: type[Any], args: tuple[object, ...], attributes: Mapping[str, object]) -> object:
    error = kind.__new__(kind, *args)
    for name, value in attributes.items():
        object.__setattr__(error, name, value)
    return error


class _Packed:
    """A value to pickle: it is unpickled as the value, with a :class:`Shown` for each part that cannot be."""

    __slots__ = ("_inside", "_value")

    def __init__(self, value: object, inside: frozenset[int] = frozenset()) -> None:
        self._value = value
        self._inside = inside  # ids of the lists, tuples and dicts around it

    def __reduce__(self) -> tuple[Any, ...]:
        value, inside = self._value, self._inside | {id(self._value)}
        if type(value) not in _CYCLES:
            return _pack(value)
        if id(value) in self._inside:
            return Shown, (_CYCLES[type(value)],)
        if isinstance(value, dict):
            return dict, ([(_Packed(key), _Packed(item, inside)) for key, item in value.items()],)
        return type(value), ([_Packed(item, inside) for item in cast("Sequence[object]", value)],)


def _pack(value: object) -> tuple[Any, ...]:
    import pickle  # few errors are pickled, and the import takes longer than that of all errors

    text = _show(value)
    try:
        return _unpack, (pickle.dumps(value), text)
    except _ANYTHING:
        return Shown, (text,)


def _unpack(data: bytes, text: str) -> object:
    import pickle

    try:
        return pickle.loads(data)
    except _ANYTHING:
        return Shown(text)


def _show(value: object) -> str:
    try:
        return repr(value)
    except _ANYTHING:
        return object.__repr__(value)


# What Python shows for a container that contains itself.
_CYCLES: Final[Mapping[type, str]] = {dict: "{...}", list: "[...]", tuple: "(...)"}

# Methods of other authors run here, and an error in one must not replace the error that is being pickled.
_ANYTHING: Final = Exception
