"""Errors and warnings that go to another process, and are copied, whatever they hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self, cast

__all__ = ["Portable", "Shown"]


class Shown(str):
    """What stands, in another process, for a value that cannot be there: its ``repr``, which shows as it did."""

    __slots__ = ()
    __repr__ = str.__str__


class Portable:
    """An exception that pickles and copies whatever it holds.

    In another process, what cannot be pickled, or not be read there, is a :class:`Shown`. A copy holds the same values.
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
    """Return an exception's arguments, and its attributes: in slots and in its dict, which has its notes."""
    slots = {name for base in type(error).__mro__ for name in getattr(base, "__slots__", ())} - {"__weakref__"}
    attributes = {name: getattr(error, name) for name in sorted(slots) if hasattr(error, name)}
    return cast("BaseException", error).args, {**attributes, **vars(error)}


def _restore(kind: type[Any], args: tuple[object, ...], attributes: Mapping[str, object]) -> object:
    error = kind.__new__(kind, *args)
    for name, value in attributes.items():
        object.__setattr__(error, name, value)
    return error


class _Packed:
    """A value on its way to another process; what arrives is the value, or a :class:`Shown` for it, or in it."""

    __slots__ = ("_inside", "_value")

    def __init__(self, value: object, inside: frozenset[int] = frozenset()) -> None:
        self._value = value
        self._inside = inside  # ids of the lists, tuples and dicts that it stands in

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
    import pickle  # few errors are pickled, and to import it takes a command longer than all errors

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


# What Python shows for one that stands in itself.
_CYCLES: Final[Mapping[type, str]] = {dict: "{...}", list: "[...]", tuple: "(...)"}

# Other people's methods run here, and none of their errors may take the place of the one that is told of.
_ANYTHING: Final = Exception
